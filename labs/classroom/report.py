"""What a grading leaves behind: one JSON a submission, one CSV for the teacher, one page for each student."""

import csv
import html
import json
import re

from labs.classroom.words import say
from labs.files import whole_file

COLUMNS = ("학번", "question", "points", "comment")
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }} td, th {{ border-bottom: 1px solid #ccc; padding: .4rem; text-align: left }}
td:nth-child(2) {{ white-space: nowrap }} .lost {{ background: #fff3e0 }}
pre {{ background: #f5f5f5; padding: 1rem; overflow: auto; max-height: 30rem }}
</style>
<h1>{title}</h1>
<p>{student}: <b>{points:g} / {max:g}</b></p>
<table><tr><th>{question}<th>{points_word}<th>{comment}</tr>
{rows}
</table>
{more}
</html>
"""


class Results:
    """The results folder of a grading: what is in it is never graded again.

    Example: `results.read(key)` is None before `results.write(key, result)`.
    """

    def __init__(self, folder):
        self.folder = folder

    def _path(self, student, key):
        return self.folder / f"{file_name(student)}-{key[:16]}.json"

    def read(self, student, key):
        """The result of a submission graded before, or None."""
        try:
            stored = json.loads(self._path(student, key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return stored["result"] if stored.get("key") == key else None

    def write(self, student, key, result):
        """Keep a result; the file appears whole or not at all."""
        with whole_file(self._path(student, key)) as partial:
            text = json.dumps({"key": key, "result": result}, ensure_ascii=False, indent=1)
            partial.write_text(text, encoding="utf-8")


def write_csv(results, path):
    """One row a question: 학번, question, points, comment; UTF-8 with the mark that Excel needs."""
    with whole_file(path) as partial, open(partial, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for result in results:
            for row in result["questions"]:
                cells = (result["student"], row["question"], f"{row['points']:g}", row["comment"])
                writer.writerow([_harmless(cell) for cell in cells])


def write_feedback(result, language, folder):
    """A student's page; everything that comes from the student is shown as text."""
    rows = "\n".join(
        f'<tr class="{"" if row["points"] == row["max"] else "lost"}"><td>{_text(row["question"])}'
        f"<td>{row['points']:g} / {row['max']:g}<td>{_text(row['comment'])}</tr>"
        for row in result["questions"]
    )
    more = ""
    if result["notes"]:
        notes = "".join(f"<li>{_text(note)}" for note in result["notes"])
        more += f"<h2>{say('notes', language)}</h2><ul>{notes}</ul>"
    if result["output"].strip():
        more += f"<h2>{say('output', language)}</h2><pre>{_text(result['output'])}</pre>"
    page = _PAGE.format(
        language=language,
        title=f"{say('feedback', language)} · {_text(result['assignment'])}",
        student=_text(result["student"]),
        points=result["points"],
        max=result["max"],
        question=say("question", language),
        points_word=say("points", language),
        comment=say("comment", language),
        rows=rows,
        more=more,
    )
    with whole_file(folder / f"{file_name(result['student'])}.html") as partial:
        partial.write_text(page, encoding="utf-8", newline="\n")


def file_name(student):
    """A student's number or name as part of a file name on every system."""
    return re.sub(r"[^\w.-]+", "_", student).strip(".") or "_"


def _text(value):
    return html.escape(printable(value))


def _harmless(cell):
    """A cell that Excel does not take for a formula."""
    text = printable(cell).replace("\n", " ")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def printable(value):
    """Letters and new lines only: what a student's program says may steer neither a terminal nor a page."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in str(value))
