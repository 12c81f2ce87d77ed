"""Protobuf on the wire: fields around weights that are never copied into a message.

Graph files (.pb, .onnx) are protobuf messages. Building them through the protobuf library copies
each weight several times; but a message is only its fields one after the other, each a tag, a
length and its bytes. So the small fields come from the library, and the weights go straight from
NumPy to the file. Source: protobuf.dev, "Encoding".
"""


def varint(number):
    """Encode a non-negative integer in base 128, the low digits first."""
    digits = bytearray()
    while number > 0x7F:
        digits.append(number & 0x7F | 0x80)
        number >>= 7
    digits.append(number)
    return bytes(digits)


def field(number, *pieces):
    """Wrap byte pieces as field `number` of kind "length-delimited": a list of pieces.

    Pieces are bytes or contiguous arrays; they are kept as they are.

    Example: `b"".join(field(1, b"input")) == b"\\x0a\\x05input"`.
    """
    return [varint(number << 3 | 2) + varint(size(pieces)), *pieces]


def size(pieces):
    """The number of bytes in a list of pieces."""
    return sum(piece.nbytes if hasattr(piece, "nbytes") else len(piece) for piece in pieces)


def write(path, pieces):
    """Write pieces to a file, one after the other."""
    with open(path, "wb") as file:
        for piece in pieces:
            file.write(piece.reshape(-1).view("uint8") if hasattr(piece, "nbytes") else piece)
