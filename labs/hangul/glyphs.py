"""The letters of a face as pictures, drawn once, from which lines and pages are put together."""

import numpy as np

from labs.hangul.fonts import open_face

INK = 44  # pixels: the height of a typical syllable when its glyph is drawn
BASE, TALL = 76, 116  # pixels: where the letters stand in the picture they are put together in, its height


class Glyphs:
    """The letters of one face: their pictures, and where they stand on the line."""

    def __init__(self, face, letters):
        """Draw them, about a third of a second for 2,445; a letter that the face lacks is left out."""
        self.face = face
        nothing = bytes(open_face(face, 24).getmask("\uffff"))  # what stands for letters that are not there
        letters = [x for x in letters if x == " " or bytes(open_face(face, 24).getmask(x)) != nothing]
        font = open_face(face, _points(face, letters))
        self.pictures = {letter: _draw(font, letter) for letter in letters}

    def draws(self, text):
        """Whether the face has every letter of the text."""
        return all(letter in self.pictures for letter in text)


def _points(face, letters):
    """The font size at which a typical syllable, or a capital, has the height wanted."""
    syllables = [letter for letter in letters if "가" <= letter <= "힣"][::97]
    sample, wanted = (syllables, INK) if syllables else ("HEBDK", 0.78 * INK)
    boxes = [open_face(face, 100).getbbox(letter) for letter in sample]
    return max(8, round(100 * wanted / float(np.median([box[3] - box[1] for box in boxes]))))


def _draw(font, letter):
    """The ink (uint8), its left and top against the point where the letter stands, and its advance."""
    mask, (left, top) = font.getmask2(letter, mode="L", anchor="ls")
    ink = np.asarray(mask, np.uint8).reshape(mask.size[::-1])
    if left < 0 or top < -BASE or top + len(ink) > TALL - BASE:  # a brush's stroke may reach far
        cut = max(0, -BASE - top)
        ink, top = ink[cut : TALL - BASE - top], top + cut
    return ink, int(left), int(top), max(1, round(font.getlength(letter)))


def moved_apart(ink, gap):
    """A syllable whose left and right parts have so many pixels more between them, where a column there is empty."""
    wide = ink.shape[1]
    empty = np.flatnonzero(ink[:, wide // 4 : 7 * wide // 8].max(axis=0, initial=0) < 60) + wide // 4
    if not len(empty):
        return ink
    middle = empty[len(empty) // 2]
    return np.concatenate([ink[:, :middle], np.zeros((len(ink), gap), np.uint8), ink[:, middle:]], axis=1)
