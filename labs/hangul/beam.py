"""The same records made by Apache Beam, when one machine is too slow.

Beam's pins do not go with the labs' own, so it has an environment of its own:

    python -m venv beam-env
    beam-env/bin/pip install ".[headless]" apache-beam
    beam-env/bin/python -m labs.hangul.beam --to records --labels 2350 --images 1000000

Options that `labs` does not know go to Beam: `--runner FlinkRunner ...`; the folder must then be
one that all machines share.
"""

import argparse
from pathlib import Path

from labs.hangul import records


def make(folder, recipe, options=None):
    """Write the shards that are missing, each by whichever worker is free.

    `options`: what apache_beam's PipelineOptions takes; None runs on this machine.
    """
    import apache_beam

    missing = records.prepare(folder, recipe)
    with apache_beam.Pipeline(options=options) as pipeline:
        numbers = pipeline | "shards" >> apache_beam.Create(missing)
        spread = numbers | "to free workers" >> apache_beam.Reshuffle()
        spread | "draw and write" >> apache_beam.Map(_make_shard, str(folder), recipe)


def _make_shard(shard, folder, recipe):
    return records.write_shards(Path(folder), recipe, [shard])


def main():
    """The command line; see the module's text."""
    from apache_beam.options.pipeline_options import PipelineOptions

    from labs.hangul.fonts import bundled_faces
    from labs.hangul.labels import resolve

    parser = argparse.ArgumentParser(description="Hangul TFRecords with Apache Beam")
    parser.add_argument("--to", required=True)
    parser.add_argument("--labels", default="256")
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=0)
    known, rest = parser.parse_known_args()
    recipe = records.Recipe(resolve(known.labels), known.images, tuple(bundled_faces("train")), known.seed)
    make(known.to, recipe, PipelineOptions(rest))
    print(f"{known.images} pictures in {recipe.shards} shards in {known.to}")


if __name__ == "__main__":
    main()
