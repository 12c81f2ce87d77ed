"""What labs.check found: one row a runtime, shown as a table in a notebook and on a terminal."""

import html
import io
import json
import math
from dataclasses import asdict, dataclass

NO_ANSWER = ("cannot", "crashed", "hung")
WRONG_ANSWER = ("differs", "random")


@dataclass
class Row:
    """One runtime's answers beside Keras'.

    `status` is "ok", "differs", "random" (not the same answer twice), "crashed (SIGSEGV)", "hung",
    "cannot: why", "not installed: what" or "not exported". `expected` says that the card's notes
    announce the runtime's trouble. Numbers are None where there was no answer.
    """

    runtime: str
    title: str
    status: str = "ok"
    label: str | None = None  # of the first picture
    agree: int | None = None  # pictures with Keras' label ...
    pictures: int | None = None  # ... of so many
    difference: float | None = None  # largest, absolute
    relative: float | None = None  # largest, divided by the spread (max - min) of Keras' outputs
    same_twice: bool | None = None
    milliseconds: float | None = None  # one picture, median
    disk_mb: float | None = None
    memory_mb: float | None = None  # peak of the runtime's process, its libraries and neighbours included
    note: str = ""
    expected: bool = False

    @property
    def fails(self):
        """Whether this row makes the report not ok.

        A wrong answer always does. No answer does, unless the card's notes announce it. A runtime
        that is not installed and a format that was not exported do not.
        """
        return self.status.startswith(WRONG_ANSWER) or (
            self.status.startswith(NO_ANSWER) and not self.expected
        )


@dataclass
class Report:
    """The rows of a check; `ok` when no row fails and at least one runtime agrees with Keras.

    Example:
        report = labs.check("saved_models/mnist")
        assert report.ok, report
    """

    name: str
    rows: list
    tolerance: float

    @property
    def ok(self):
        """True when at least one runtime was compared and none fails (see Row.fails)."""
        return any(row.status == "ok" for row in self.rows) and not any(row.fails for row in self.rows)

    def to_dict(self):
        """The report as plain Python: name, ok, tolerance, rows."""
        rows = [{**asdict(row), "fails": row.fails} for row in self.rows]
        return {"name": self.name, "ok": self.ok, "tolerance": self.tolerance, "rows": rows}

    def to_json(self):
        """The report as JSON; a difference that is no number (NaN) is the text "nan"."""
        document = self.to_dict()
        for row in document["rows"]:
            for key in ("difference", "relative"):
                if row[key] is not None and not math.isfinite(row[key]):
                    row[key] = str(row[key])
        return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)

    def notes(self):
        """The sentences that stand below the table: (title, reason or remark)."""
        reasons = [(row.title, row.status.partition(": ")[2], row.note) for row in self.rows]
        return [(title, _clean("; ".join(filter(None, said)))) for title, *said in reasons if any(said)]

    def __rich__(self):
        from rich import box
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, title=Text(self._headline()), title_justify="left")
        for number, column in enumerate(COLUMNS):
            table.add_column(column, justify="right" if 1 < number < 8 else "left")
        for row in self.rows:
            style = "red" if row.fails else "" if row.status == "ok" else "dim"
            table.add_row(*map(Text, _cells(row)), style=style)
        return Group(table, *(Text(f"{title}: {note}") for title, note in self.notes()))

    def __repr__(self):
        from rich.console import Console

        text = io.StringIO()
        # force_jupyter: rich would else draw a second table into the notebook
        Console(file=text, width=130, color_system=None, force_jupyter=False).print(self)
        return "\n".join(line.rstrip() for line in text.getvalue().rstrip().splitlines())

    def _repr_html_(self):
        head = "".join(f"<th>{column}</th>" for column in COLUMNS)
        body = "".join(
            f'<tr style="{_style(row)}">'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(row))
            + "</tr>"
            for row in self.rows
        )
        notes = "".join(f"<li>{html.escape(title)}: {html.escape(note)}</li>" for title, note in self.notes())
        return (
            f"<p>{html.escape(self._headline())}</p><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>" + (f"<ul>{notes}</ul>" if notes else "")
        )

    def _headline(self):
        verdict = "every answer agrees with Keras" if self.ok else "NOT ok"
        return f"{_clean(self.name)}: {verdict} (tolerance {self.tolerance:g} of the outputs' spread)"


COLUMNS = ("Runtime", "Label", "Agree", "Difference", "/ spread", "ms", "Disk MB", "Memory MB", "Status")


def _cells(row):
    return (
        row.title,
        _clean(row.label or ""),
        "" if row.agree is None else f"{row.agree}/{row.pictures}",
        "" if row.difference is None else f"{row.difference:.1e}",
        "" if row.relative is None else f"{row.relative:.1e}",
        "" if row.milliseconds is None else f"{row.milliseconds:.2f}",
        "" if row.disk_mb is None else f"{row.disk_mb:.2f}",
        "" if row.memory_mb is None else f"{row.memory_mb:.0f}",
        _clean(row.status.partition(": ")[0]),  # the reason stands below the table
    )


def _style(row):
    """Red or faint; faint by opacity, which can be read on white and on black."""
    return "color:#c62828" if row.fails else "color:inherit" if row.status == "ok" else "opacity:.75"


def _clean(text):
    """Labels, notes and errors come from files: nothing in them may steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in str(text))
