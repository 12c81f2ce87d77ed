"""`labs read PICTURE`: the text of a picture."""

import enum
from pathlib import Path
from typing import Annotated

import typer


class Name(str, enum.Enum):
    """Who reads."""

    ours = "ours"
    tesseract = "tesseract"
    rapidocr = "rapidocr"
    vision = "vision"


def read(
    picture: Annotated[Path, typer.Argument(help="A picture: PNG, JPEG ...")],
    engine: Annotated[Name, typer.Option(help="Who reads.")] = Name.ours,
    overlay: Annotated[Path | None, typer.Option(help="A PNG of the picture with its words.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print words, scores and corners as JSON.")] = False,
):
    """Read the text of a picture, Korean and English: its words in reading order."""
    from json import dumps

    from labs.ocr import page

    words = page.read(picture, engine.value)
    if overlay is not None:
        page.write_overlay(picture, words, overlay)
    if json:
        typer.echo(dumps(page.plain(words), ensure_ascii=False, indent=1))
    elif words:
        typer.echo(page.as_text(words))
    else:
        typer.echo("No text was found.", err=True)
