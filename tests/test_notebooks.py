"""The notebooks equal their sources, and the builder refuses sources that break a rule."""

import importlib
import importlib.util
import re
import sys

import nbformat
import pytest
from load_tool import load_tool

from labs.files import bundled

ROOT = bundled("README.md").parent.parent
SOURCES = sorted((ROOT / "notebooks" / "src").glob("*.py"))

builder = load_tool("build_notebooks")

HEADER = "# ---\n# title: T\n# minutes: 1\n# data: D\n# accuracy: A\n# seed: 7\n# ---\n"
TWINS = '# %% [markdown] lang="en"\n# ## One `x`\n\n# %% [markdown] lang="ko"\n# ## 하나 `x`\n'
CODE = "# %%\nset_random_seed(7)\n"
EXERCISE = '# %% tags=["exercise"]\ngiven = 1\n# solution\nx = 2\n# end solution\nprint(x)\n'


@pytest.fixture
def source(tmp_path):
    def write(text):
        path = tmp_path / "99_test.py"
        path.write_text(HEADER + text, encoding="utf-8")
        return builder.read_source(path)

    return write


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_notebooks_equal_their_source(path):
    source = builder.read_source(path)
    assert builder.shape_problems(source) == []
    assert builder.drift_problems(source) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_published_cells_ran_without_error(path):
    notebook = nbformat.read(ROOT / "notebooks" / f"{path.stem}.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    kinds = {output.output_type for cell in code for output in cell.outputs}
    assert kinds <= {"stream", "display_data", "execute_result"}


def test_what_may_not_be_published_has_something_in_its_place():
    sys.path.insert(0, str(ROOT / "tools"))
    figures = importlib.import_module("stand_ins").FIGURES
    for name, draws in figures.items():
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
        withheld = [cell for cell in notebook.cells if "unpublished" in cell.metadata.get("tags", [])]
        for cell, draw in zip(withheld, draws, strict=True):
            said = "".join(output.get("text", "") for output in cell.outputs)
            assert said.count("may not be published") == said.count("공개할 수 없습니다") == 1
            assert any("image/png" in output.get("data", {}) for output in cell.outputs) == bool(draw)


def test_both_languages_have_the_same_code(source):
    one = source(TWINS + CODE + EXERCISE)
    english, korean = builder.build(one, "en"), builder.build(one, "ko")
    assert "One" in english.cells[2].source and "하나" in korean.cells[2].source
    assert [c.source for c in english.cells[3:]] == [c.source for c in korean.cells[3:]]
    assert "minutes" in english.cells[0].source and "분" in korean.cells[0].source
    assert "notebooks/ko/99_test.ipynb" in korean.cells[0].source


def test_setup_steps_out_of_the_notebook_folders(source, tmp_path, monkeypatch):
    setup = builder.build(source(TWINS + CODE), "en").cells[1].source
    python = re.sub(r"^ *%pip.*$", "    pass", setup, flags=re.MULTILINE)
    (tmp_path / "notebooks" / "ko").mkdir(parents=True)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    for folder in ("notebooks/ko", "notebooks", "."):
        monkeypatch.chdir(tmp_path / folder)
        exec(python, {})
        assert builder.Path.cwd() == tmp_path


def test_exercises_are_folded_and_their_marks_parse(source):
    cell = builder.build(source(TWINS + CODE + EXERCISE), "en").cells[-1]
    assert cell.metadata["jupyter"]["source_hidden"]
    assert builder.split_exercise(cell.source) == [
        (False, ["given = 1"]),
        (True, ["x = 2"]),
        (False, ["print(x)"]),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('# %% [markdown] lang="en"\n# alone\n' + CODE, "twin"),
        (TWINS.replace('lang="en"', ""), "twin"),
        (TWINS.replace("# ## 하나", "# 하나"), "headings"),
        (TWINS.replace("하나 `x`", "하나 `y`"), "code"),
        (EXERCISE.replace("# solution\n", ""), "without its partner"),
        (EXERCISE.replace("# end solution\n", ""), "between"),
        ('# %% tags=["exercise"]\nx = 1\n', "between"),
    ],
)
def test_builder_refuses(source, text, says):
    with pytest.raises(builder.Refused, match=says):
        source(text)


def test_shape_rules(source):
    short = TWINS + CODE * 12
    assert builder.shape_problems(source(short)) == []
    assert "code cells" in builder.shape_problems(source(TWINS + CODE))[0]
    assert "median" in builder.shape_problems(source(TWINS + (CODE + "x = 1\n" * 6) * 12))[0]
    assert "21 lines" in builder.shape_problems(source(short + "# %%\n" + "x = 1\n" * 21))[0]
    assert "seed 7" in builder.shape_problems(source(short.replace("seed(7)", "seed(8)")))[0]
    assert "TODO" in builder.shape_problems(source(short + "# %%\nx = 1  # TODO\n"))[0]


def test_outputs_are_kept_only_for_the_same_code(source):
    old, new = (builder.build(source(TWINS + CODE), "en") for _ in range(2))
    old.cells[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="1\n")]
    assert builder.copy_outputs(old, new) and new.cells[-1].outputs == old.cells[-1].outputs
    assert not builder.copy_outputs(old, builder.build(source(TWINS + CODE + "x = 1\n"), "en"))


def test_a_changed_notebook_is_drift(source, tmp_path, monkeypatch):
    one = source(TWINS + CODE)
    monkeypatch.setattr(builder, "ROOT", tmp_path)
    monkeypatch.setattr(
        builder, "FOLDERS", {"en": tmp_path / "notebooks", "ko": tmp_path / "notebooks" / "ko"}
    )
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    monkeypatch.setattr(
        builder, "execute", lambda notebook: notebook.metadata.update(labs={"profile": "full"})
    )
    builder.write(one, run=True)
    assert builder.drift_problems(one) == []
    path = tmp_path / "notebooks" / "ko" / "99_test.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("하나", "둘"), encoding="utf-8")
    assert "differs from its source" in builder.drift_problems(one)[0]
    path.unlink()
    assert "missing" in builder.drift_problems(one)[0]


def test_outputs_drop_stderr_and_refuse_paths():
    stream = nbformat.v4.new_output
    noise = stream("stream", name="stderr", text="W0000\n")
    lines = [stream("stream", name="stdout", text=text) for text in ("a\n", "b\n")]
    assert [output.text for output in builder._clean([lines[0], noise, lines[1]])] == ["a\nb\n"]
    with pytest.raises(builder.Refused, match="another machine"):
        builder._clean([stream("stream", name="stdout", text=f"{ROOT}/x")])
