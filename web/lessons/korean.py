"""What Sphinx and its theme lack in Korean: a search that finds 합성곱 in 합성곱은, and the theme's words."""

import re

from sphinx.search.en import SearchEnglish

PARTS = re.compile(r"[가-힣]+|[^\W가-힣]+")


class SearchKorean(SearchEnglish):
    """Pairs of neighbouring syllables stand for words, since particles and endings grow onto Korean words.

    합성곱은 is found by 합성, 성곱 and 곱은, so 합성곱 asks for 합성 and 성곱. Lucene's CJK analyser does the same.
    Single syllables are kept too, for words such as 층. What is not Hangul is searched as in English.
    """

    lang = "ko"
    js_splitter_code = """
function splitQuery(query) {
  const parts = query.match(/[가-힣]+|[^가-힣\\s!-\\/:-@\\[-^`{-~]+/gu) ?? [];
  const pairs = (word) => [...word].slice(1).map((syllable, i) => word[i] + syllable);
  return parts.flatMap((part) => (/^[가-힣]{2,}$/.test(part) ? pairs(part) : [part]));
}
"""

    def split(self, text):
        return [term for part in PARTS.findall(text) for term in _terms(part)]


def _terms(part):
    if not "가" <= part[0] <= "힣":
        return [part]
    return [*part, *(part[i : i + 2] for i in range(len(part) - 1))]


# What the theme and the copy button say in English only: {built text: Korean}.
PAGES = {
    'aria-label="Toggle site navigation sidebar"': 'aria-label="차례 여닫기"',
    'aria-label="Toggle table of contents sidebar"': 'aria-label="이 쪽의 차례 여닫기"',
    'aria-label="Toggle Light / Dark / Auto color theme"': 'aria-label="밝은 화면, 어두운 화면, 기기 설정 바꾸기"',
    "<span>Back to top</span>": "<span>맨 위로</span>",
    "<span>Next</span>": "<span>다음</span>",
    "<span>Previous</span>": "<span>이전</span>",
    '<div class="title">Home</div>': '<div class="title">차례</div>',
    "Made with ": "만든 도구: ",
    "Skip to content": "본문으로 건너뛰기",
    "On this page": "이 쪽의 차례",
    'title="Link to this heading"': 'title="이 제목의 주소"',
    "<title>Light mode</title>": "<title>밝은 화면</title>",
    "<title>Dark mode</title>": "<title>어두운 화면</title>",
    "<title>Auto light/dark, in light mode</title>": "<title>기기 설정(지금 밝음)</title>",
    "<title>Auto light/dark, in dark mode</title>": "<title>기기 설정(지금 어두움)</title>",
    "<title>Contents</title>": "<title>차례</title>",
    "<title>Menu</title>": "<title>메뉴</title>",
    "<title>Expand</title>": "<title>펼치기</title>",
}
COPY_BUTTON = """  'ko': {
    'copy': '복사',
    'copy_to_clipboard': '클립보드로 복사',
    'copy_success': '복사했습니다',
    'copy_failure': '복사하지 못했습니다',
  },
"""
