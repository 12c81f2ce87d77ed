"""The command `labs grade`."""

from pathlib import Path
from typing import Annotated

import typer

from labs.errors import LabsError


def grade(
    submissions: Annotated[Path, typer.Argument(help="Folder or zip of what the students handed in.")],
    out: Annotated[Path, typer.Option(help="The CSV: 학번, question, points, comment.")] = Path("grades.csv"),
    course: Annotated[Path, typer.Option(help="The folder that `make course` built.")] = Path("course"),
    lab: Annotated[str | None, typer.Option(help="Which lab, e.g. 05.")] = None,
    language: Annotated[str | None, typer.Option(help="Of the comments: en or ko.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; a core each.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="A Dask cluster, e.g. tcp://10.0.0.1:8786.")] = None,
    gradebook: Annotated[bool, typer.Option(help="Enter the points into nbgrader's gradebook too.")] = False,
    unprotected: Annotated[bool, typer.Option(help="Grade even where nothing protects your files.")] = False,
    seconds: Annotated[float, typer.Option(min=1, help="Limit of a cell.")] = 60,
    total_seconds: Annotated[float, typer.Option(min=1, help="Limit of a submission.")] = 300,
    megabytes: Annotated[int, typer.Option(min=100, help="Limit of a submission's memory.")] = 3000,
):
    """Grade submissions safely: a CSV for you, a feedback page for each student."""
    try:
        from labs.classroom.grade import grade as grade_all
    except ModuleNotFoundError as error:
        raise LabsError(f"Grading needs {error.name}: pip install 'vision-labs[classroom]'.") from None
    from labs.classroom.report import printable
    from labs.classroom.sandbox import Limits

    if language not in (None, "en", "ko"):
        raise LabsError(f"There is no language {language!r}: choose en or ko.")
    limits = Limits(seconds, total_seconds, megabytes, unprotected=unprotected)
    results = grade_all(submissions, course, lab, out, language, jobs, scheduler, limits)
    if gradebook:
        from labs.classroom.gradebook import write

        write(results, results[0]["assignment"], course / "gradebook.db")
    for result in results:
        typer.echo(f"{printable(result['student']):>14}  {result['points']:5g} / {result['max']:g}")
    typer.echo(f"{len(results)} submissions: {out}, {out.with_name(out.stem)}_feedback/")
    if any(result["sandbox"] == "limits" for result in results):
        typer.echo(
            "WARNING: graded with limits only; your files and the network were not protected.", err=True
        )
