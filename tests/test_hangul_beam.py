"""Apache Beam makes the same records; it lives in an environment of its own (see labs/hangul/beam.py)."""

import pytest

from labs.hangul import bundled_faces, records


def test_beam_makes_the_same_records(tmp_path):
    pytest.importorskip(
        "apache_beam", reason="apache-beam has its own environment: labs/hangul/beam.py says how"
    )
    pytest.importorskip("tensorflow")
    from labs.hangul import beam

    recipe = records.Recipe(tuple("가나"), records.SHARD + 20, tuple(bundled_faces("train")[:1]))
    records.write(tmp_path / "here", recipe)
    beam.make(tmp_path / "beam", recipe)
    for shard in range(recipe.shards):
        name = recipe.file_name(shard)
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "beam" / name).read_bytes()
