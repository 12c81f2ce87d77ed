"""The lessons as web pages: complete, in both languages, every link good, nothing from another host."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest_plugins = ["site_browser"]
ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(path.stem for path in (ROOT / "notebooks" / "src").glob("*.py"))
LANGUAGES = {"en": ROOT / "notebooks", "ko": ROOT / "notebooks" / "ko"}
LATIN_WORDS = {
    "3.",
    "FCN-32s,",
    "16s,",
    "8s",
    "English",
    "Furo",
    "OpenCV",
    "DNN",
    "CNN",
    "MNIST",
    "Keras",
    "MobileNet",
    "CIFAR-10",
}


class Page(HTMLParser):
    """What a page asks for, where its links lead, and what it says outside the article."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.links, self.anchors, self.chrome, self.inside = [], [], set(), [], None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if self.inside is None and tag in ("article", "script", "style"):
            self.inside = tag
        self.anchors.add(given.get("id"))
        if "src" in given or (
            tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "prefetch")
        ):
            self.loads.append(given.get("src") or given["href"])
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        self.chrome += [given[name] for name in ("aria-label", "title", "placeholder") if given.get(name)]

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = None

    def handle_data(self, data):
        if self.inside is None and data.strip():
            self.chrome.append(data.strip())


@pytest.fixture(scope="module")
def pages(lessons):
    if lessons is None:
        pytest.skip("the lessons are not built: `make site` makes .venv-site with Sphinx for it")
    return {
        path: Page(path) for language in LANGUAGES for path in sorted((lessons / language).glob("*.html"))
    }


def test_every_notebook_is_a_page_in_both_languages(pages, lessons):
    listed = json.loads((lessons / "lessons.json").read_text(encoding="utf-8"))["lessons"]
    assert [lesson["name"] for lesson in listed] == NAMES
    for lesson in listed:
        assert (lessons / lesson["cover"]["file"]).stat().st_size < 60_000
    for language, folder in LANGUAGES.items():
        for name in NAMES:
            assert lessons / language / f"{name}.html" in pages
            notebook = lessons / language / "notebooks" / f"{name}.ipynb"
            assert notebook.read_bytes() == (folder / f"{name}.ipynb").read_bytes()


def test_nothing_comes_from_another_host(pages, lessons):
    assert [load for page in pages.values() for load in page.loads if urlsplit(load).netloc] == []
    sheets = [path.read_text(encoding="utf-8") for path in lessons.rglob("*.css")]
    assert [
        found
        for sheet in sheets
        for found in re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\s]*", sheet)
    ] == []


def test_every_link_leads_somewhere(pages):
    broken = []
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            public = ROOT / "web" / "public" / target.name  # the pages beside the lessons, from `labs site`
            found = target.is_file() or (target.parent == path.parent.parent and public.is_file())
            anchors = pages[target].anchors if target in pages else {parts.fragment}
            if not found or (parts.fragment and parts.fragment not in anchors):
                broken.append((path.name, link))
    assert broken == []


def test_solutions_are_folded(pages, lessons):
    for name in NAMES:
        text = (lessons / "ko" / f"{name}.html").read_text(encoding="utf-8")
        source = (ROOT / "notebooks" / "src" / f"{name}.py").read_text(encoding="utf-8")
        assert text.count("풀이 보기") == source.count('"exercise"'), name
        assert "# end solution" not in text


def test_korean_pages_are_korean(pages):
    words = {word for path, page in pages.items() if path.parent.name == "ko" for word in page.chrome}
    english = {word for word in words if not re.search("[가-힣]", word) and re.search("[A-Za-z]{2}", word)}
    assert {word for word in english if not set(word.split()) <= LATIN_WORDS} == set()


def test_a_lesson_is_light(pages):
    for path, page in pages.items():
        loads = [load for load in page.loads if not load.startswith("data:")]  # those are in the page itself
        files = {(path.parent / urlsplit(load).path).resolve() for load in loads}
        weight = path.stat().st_size + sum(file.stat().st_size for file in files if file.is_file())
        assert weight < 1_500_000, (path.name, weight)


@pytest.mark.parametrize(
    "place, wanted", [("ko/search.html?q=합성곱", "CIFAR-10"), ("en/search.html?q=augmentation", "Cats")]
)
def test_words_are_found(pages, page, place, wanted):
    page.open(place, ready=False)
    page.wait(f"document.getElementById('search-results').textContent.includes('{wanted}')")


def test_a_live_part_wakes_when_it_comes_into_view(pages, page):
    page.open("ko/05_mnist_export_pb.html", ready=False)
    frame = page.driver.find_element("css selector", "iframe.live")
    asked = "performance.getEntriesByType('resource').some((entry) => entry.name.includes('embed'))"
    assert not page.driver.execute_script(f"return {asked}")
    page.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", frame)
    page.wait(asked)
    page.driver.switch_to.frame(frame)
    page.wait("document.body.dataset.ready === 'mnist wasm'")
    assert page.driver.find_elements("css selector", "header a") == []
    assert "숫자" in page.text("task")
    page.driver.switch_to.default_content()


def test_a_lesson_in_the_dark_has_its_live_part_in_the_dark(pages, page):
    page.show_in("light")
    page.open("en/05_mnist_export_pb.html", ready=False)
    frame = page.driver.find_element("css selector", "iframe.live")
    page.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", frame)
    inside = "document.querySelector('iframe.live').contentWindow"
    colour = f"{inside}.getComputedStyle({inside}.document.body).backgroundColor"
    page.wait(f"{inside}.document.body?.dataset.ready")
    light = page.driver.execute_script(f"return {colour}")
    try:
        page.wait("document.body.dataset.theme === 'dark' || document.querySelector('.theme-toggle').click()")
        page.wait(f"{colour} === 'rgb(20, 19, 28)'")
        assert light == "rgb(247, 247, 251)"
    finally:
        page.driver.execute_script("localStorage.removeItem('theme')")


def faults_of_every_page(page, axe, names, scheme, width):
    """What axe finds on pages of one kind, light or dark, on a desk or a phone: {page: faults}."""
    page.show_in(scheme)
    page.driver.set_window_size(width, 1000)
    found = {}
    try:
        for name in names:
            page.open(name, ready=False)
            if "/" not in name:
                page.wait("document.body.dataset.ready || document.getElementById('fault')?.textContent")
            if faults := page.faults(axe):
                found[name] = faults
    finally:
        page.driver.set_window_size(1000, 1000)
    return found


@pytest.mark.timeout(900)  # three dozen long pages, one after another
@pytest.mark.parametrize("scheme, width", [("light", 1000), ("dark", 500)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_serious_fault_in_any_lesson(pages, page, axe, language, scheme, width):
    names = [f"{language}/{path.name}" for path in pages if path.parent.name == language]
    assert faults_of_every_page(page, axe, names, scheme, width) == {}


@pytest.mark.parametrize("scheme, width", [("dark", 1000), ("light", 500)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_serious_fault_in_any_page(page, folder, axe, language, scheme, width):
    names = [f"{path.name}?language={language}" for path in sorted(folder.glob("*.html"))]
    assert faults_of_every_page(page, axe, names, scheme, width) == {}
