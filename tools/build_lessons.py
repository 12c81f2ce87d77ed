"""Build the lessons as web pages, English and Korean, from the executed notebooks.

    python tools/build_lessons.py --out executed/lessons    # then: labs site --lessons executed/lessons

Runs in the environment of requirements-site.txt (`make site` makes it) and needs no network. docs/site.md says more.
"""

import argparse
import base64
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import yaml
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "web" / "lessons"
REPOSITORY = "https://github.com/vision-labs/vision-labs"
COLAB = REPOSITORY.replace("https://github.com/", "https://colab.research.google.com/github/")
FOLDERS = {"en": "notebooks", "ko": "notebooks/ko"}
GUIDES = {
    name: {"en": f"docs/{name}.md", "ko": f"docs/{name}.ko.md"} for name in ("teaching", "using", "measured")
}
COVER_WIDTH = 480
PROVEN = "05_mnist_export_pb"  # whose table stands on the first page

WORDS = {
    "en": {
        "name": "Vision Labs",
        "title": "Lessons",
        "lead": "Each lesson is a notebook that has been run: read it here, run it in Colab or on your own machine. "
        "Exercises come at the end, with their solutions folded.",
        "entry": "{minutes} minutes on two cores. You should see: {accuracy}.",
        "teachers": "For teachers and engineers",
        "here": "On this page",
        "search": "Search",
        "colab": "Open in Colab",
        "notebook": "Download the notebook",
        "run": "or on this machine:",
        "setup": "Set-up code",
        "setup_hide": "Hide the set-up code",
        "solution": "Show a solution",
        "solution_hide": "Hide the solution",
        "live": "The network runs in your browser.",
        "own": "Open it as a page of its own",
        "pages": {
            "draw": "Draw",
            "photo": "Photo",
            "camera": "Camera",
            "emoji": "Face to emoji",
            "search": "Search",
            "inside": "Inside",
            "detect": "Detect",
            "segment": "Segment",
            "scan": "Scan",
            "focus": "Refocusing",
            "listen": "Listen",
            "describe": "Describe",
            "read": "Read",
            "write": "Write",
            "enlarge": "Enlarge",
        },
    },
    "ko": {
        "name": "비전 실습실",
        "title": "수업",
        "lead": "수업마다 실행을 마친 노트북입니다. 여기서 읽고, Colab이나 여러분의 컴퓨터에서 직접 실행해 보세요. "
        "연습 문제는 끝에 있고, 풀이는 접혀 있습니다.",
        "entry": "코어 둘로 {minutes}분. 예상 결과: {accuracy}.",
        "teachers": "선생님과 개발자에게",
        "here": "이 쪽의 차례",
        "search": "검색",
        "colab": "Colab에서 열기",
        "notebook": "노트북 내려받기",
        "run": "내 컴퓨터에서:",
        "setup": "준비 코드",
        "setup_hide": "준비 코드 접기",
        "solution": "풀이 보기",
        "solution_hide": "풀이 접기",
        "live": "신경망은 이 브라우저 안에서 실행됩니다.",
        "own": "따로 열기",
        "pages": {
            "draw": "그리기",
            "photo": "사진",
            "camera": "카메라",
            "emoji": "표정 이모지",
            "search": "검색",
            "inside": "들여다보기",
            "detect": "검출",
            "segment": "분할",
            "scan": "스캔",
            "focus": "초점 다시 맞추기",
            "listen": "듣기",
            "describe": "설명",
            "read": "글 읽기",
            "write": "쓰기",
            "enlarge": "확대",
        },
    },
}


def front_matter(path):
    """The header of a notebook's source: a dictionary of title, minutes, data, accuracy, seed."""
    header = path.read_text(encoding="utf-8").split("# ---\n")[1]
    return yaml.safe_load("\n".join(line.removeprefix("#")[1:] for line in header.splitlines()))


def lessons():
    """[(name, header)] of every lesson, in the order of their numbers."""
    return [(path.stem, front_matter(path)) for path in sorted((ROOT / "notebooks" / "src").glob("*.py"))]


def in_language(value, language):
    return value[language] if isinstance(value, dict) else value


def lay_out(folder, language):
    """Write Sphinx' sources for one language: an index, the notebooks, the guides, and what is to be downloaded."""
    words = WORDS[language]
    downloads = folder / "extra" / "notebooks"
    downloads.mkdir(parents=True)
    for name, _ in lessons():
        source = ROOT / FOLDERS[language] / f"{name}.ipynb"
        shutil.copyfile(source, downloads / source.name)
        notebook = nbformat.read(source, as_version=4)
        nbformat.write(as_page(notebook, name, language), folder / source.name)
    shutil.copytree(ROOT / "docs" / "images", folder / "images")
    for name, files in GUIDES.items():
        text = (ROOT / files[language]).read_text(encoding="utf-8")
        (folder / f"{name}.md").write_text(guide(text, files[language]), encoding="utf-8")
    (folder / "index.md").write_text(index(words, language), encoding="utf-8")


def index(words, language):
    """The first page: a list of the lessons, and the order that previous and next follow."""
    entries = []
    for name, front in lessons():
        values = {key: in_language(value, language) for key, value in front.items()}
        entries += [
            f"**{name.partition('_')[0]}** · [{values['title']}]({name}.ipynb)\\",
            words["entry"].format(**values),
            "",
        ]
    tree = ["```{toctree}", ":hidden:", ":maxdepth: 1", "", *(name for name, _ in lessons()), "```"]
    guides = ["```{toctree}", ":hidden:", f":caption: {words['teachers']}", "", *GUIDES, "```"]
    return "\n".join([f"# {words['title']}", "", words["lead"], "", *entries, *tree, "", *guides, ""])


def as_page(notebook, name, language):
    """The notebook as the page shows it: ways to run it on top, set-up and solutions folded, live parts in place."""
    words = WORDS[language]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_live_parts(cell.source, language)
            continue
        tags = cell.metadata.get("tags", [])
        cell.metadata.pop("jupyter", None)
        if "unpublished" in tags:
            cell.outputs = [part for output in cell.outputs for part in with_sentence(output, language)]
        if "setup" in tags:
            fold(cell, "hide-input", words["setup"], words["setup_hide"])
        if "exercise" in tags:
            marks = ("# solution", "# end solution")
            cell.source = "\n".join(line for line in cell.source.splitlines() if line.strip() not in marks)
            fold(cell, "hide-cell", words["solution"], words["solution_hide"])
    head = notebook.cells[0].source.splitlines()
    badge = next(i for i, line in enumerate(head) if line.startswith("[![") and "colab" in line)
    head[badge] = ways(name, language)
    notebook.cells[0].source = "\n".join(head)
    return notebook


WITHHELD = {
    "en": "(These photographs may not",
    "ko": "(이 사진은 공개할 수",
}  # so begin tools/build_notebooks.py's sentences


def with_sentence(output, language):
    """An output of a cell whose photographs are withheld: what was printed, and the sentence about that as text of the page."""
    if "text" not in output:
        return [output]
    printed, said = [], []
    for line in output.text.splitlines(keepends=True):
        if not line.startswith(tuple(WITHHELD.values())):
            printed.append(line)
        elif line.startswith(WITHHELD[language]):
            said.append(line)
    output.text = "".join(printed)
    sentence = nbformat.v4.new_output("display_data", {"text/markdown": "".join(said)})
    return [output] * bool(printed) + [sentence] * bool(said)


def fold(cell, tag, show, hide):
    cell.metadata["tags"] = [*cell.metadata["tags"], tag]
    cell.metadata["mystnb"] = {"code_prompt_show": show, "code_prompt_hide": hide}


def ways(name, language):
    """The line under a lesson's title: how to run it."""
    words, number = WORDS[language], name.partition("_")[0]
    colab = f"{COLAB}/blob/main/{FOLDERS[language]}/{name}.ipynb"
    return (
        f'<p class="ways"><a href="{colab}">{words["colab"]}</a> '
        f'<a href="notebooks/{name}.ipynb" download>{words["notebook"]}</a> '
        f"<span>{words['run']} <code>labs run {number}</code></span></p>"
    )


def with_live_parts(text, language):
    """Turn `<!-- live: draw mnist -->` (a page of the site and its model) into that page; Jupyter shows nothing there."""
    words = WORDS[language]

    def frame(match):
        page, model = match.groups()
        query = f"language={language}" + (f"&model={model}" if model else "")
        title = html.escape(words["pages"][page])
        return (
            f'<iframe class="live" loading="lazy" title="{title}" src="../{page}.html?embed&{query}"></iframe>\n'
            f'<p>{words["live"]} <a href="../{page}.html?{query}">{words["own"]}</a></p>'
        )

    return re.sub(r"<!-- live: (\w+)(?: (\w+))? -->", frame, text)


def guide(text, place):
    """A guide from docs/: the link to its twin goes (every page has one), links to other files lead to the repository."""
    text = re.sub(r"(?m)^\[(한국어|English)\]\([\w.]+\)\n\n", "", text)

    def absolute(match):
        target = os.path.normpath(Path(place).parent / match.group(1))
        name = Path(target).name.partition(".")[0]
        if name in GUIDES and Path(target).suffix == ".md":
            return f"]({name}.md)"
        if Path(target).parent.name == "images":
            return match.group(0)
        return f"]({REPOSITORY}/blob/main/{Path(target).as_posix()})"

    return re.sub(r"\]\((?!https?://|#)([^)]+)\)", absolute, text)


def run_sphinx(sources, out, language):
    """Sphinx over the laid-out sources; a warning, such as a broken link, ends the build."""
    settings = {
        "language": language,
        "html_title": WORDS[language]["name"],
        "html_extra_path": str(sources / "extra"),
        "exclude_patterns": "extra",
    }
    define = [part for key, value in settings.items() for part in ("-D", f"{key}={value}")]
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        "-c",
        str(CONFIG),
        *define,
    ]
    with tempfile.TemporaryDirectory() as trees:
        done = subprocess.run([*command, "-d", trees, str(sources), str(out)])
    if done.returncode:
        sys.exit(f"Sphinx found fault with the {language} lessons; its warnings stand above.")


# What keeps people with a keyboard or a screen reader out of the theme's pages: {built text: better}.
MENDED = {
    'role="heading">': 'role="heading" aria-level="2">',
    '<div class="highlight"><pre>': '<div class="highlight"><pre tabindex="0">',  # wide code scrolls by keyboard
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    ' aria-label="Toggle hidden content"': "",  # the words beside it say it better
    '<aside class="announcement-content">': '<aside class="announcement-content" aria-label="{name}">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="{title}">',
    '<aside class="toc-drawer': '<aside aria-label="{here}" class="toc-drawer',
    '<div id="search-results">': '<h1>{search}</h1><div id="search-results">',
}


def finish(out, language):
    """Mend what shuts people out, and say in Korean what the theme says in English.

    Refuses when the theme has changed its words, since then nothing would be mended.
    """
    sys.path.insert(0, str(CONFIG))
    from korean import COPY_BUTTON, PAGES

    changes = {built: better.format(**WORDS[language]) for built, better in MENDED.items()}
    if language == "ko":
        changes |= PAGES
        script = out / "_static" / "copybutton.js"
        text = script.read_text(encoding="utf-8")
        text = text.replace("const messages = {\n", "const messages = {\n" + COPY_BUTTON, 1)
        script.write_text(text, encoding="utf-8", newline="\n")
    unseen = set(changes)
    for path in out.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        unseen -= {built for built in changes if built in text}
        for built, better in changes.items():
            text = text.replace(built, better)
        path.write_text(text, encoding="utf-8", newline="\n")
    if unseen:
        sys.exit(f"The theme no longer says {sorted(unseen)}: mend web/lessons/korean.py or MENDED.")


def cover(notebook):
    """The figure of the cell tagged `cover`, else the lesson's first; None for a lesson without one."""
    figures = [
        ("cover" in cell.metadata.get("tags", []), output.data["image/png"])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    if not figures:
        return None
    _, data = max(figures, key=lambda figure: figure[0])  # the first of those that are greatest
    picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
    picture = picture.crop(ImageOps.invert(picture).getbbox())  # without the white border
    return picture.crop(
        (0, 0, min(picture.width, 2 * picture.height), picture.height)
    )  # a row's first pictures


def list_lessons(out):
    """Write lessons.json, with the proof of lab 05, and a small picture each: what the site's first page shows."""
    (out / "covers").mkdir()
    listed = []
    for name, front in lessons():
        entry = {"name": name, "number": name.partition("_")[0]}
        entry |= {
            key: {language: str(in_language(front[key], language)) for language in WORDS}
            for key in ("title", "minutes", "data", "accuracy")
        }
        picture = cover(nbformat.read(ROOT / FOLDERS["en"] / f"{name}.ipynb", as_version=4))
        if picture:
            picture.thumbnail((COVER_WIDTH, COVER_WIDTH))
            picture.save(out / "covers" / f"{name}.webp", quality=80)
            entry["cover"] = {"file": f"covers/{name}.webp", "width": picture.width, "height": picture.height}
        listed.append(entry)
    notebook = nbformat.read(ROOT / FOLDERS["en"] / f"{PROVEN}.ipynb", as_version=4)
    document = {"lessons": listed, "proof": proof(notebook)}
    (out / "lessons.json").write_text(
        json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def proof(notebook):
    """The rows of the table that labs.check has printed in a notebook: runtime, agreement, difference, time, verdict."""
    tables = [
        output.data["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "every answer agrees" in output.get("data", {}).get("text/html", "")
    ]
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr style.*?</tr>", tables[0])]
    names = ("runtime", "label", "agree", "difference", "relative", "ms", "disk", "memory", "status")
    return [dict(zip(names, map(html.unescape, row), strict=True)) for row in rows]


def build(out):
    """All of it, into a fresh folder `out`; a folder of anything else stays as it is."""
    if out.is_dir() and any(out.iterdir()) and not (out / "en").is_dir():
        sys.exit(f"{out} holds something that this command has not made: choose another folder with --out.")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        for language in WORDS:
            sources = Path(folder) / language
            sources.mkdir()
            lay_out(sources, language)
            run_sphinx(sources, Path(folder) / "html" / language, language)
            shutil.copytree(Path(folder) / "html" / language, out / language)
    for language in WORDS:
        finish(out / language, language)
        shutil.rmtree(out / language / "_sources", ignore_errors=True)
        (out / language / "objects.inv").unlink(missing_ok=True)  # for other Sphinx projects
    list_lessons(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "executed" / "lessons", help="replaced as a whole")
    build(parser.parse_args().out.resolve())
