"""Build the graded assignments: three notebooks a lab from its one source in notebooks/assignments.

    python tools/build_course.py                 # course/: English
    python tools/build_course.py --language ko   # course_ko/: Korean
    python tools/build_course.py 05 --to DIR     # one lab, elsewhere

    source/lab05/lab05.ipynb    the teacher's: solutions, points, hidden tests; nbgrader starts from it
    student/lab05/lab05.ipynb   what students get: the same as nbgrader's release/
    clean/lab05/lab05.ipynb     code and headings only, for recall

The format of the sources is described in docs/teaching.md.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from build_notebooks import ROOT, SETUP, Refused, read_source, split_exercise, tomllib
from nbgrader import preprocessors
from nbgrader.utils import is_grade

from labs.classroom.assignment import Assignment
from labs.errors import LabsError
from labs.files import whole_file

SOURCES = ROOT / "notebooks" / "assignments"
FOLDERS = {"en": "course", "ko": "course_ko"}
MARKS = {
    "# solution": "### BEGIN SOLUTION",
    "# end solution": "### END SOLUTION",
    "# hidden": "### BEGIN HIDDEN TESTS",
    "# end hidden": "### END HIDDEN TESTS",
}
TITLE = {"en": "# Assignment {number} · {title}", "ko": "# 과제 {number} · {title}"}
CONFIG = '''"""nbgrader's settings of this course: run its commands in this folder."""

import os

c = get_config()
c.CourseDirectory.course_id = "vision_labs"
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.Execute.timeout = 120  # seconds a cell
'''
STUDENT_STEPS = (  # nbgrader's own, in the order of its generate_assignment; without its database
    preprocessors.LockCells,
    preprocessors.ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ComputeChecksums,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
)


def teacher(source, language):
    """The notebook that nbgrader calls the source: solutions, points and hidden tests, all marked."""
    name = f"lab{source.name[:2]}"
    title = TITLE[language].format(number=source.name[:2], title=_in(language, source.front["title"]))
    cells = [nbformat.v4.new_markdown_cell(title), _setup(language)]
    for number, (kind, content, tags) in enumerate(source.cells):
        if kind == "prose":
            cells.append(nbformat.v4.new_markdown_cell(content[language]))
        elif "exercise" in tags:
            split_exercise(content, source.name)
            cells.append(_code(content, _question(tags), solution=True))
        elif "test" in tags:
            cells.append(_code(content, f"test_{_question(tags)}", locked=True, points=_points(tags)))
        else:
            cells.append(_code(content, f"given_{number}", locked=True))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02}"
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "labs": {"assignment": name, "language": language},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def student(notebook):
    """The notebook for students: stubs for solutions, no hidden tests; made by nbgrader's preprocessors."""
    notebook = nbformat.from_dict(notebook)
    for step in STUDENT_STEPS:
        notebook, _ = step().preprocess(notebook, {})
    return notebook


def clean(notebook):
    """Code with its solutions, and headings; no prose, no tests, no marks."""
    notebook, kept = nbformat.from_dict(notebook), []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = "\n".join(re.findall(r"^#+ .*$", cell.source, re.MULTILINE))
        elif is_grade(cell):
            continue
        else:
            cell.source = "\n".join(
                line for line in cell.source.splitlines() if not line.strip().startswith("###")
            )
        cell.metadata.pop("nbgrader", None)
        kept += [cell] if cell.source else []
    notebook.cells = kept
    return notebook


def _setup(language):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = SETUP.format(package=project["name"], repository=project["urls"]["Repository"]).splitlines()
    lines = lines[
        : next(i for i, line in enumerate(lines) if line.startswith("while"))
    ]  # stay in this folder
    lines.insert(4, f'os.environ["LABS_LANGUAGE"] = "{language}"')
    return _code("\n".join(lines), "setup", locked=True)


def _code(content, grade_id, solution=False, locked=False, points=None):
    """A code cell with nbgrader's metadata and its marks in place of ours."""
    lines = []
    for line in content.splitlines():
        mark = MARKS.get(line.strip())
        lines.append(line.replace(line.strip(), mark) if mark else line)
    cell = nbformat.v4.new_code_cell("\n".join(lines))
    about = {"grade_id": grade_id, "schema_version": 3, "task": False}
    about |= {"grade": points is not None, "solution": solution, "locked": locked}
    if points is not None:
        about["points"] = points
    cell.metadata["nbgrader"] = about
    cell.metadata["deletable"] = False
    return cell


def _question(tags):
    names = [tag for tag in tags if tag not in ("exercise", "test") and not tag.startswith("points:")]
    if len(names) != 1:
        raise Refused(f"a cell with the tags {tags} must name one question")
    return names[0]


def _points(tags):
    points = [int(tag.removeprefix("points:")) for tag in tags if re.fullmatch(r"points:[1-9]\d*", tag)]
    if len(points) != 1:
        raise Refused(f'a test with the tags {tags} must say its points: "points:2"')
    return points[0]


def _in(language, text):
    return text[language] if isinstance(text, dict) else text


def build(path, to, language):
    """Write the three notebooks of one source below the folder `to`; returns the teacher's path."""
    source = read_source(path)
    name = f"lab{source.name[:2]}"
    full = teacher(source, language)
    Assignment(full)  # refuses a question without a test, a test without a question
    for folder, notebook in (("source", full), ("student", student(full)), ("clean", clean(full))):
        nbformat.validate(notebook)
        with whole_file(to / folder / name / f"{name}.ipynb") as partial:
            partial.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    with whole_file(to / "nbgrader_config.py") as partial:
        partial.write_text(CONFIG, encoding="utf-8", newline="\n")
    return to / "source" / name / f"{name}.ipynb"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labs", nargs="*", metavar="NN", help="numbers of labs; all when none is given")
    parser.add_argument("--language", choices=FOLDERS, default="en")
    parser.add_argument("--to", type=Path, help="folder of the course; course or course_ko by default")
    options = parser.parse_args(arguments)
    paths = [p for p in sorted(SOURCES.glob("*.py")) if not options.labs or p.name[:2] in options.labs]
    if not paths:
        parser.error(
            f"no source in notebooks/assignments begins with {' or '.join(options.labs) or 'anything'}"
        )
    for path in paths:
        try:
            print(build(path, options.to or ROOT / FOLDERS[options.language], options.language))
        except LabsError as error:
            sys.exit(f"{path.name}: {error}")


if __name__ == "__main__":
    main()
