"""Build the English and the Korean notebook of a lab from its one source in notebooks/src.

    python tools/build_notebooks.py                # after a change of prose: outputs are kept
    python tools/build_notebooks.py 05 --execute   # after a change of code: run it, keep what it shows
    python tools/build_notebooks.py 01 --stand-ins # draw anew what stands in for photographs that may not be published
    python tools/build_notebooks.py --check        # does every notebook equal its source? (no execution)

The source format is described in docs/notebooks.md.
"""

import argparse
import base64
import io
import os
import re
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
import yaml
from PIL import Image

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # `labs` of this checkout, installed or not

from labs.errors import LabsError  # noqa: E402
from labs.profile import current  # noqa: E402
from labs.run import execute as run_cells  # noqa: E402

SOURCES = ROOT / "notebooks" / "src"
FOLDERS = {"en": ROOT / "notebooks", "ko": ROOT / "notebooks" / "ko"}

LESSON_CELLS = range(12, 31)  # code cells apart from the setup and the exercises; 12 to 25 are usual
MEDIAN_LINES, MOST_LINES = 5, 20
MOST_BYTES = 1_500_000

HEADER = {
    "en": """# Lab {number} · {title}

[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab}) · [한국어]({twin})

| Time on a 2-core CPU | Data | Expect | Seed |
|---|---|---|---|
| {minutes} minutes | {data} | {accuracy} | {seed} |""",
    "ko": """# 실습 {number} · {title}

[![Colab에서 열기](https://colab.research.google.com/assets/colab-badge.svg)]({colab}) · [English]({twin})

| 걸리는 시간 (CPU 코어 2개) | 데이터 | 예상 결과 | 시드 |
|---|---|---|---|
| {minutes}분 | {data} | {accuracy} | {seed} |""",
}

SETUP = """import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow keeps its start-up messages to itself
if "google.colab" in sys.modules:
    %pip install -q "{package} @ git+{repository}"
while os.path.basename(os.getcwd()) in ("ko", "notebooks"):
    os.chdir("..")  # saved_models/ lies beside notebooks/"""


class Refused(LabsError):
    """A source or a notebook that breaks a rule; the message says which and where."""


@dataclass(frozen=True)
class Source:
    """A parsed source: `front` is its YAML header, `cells` are [("code" | "prose", ...)] in order."""

    name: str
    front: dict
    cells: list


def read_source(path):
    """Parse a percent script; refuses prose without its twin and exercises without a solution."""
    script = jupytext.reads(Path(path).read_text(encoding="utf-8"), fmt="py:percent")
    front, *cells = script.cells
    if front.cell_type != "raw":
        raise Refused(f"{path}: begin with a header between two lines of `# ---`")
    parsed, rest = [], iter(cells)
    for cell in rest:
        where = f"{Path(path).name}, at {cell.source[:50]!r}"
        if cell.cell_type == "code":
            tags = cell.metadata.get("tags", [])
            if "exercise" in tags:
                split_exercise(cell.source, where)
            parsed.append(("code", cell.source, tags))
            continue
        twin = next(rest, None)
        languages = [part.metadata.get("lang") if part else None for part in (cell, twin)]
        if languages != ["en", "ko"]:
            raise Refused(f'{where}: a cell with lang="en" must be followed by its twin with lang="ko"')
        _compare_twins(cell.source, twin.source, where)
        parsed.append(("prose", {"en": cell.source, "ko": twin.source}, []))
    return Source(Path(path).stem, yaml.safe_load(front.source.strip("-\n")), parsed)


def split_exercise(code, where="exercise"):
    """Split an exercise's code at its marks: [(is_solution, lines), ...] in order."""
    parts, inside = [(False, [])], False
    for line in code.splitlines():
        mark = line.strip()
        if mark in ("# solution", "# end solution"):
            if inside == (mark == "# solution"):
                raise Refused(f"{where}: `{mark}` without its partner")
            inside = not inside
            parts.append((inside, []))
        else:
            parts[-1][1].append(line)
    if inside or not any(is_solution for is_solution, _ in parts):
        raise Refused(f"{where}: an exercise needs lines between `# solution` and `# end solution`")
    return [(is_solution, lines) for is_solution, lines in parts if lines]


def _compare_twins(english, korean, where):
    """The same headings and the same `code` in both: what drifts first in a translation."""
    for what, pattern, kind in (("headings", r"(?m)^#+(?= )", list), ("`code`", r"`[^`\n]+`", set)):
        one, two = (kind(re.findall(pattern, text)) for text in (english, korean))
        if one != two:
            raise Refused(f"{where}: {what} differ between the languages: {one} and {two}")


def build(source, language):
    """The notebook of `source` in one language, without outputs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    repository = project["urls"]["Repository"]
    cells = [
        nbformat.v4.new_markdown_cell(_header(source, language, repository)),
        nbformat.v4.new_code_cell(SETUP.format(package=project["name"], repository=repository)),
    ]
    cells[1].metadata["tags"] = ["setup"]
    for kind, content, tags in source.cells:
        if kind == "prose":
            cells.append(nbformat.v4.new_markdown_cell(content[language]))
            continue
        cell = nbformat.v4.new_code_cell(content)
        if tags:
            cell.metadata["tags"] = tags
        if "exercise" in tags:  # folded until the student asks for it, in JupyterLab and on Colab
            cell.metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
            cell.metadata["cellView"] = "form"
        cells.append(cell)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _header(source, language, repository):
    values = {key: text[language] if isinstance(text, dict) else text for key, text in source.front.items()}
    place = FOLDERS[language].relative_to(ROOT).as_posix()
    colab = repository.replace("https://github.com/", "https://colab.research.google.com/github/")
    return HEADER[language].format(
        number=source.name.partition("_")[0],
        colab=f"{colab}/blob/main/{place}/{source.name}.ipynb",
        twin=f"{'ko' if language == 'en' else '..'}/{source.name}.ipynb",
        **values,
    )


def execute(notebook):
    """Run the code cells in place, in the project's folder, with a progress line a cell."""
    profile = current().name
    os.chdir(ROOT)
    run_cells(notebook, profile)
    notebook.metadata["labs"] = {"profile": profile}
    notebook.metadata["language_info"] = {"name": "python"}  # without the exact version
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.pop("execution", None)  # the hour of day
            cell.outputs = [_in_256_colours(output) for output in _clean(cell.outputs)]
            if "unpublished" in cell.metadata.get("tags", []):
                cell.outputs = [_withheld(output) for output in cell.outputs]


WITHHELD = {  # stands in place of a figure, in both languages, since both notebooks show the same outputs
    "en": "(These photographs may not be published: run the cell to see them.{instead})",
    "ko": "(이 사진은 공개할 수 없습니다. 셀을 실행하면 보입니다.{instead})",
}
INSTEAD = {"en": " In their place: {what}.", "ko": " 대신 보이는 것: {what}."}


def _withheld(output):
    """The output, or a sentence in its place when it is a figure (of photographs without a licence)."""
    if "image/png" not in output.get("data", {}):
        return output
    text = "".join(f"{sentence.format(instead='')}\n" for sentence in WITHHELD.values())
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def stand_in(notebook, name):
    """Show the figures of tools/stand_ins.py where figures are withheld; what a cell has printed stays."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from stand_ins import FIGURES

    if name not in FIGURES:
        return
    cells = [cell for cell in notebook.cells if "unpublished" in cell.metadata.get("tags", [])]
    for cell, draw in zip(cells, FIGURES[name], strict=True):
        said = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        said = said.partition(WITHHELD["en"][:30])[0]
        what = dict(zip(WITHHELD, draw(), strict=True)) if draw else {}
        for language, sentence in WITHHELD.items():
            instead = INSTEAD[language].format(what=what[language]) if draw else ""
            said += f"{sentence.format(instead=instead)}\n"
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=said)]
        if draw:
            file = io.BytesIO()
            plt.savefig(file, bbox_inches="tight", dpi=80)
            plt.close("all")
            data = {"image/png": base64.b64encode(file.getvalue()).decode("ascii"), "text/plain": "stand-in"}
            cell.outputs.append(_in_256_colours(nbformat.v4.new_output("display_data", data)))


def _in_256_colours(output):
    """The output with its figure in a palette: a third of the bytes, and no difference to the eye."""
    if "image/png" in output.get("data", {}):
        picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).convert("RGB")
        file = io.BytesIO()
        picture.quantize(256).save(file, "PNG", optimize=True)
        output.data["image/png"] = base64.b64encode(file.getvalue()).decode("ascii")
    return output


def _clean(outputs):
    """Drop what goes to stderr (and say so here); refuse what only this machine can mean."""
    kept = []
    for output in outputs:
        if output.get("name") == "stderr":
            print("  dropped from stderr:", output.text.strip()[:200])
        elif output.get("name") == "stdout" and kept and kept[-1].get("name") == "stdout":
            kept[-1].text += output.text
        else:
            kept.append(output)
    texts = [text for output in kept for text in _texts(output)]
    private = [str(ROOT), sys.prefix, str(Path.home()), os.environ.get("LABS_DATA"), " at 0x"]
    for secret in private:
        if secret and any(secret in text for text in texts):
            raise Refused(f"an output says {secret!r}, which means nothing on another machine")
    return kept


def _texts(output):
    """What an output says in letters: a stream's text, or every representation but pictures."""
    if "text" in output:
        return [output.text]
    return [str(content) for kind, content in output.get("data", {}).items() if "image/" not in kind]


def copy_outputs(old, new):
    """Give `new` the outputs of `old`; False when their code differs."""
    before, after = ([c for c in nb.cells if c.cell_type == "code"] for nb in (old, new))
    if [c.source for c in before] != [c.source for c in after]:
        return False
    for one, two in zip(before, after, strict=True):
        two.outputs, two.execution_count = one.outputs, one.execution_count
    if "labs" in old.metadata:
        new.metadata["labs"] = old.metadata["labs"]
    return True


def shape_problems(source):
    """What is out of shape in the lesson's code cells, as sentences."""
    lesson = [content for kind, content, tags in source.cells if kind == "code" and "exercise" not in tags]
    lines = [sum(bool(line.strip()) for line in code.splitlines()) for code in lesson]
    problems = []
    if len(lesson) not in LESSON_CELLS:
        problems.append(f"{len(lesson)} code cells; {LESSON_CELLS[0]} to {LESSON_CELLS[-1]} are right")
    if statistics.median(lines) > MEDIAN_LINES:
        problems.append(f"the median code cell has {statistics.median(lines)} lines; at most {MEDIAN_LINES}")
    if max(lines) > MOST_LINES:
        problems.append(f"a code cell has {max(lines)} lines; at most {MOST_LINES}")
    if "TODO" in str((source.front, source.cells)):
        problems.append("a TODO is left: write what is to stand there")
    if f"set_random_seed({source.front['seed']})" not in "\n".join(lesson):
        problems.append(f"the header promises seed {source.front['seed']}, but no cell sets it")
    return problems


def drift_problems(source):
    """How the built notebooks differ from their source or from one another, as sentences."""
    problems, built, number = [], {}, source.name.partition("_")[0]
    for language, folder in FOLDERS.items():
        path = folder / f"{source.name}.ipynb"
        place = path.relative_to(ROOT).as_posix()
        if not path.exists():
            problems.append(f"{place} is missing: run tools/build_notebooks.py {number} --execute")
            continue
        built[language] = nbformat.read(path, as_version=4)
        fresh = build(source, language)
        if not copy_outputs(built[language], fresh) or fresh != built[language]:
            problems.append(f"{place} differs from its source: run tools/build_notebooks.py {number}")
        if built[language].metadata.get("labs") != {"profile": "full"}:
            problems.append(f"{place} does not show a run in the full profile")
        if path.stat().st_size > MOST_BYTES:
            problems.append(f"{place} has more than {MOST_BYTES:,} bytes: make its pictures smaller")
    outputs = [[cell.get("outputs") for cell in notebook.cells] for notebook in built.values()]
    if len(outputs) == 2 and outputs[0] != outputs[1]:
        problems.append(f"{source.name}: the two languages show different outputs")
    return problems


def write(source, run, draw=False):
    """Build both notebooks of a source; `run` executes the English one, else old outputs are kept.

    draw: make what stands in for withheld figures; done after every run.
    """
    english, korean = build(source, "en"), build(source, "ko")
    path = FOLDERS["en"] / f"{source.name}.ipynb"
    if run:
        execute(english)
    elif not path.exists() or not copy_outputs(nbformat.read(path, as_version=4), english):
        raise Refused(f"{source.name}: its code has changed: add --execute")
    if run or draw:
        stand_in(english, source.name)
    copy_outputs(english, korean)
    for folder, notebook in ((FOLDERS["en"], english), (FOLDERS["ko"], korean)):
        folder.mkdir(exist_ok=True)
        (folder / path.name).write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labs", nargs="*", metavar="NN", help="numbers of labs; all when none is given")
    parser.add_argument("--execute", action="store_true", help="run the code and keep what it shows")
    parser.add_argument("--check", action="store_true", help="only compare the notebooks with their sources")
    parser.add_argument(
        "--stand-ins", action="store_true", help="draw anew what stands in for withheld photographs"
    )
    options = parser.parse_args(arguments)
    paths = [
        p
        for p in sorted(SOURCES.glob("*.py"))
        if not options.labs or p.name.partition("_")[0] in options.labs
    ]
    if not paths:
        parser.error(f"no source in notebooks/src begins with {' or '.join(options.labs) or 'anything'}")
    problems = []
    for path in paths:
        try:
            source = read_source(path)
            if not options.check:
                print(f"{source.name}:", "executing" if options.execute else "building", flush=True)
                write(source, options.execute, options.stand_ins)
            problems += [f"{path.name}: {problem}" for problem in shape_problems(source)]
            problems += drift_problems(source)
        except LabsError as error:
            problems.append(str(error))
    print("\n".join(problems) or f"{len(paths)} source(s), every notebook in step.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
