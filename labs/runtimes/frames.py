"""The messages between check() and a runtime's child process: a JSON header and NumPy arrays.

A frame is 8 bytes of length, 4 bytes of header length, the header, and one .npy block an array.
Nothing is pickled.
"""

import io
import json
import struct

import numpy as np

_LENGTHS = struct.Struct("<QI")
_LARGEST = 8 << 30  # a child gone mad must not make us allocate the whole memory


def write(stream, header, arrays=None):
    """Write one frame: `header` is a dict for JSON, `arrays` a dict of NumPy arrays."""
    arrays = arrays or {}
    head = json.dumps({**header, "arrays": list(arrays)}).encode()
    blocks = io.BytesIO()
    for array in arrays.values():
        np.save(blocks, np.ascontiguousarray(array), allow_pickle=False)
    stream.write(_LENGTHS.pack(len(head) + blocks.tell(), len(head)))
    stream.write(head)
    stream.write(blocks.getbuffer())
    stream.flush()


def read(stream, largest=_LARGEST):
    """Read one frame of at most `largest` bytes: (header, arrays). EOFError when the other side has gone."""
    length, head_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if not head_length <= length <= largest:
        raise ValueError("a garbled message")
    header = json.loads(_exactly(stream, head_length))
    blocks = io.BytesIO(_exactly(stream, length - head_length))
    arrays = {name: np.load(blocks, allow_pickle=False) for name in header.pop("arrays")}
    return header, arrays


def _exactly(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("the other side has gone")
    return data
