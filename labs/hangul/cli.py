"""`labs hangul make|sheet|cut`: records to train on, a sheet to write on, pictures cut from its photo."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Hangul: training pictures, and a sheet for one's own hand.")

Labels = Annotated[str, typer.Option(help="256, 512, 2350, or a .txt file with one syllable a line.")]


@app.command()
def make(
    to: Annotated[Path, typer.Option(help="Folder for the TFRecords; a half-made one is finished.")],
    labels: Labels = "256",
    images: Annotated[int, typer.Option(min=1, help="How many pictures.")] = 60_000,
    workers: Annotated[int, typer.Option(min=1, help="Processes at work; one a core is best.")] = 1,
    fonts: Annotated[list[Path] | None, typer.Option(help="A folder of more fonts; may be repeated.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed makes other pictures.")] = 0,
):
    """Draw syllables as a hand would, into sharded TFRecords."""
    from rich.progress import Progress

    from labs.hangul import records
    from labs.hangul.fonts import bundled_faces, machine_faces
    from labs.hangul.labels import resolve

    syllables = resolve(labels)
    faces = bundled_faces("train") + (machine_faces(syllables, fonts) if fonts else [])
    recipe = records.Recipe(syllables, images, tuple(faces), seed)
    with Progress() as progress:
        bar = progress.add_task(f"{len(faces)} faces, {len(syllables)} syllables", total=recipe.shards)
        records.write(to, recipe, workers, lambda done, total: progress.update(bar, completed=done))
    typer.echo(f"{images} pictures in {recipe.shards} shards in {to}")


@app.command()
def sheet(
    to: Annotated[Path, typer.Argument(help="The PDF to write.")] = Path("sheet.pdf"),
    labels: Labels = "256",
):
    """Make a PDF to print and fill in by hand, a syllable a cell."""
    from labs.hangul.labels import resolve
    from labs.hangul.sheet import write_sheet

    pages = write_sheet(to, resolve(labels))
    typer.echo(
        f"{to}: {pages} pages. Write with a dark pen, photograph each page whole, then: labs hangul cut PHOTO"
    )


@app.command()
def cut(
    photos: Annotated[list[Path], typer.Argument(help="Photos of filled sheets.")],
    to: Annotated[Path, typer.Option(help="Folder for the pictures and labels.csv.")] = Path("my_hand"),
    labels: Labels = "256",
):
    """Cut photographed sheets into labelled 64x64 pictures."""
    import numpy as np

    from labs.hangul import sheet as sheets
    from labs.hangul.labels import resolve

    syllables = resolve(labels)
    pages = [sheets.cut(photo, syllables) for photo in photos]
    images, numbers = (np.concatenate(part) for part in zip(*pages, strict=True))
    sheets.save(to, images, numbers, syllables)
    typer.echo(f"{len(images)} pictures of {len(set(numbers.tolist()))} syllables in {to}")
