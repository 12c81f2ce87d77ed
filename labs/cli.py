"""The command line: `labs run|check|predict|read|fetch|search|doctor|grade`. Heavy imports wait for their command."""

import enum
import sys
from pathlib import Path
from typing import Annotated

import typer

from labs.classroom import cli as classroom_cli
from labs.errors import LabsError
from labs.hangul import cli as hangul_cli
from labs.ocr import cli as ocr_cli
from labs.search import cli as search_cli

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)


app.add_typer(hangul_cli.app, name="hangul")
app.command()(classroom_cli.grade)
app.command()(search_cli.search)
app.command()(ocr_cli.read)


class Profile(str, enum.Enum):
    """How much data a notebook takes."""

    full = "full"
    quick = "quick"


class Language(str, enum.Enum):
    """The language of a notebook's prose."""

    en = "en"
    ko = "ko"


Json = Annotated[bool, typer.Option("--json", help="Print JSON in place of a table.")]
ModelFolder = Annotated[Path, typer.Argument(help="A saved model, e.g. saved_models/mnist.")]


@app.callback()
def labs():
    """Computer-vision labs: run a lab, check and use the models that it saves."""


@app.command()
def run(
    lab: Annotated[str, typer.Argument(help="Number or name of a lab, e.g. 05.")],
    profile: Annotated[
        Profile | None, typer.Option(help="Real data, or the bundled samples and a minute.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the executed copy.")] = Path("executed"),
    language: Annotated[Language, typer.Option(help="Language of the prose.")] = Language.en,
    check: Annotated[bool, typer.Option(help="Check the models that the lab has saved.")] = True,
):
    """Execute a lab's notebook, a progress line a cell, and check the models that it saves."""
    from labs import run as runner

    written = runner.run(lab, profile and profile.value, out, language.value)
    if not check:
        return
    agree = [_show_table(table) if table else _show_check(folder) for folder, table in written.items()]
    if not all(agree):
        raise typer.Exit(1)


@app.command()
def check(
    folder: ModelFolder,
    runtime: Annotated[list[str] | None, typer.Option(help="Only this runtime; may be repeated.")] = None,
    json: Json = False,
):
    """Run a saved model in every runtime and compare the answers; exit code 1 when one disagrees."""
    if not _show_check(folder, runtime, json):
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="A .keras or .h5 file, or the folder of a SavedModel.")],
    to: Annotated[Path, typer.Option(help="The folder to write, e.g. out/mine.")],
    labels: Annotated[Path | None, typer.Option(help="A text file with one label a line.")] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="Real pictures to prove it on, or an .npz of arrays; else noise.")
    ] = None,
    scale: Annotated[str, typer.Option(help="(pixel - mean) * SCALE + offset, e.g. 1/127.5.")] = "1",
    offset: Annotated[str, typer.Option(help="(pixel - mean) * scale + OFFSET, e.g. -1.")] = "0",
    mean: Annotated[str, typer.Option(help="(pixel - MEAN) * scale + offset, e.g. 103.9,116.8,123.7.")] = "0",
    bgr: Annotated[bool, typer.Option(help="The network was trained with blue first (Caffe).")] = False,
    formats: Annotated[
        str | None, typer.Option(help="Only these, e.g. onnx,tfjs,pb,saved_model,keras,tflite.")
    ] = None,
    precision: Annotated[str, typer.Option(help="float16 halves the weights of ONNX and TF.js.")] = "float32",
    signature: Annotated[str | None, typer.Option(help="Which signature of a SavedModel.")] = None,
    trust: Annotated[
        bool, typer.Option(help="Load Python code in the file too: it can do on this machine what you can.")
    ] = False,
    check: Annotated[bool, typer.Option(help="Run every format in its runtimes and compare.")] = True,
):
    """Save a network of your own in every format, raw pixels in, and prove that each says the same."""
    from labs import convert
    from labs.export.scaling import Scaling

    scaling = None
    if bgr or (scale, offset, mean) != ("1", "0", "0"):
        scaling = Scaling.from_text(scale, offset, mean, bgr)
    options = {"formats": convert.format_names(formats)} if formats else {}
    folder = convert.convert(
        file, to, pictures, labels, trust, signature, scaling, precision=precision, **options
    )
    typer.echo(f"{file} is saved in {folder}.")
    if check and not _show_check(folder, record=convert.record):
        raise typer.Exit(1)


@app.command()
def predict(
    folder: ModelFolder,
    image: Annotated[Path, typer.Argument(help="A picture (PNG, JPEG ...); a .wav for a network of sound.")],
    runtime: Annotated[str | None, typer.Option(help="The runtime that answers.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many labels.")] = 5,
    out: Annotated[Path | None, typer.Option(help="A PNG with the answer drawn over the picture.")] = None,
    json: Json = False,
):
    """Say what is in a picture or a recording: the most probable labels, or the boxes, points, classes of pixels, text."""
    import labs
    from labs.kinds import shown

    answer = labs.predict(folder, image, runtime=runtime, top=top)
    if out is not None:
        shown.write(folder, image, answer, out)
    if json:
        return _print_json(shown.plain(folder, answer))
    for line in shown.lines(folder, answer):
        typer.echo(line)


@app.command()
def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Data sets, or tfjs; everything by default.")
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder for the data, to be named by LABS_DATA.")] = Path(
        "labs_data"
    ),
):
    """Download data sets into a folder for the classroom, and TensorFlow.js into the cache."""
    import labs
    from labs.runtimes import tfjs_packages

    data = [name for name in names or [] if name != "tfjs"]
    if data or not names:
        for path in labs.fetch(data or None, to):
            typer.echo(path)
        typer.echo(f"Set LABS_DATA to {to.resolve()} wherever this data shall be used.")
    if not names or "tfjs" in names:
        typer.echo(tfjs_packages.install())


@app.command()
def site(
    out: Annotated[Path, typer.Option(help="Folder of the site; an older site there is replaced.")] = Path(
        "site"
    ),
    models: Annotated[Path, typer.Option(help="Folder of the saved models.")] = Path("saved_models"),
    lessons: Annotated[
        Path | None, typer.Option(help="Folder of tools/build_lessons.py, to stand beside the models.")
    ] = None,
    serve: Annotated[bool, typer.Option(help="Then show it on this machine, until Ctrl-C.")] = False,
    port: Annotated[int, typer.Option(help="Port of --serve.")] = 8000,
):
    """Build the static web site that runs every saved model in a browser, for GitHub Pages or any host."""
    from labs import site as builder

    typer.echo(f"The site is in {builder.build(models, out, lessons)}.")
    if serve:
        from labs.site.serve import show

        show(out, port)


@app.command()
def doctor(json: Json = False):
    """Say what is installed, what is missing for which runtime, and what to do about it."""
    from labs import doctor as examiner

    findings = examiner.examine()
    if json:
        _print_json(examiner.as_dict(findings))
    else:
        examiner.show(findings)
    if not examiner.healthy(findings):
        raise typer.Exit(1)


def _show_table(text):
    """Print the table that a notebook has just shown; True when every answer agreed."""
    typer.echo(text)
    return ": NOT ok (" not in text.partition("\n")[0]


def _show_check(folder, runtimes=None, json=False, record=None):
    """Print the table of one model; True when every answer agrees. `record` keeps it (labs.convert)."""
    from rich.console import Console

    import labs

    with Console(stderr=True).status(f"Checking {folder} in every runtime"):
        report = labs.check(folder, runtimes=runtimes or None)
    if record:
        record(folder, report)
    if json:
        typer.echo(report.to_json())
    else:
        wide = sys.stdout.isatty()  # a pipe has no width: do not break the table's lines
        Console(width=None if wide else 140).print(report)
    return report.ok


def _print_json(document):
    import json

    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def main():
    """The `labs` command: what `labs` cannot do is one sentence on stderr and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old Windows console lacks some letters
    try:
        app()
    except LabsError as error:
        sys.exit(f"labs: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
