"""A Hangul syllable taken apart into 초성, 중성 and 종성, and put together again.

Unicode lays the 11,172 syllables out as a table: 19 initials x 21 vowels x 28 finals (the first
final is "none"), so a syllable's place is a number with three digits (Unicode Standard, 3.12).
"""

from labs.errors import LabsError

INITIALS = tuple("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
VOWELS = tuple("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

FIRST, LAST = "가", "힣"


def split(syllable):
    """The initial, vowel and final (`""` for none) of one syllable, as compatibility jamo.

    Example: `split("한")` is `("ㅎ", "ㅏ", "ㄴ")`. Raises LabsError for anything but one syllable.
    """
    if len(syllable) != 1 or not FIRST <= syllable <= LAST:
        raise LabsError(f"{syllable!r} is not one Hangul syllable: give one of 가 to 힣.")
    rest, final = divmod(ord(syllable) - ord(FIRST), len(FINALS))
    initial, vowel = divmod(rest, len(VOWELS))
    return INITIALS[initial], VOWELS[vowel], FINALS[final]


def join(initial, vowel, final=""):
    """The syllable that the jamo make; the inverse of `split`.

    Example: `join("ㅎ", "ㅏ", "ㄴ")` is `"한"`. Raises LabsError when a jamo cannot stand there.
    """
    try:
        place = INITIALS.index(initial) * len(VOWELS) + VOWELS.index(vowel)
        return chr(ord(FIRST) + place * len(FINALS) + FINALS.index(final))
    except ValueError:
        raise LabsError(
            f"{initial!r}, {vowel!r}, {final!r} make no syllable: give 초성, 중성, 종성 in that order."
        ) from None


def differences(truth, guess):
    """The names of the parts in which two syllables differ: some of 초성, 중성, 종성.

    Example: `differences("배", "베")` is `["중성"]`.
    """
    parts = zip(("초성", "중성", "종성"), split(truth), split(guess), strict=True)
    return [name for name, one, other in parts if one != other]
