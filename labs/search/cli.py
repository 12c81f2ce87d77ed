"""`labs search FOLDER QUERY`: the pictures of a folder that are most like one picture."""

import enum
import hashlib
from pathlib import Path
from typing import Annotated

import typer


class By(str, enum.Enum):
    """What makes two pictures alike."""

    features = "features"
    histogram = "histogram"


def search(
    folder: Annotated[Path, typer.Argument(help="A folder of pictures, searched with all below it.")],
    query: Annotated[Path, typer.Argument(help="The picture to compare with.")],
    by: Annotated[By, typer.Option(help="What a network sees, or colours alone.")] = By.features,
    top: Annotated[int, typer.Option(min=1, help="How many answers.")] = 10,
    index: Annotated[Path | None, typer.Option(help="File of the index; in the cache by default.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write the answers as a page with the pictures.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON in place of a table.")] = False,
):
    """Find the pictures of a folder that are most like one; the first search reads them, later ones only what is new."""
    from dataclasses import asdict
    from json import dumps

    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    from labs.data.photos import decode, read_file
    from labs.errors import BadImage, DataUnavailable, LabsError
    from labs.search import folder as folders
    from labs.search import sheet
    from labs.search.describers import ByFeatures, ByHistogram

    try:
        picture = decode(read_file(query))
    except BadImage as reason:
        raise LabsError(f"{query} cannot be read ({reason}): give a JPEG, PNG, GIF, BMP or WebP.") from None
    try:
        describe = ByHistogram() if by is By.histogram else ByFeatures()
    except DataUnavailable as error:
        raise DataUnavailable(f"{error} Or search by colours, with --by histogram.") from error
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("reading pictures", total=None)
        known, work = folders.update(
            folder,
            index or default_index(folder, by.value),
            describe,
            lambda done, total: progress.update(bar, completed=done, total=total),
        )
    row = describe.rows([describe.look(picture)])[0]
    answers = [(known.names[number], score) for number, score in describe.nearest(known.rows, row, top)]
    if html:
        sheet.write(html, f"{query.name} in {folder} by {by.value}", query, Path(known.folder), answers)
    if json:
        reasons = {name: reason for name, (_, _, reason) in known.dropped.items()}
        found = [{"name": name, "score": score} for name, score in answers]
        document = {"pictures": len(known.names), **asdict(work), "unreadable": reasons, "answers": found}
        return typer.echo(dumps(document, indent=2))
    typer.echo(
        f"{len(known.names):,} pictures: {work.read:,} read, {work.kept:,} as before, {work.gone:,} gone, "
        f"{len(known.dropped):,} unreadable"
    )
    for name, (_, _, reason) in sorted(known.dropped.items())[:20]:
        typer.echo(f"  unreadable: {name}: {reason}")
    for number, (name, score) in enumerate(answers, 1):
        typer.echo(f"{number:3}  {score:7.4f}  {name}")


def default_index(folder, by):
    """The file in the cache that keeps the index of this folder."""
    from labs.files import cache_folder

    place = str(Path(folder).expanduser().resolve()).encode("utf-8", "replace")
    return cache_folder("search") / f"{hashlib.sha256(place).hexdigest()[:16]}-{by}.npz"
