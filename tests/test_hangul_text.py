"""Labels and jamo."""

import unicodedata

import pytest

from labs.errors import LabsError
from labs.hangul import jamo, labels


@pytest.mark.parametrize("count", labels.COUNTS)
def test_lists_have_the_length_they_say_and_each_syllable_once(count):
    syllables = labels.common(count)
    assert len(syllables) == len(set(syllables)) == count
    assert set(syllables) <= set(labels.common(2350))


def test_2350_is_ks_x_1001():
    assert all(len(syllable.encode("euc_kr")) == 2 for syllable in labels.common(2350))


def test_other_counts_are_refused():
    with pytest.raises(LabsError, match="256, 512 or 2350"):
        labels.common(300)


def test_own_list(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("\ufeff가\r\n나\r\n\r\n다\r\n", encoding="utf-8", newline="")
    assert labels.resolve(str(path)) == ("가", "나", "다")
    assert labels.resolve("가나") == ("가", "나")


@pytest.mark.parametrize(
    "text, says", [("가\nA\n", "line 2"), ("가\n나\n가\n", "line 3"), ("가\n", "at least two")]
)
def test_bad_lists_name_the_line(tmp_path, text, says):
    path = tmp_path / "mine.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LabsError, match=says):
        labels.read(path)


def test_every_syllable_splits_as_unicode_says_and_joins_again():
    for code in range(ord("가"), ord("힣") + 1):
        syllable = chr(code)
        initial, vowel, final = jamo.split(syllable)
        assert jamo.join(initial, vowel, final) == syllable
        assert len(unicodedata.normalize("NFD", syllable)) == 2 + bool(final)


def test_known_syllables():
    assert jamo.split("한") == ("ㅎ", "ㅏ", "ㄴ")
    assert jamo.split("의") == ("ㅇ", "ㅢ", "")
    assert jamo.differences("배", "베") == ["중성"]
    assert jamo.differences("각", "낙") == ["초성"]


@pytest.mark.parametrize("wrong", ["", "가나", "A", "ㄱ"])
def test_no_syllable_is_refused(wrong):
    with pytest.raises(LabsError):
        jamo.split(wrong)


def test_impossible_jamo_are_refused():
    with pytest.raises(LabsError):
        jamo.join("ㅏ", "ㄱ")
