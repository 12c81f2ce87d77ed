"""The mangled part of the corpus: right answers in notebooks and files that something happened to on the way."""

import copy
import json
import unicodedata

import nbformat
from classroom_corpus import FULL, NONE, as_bytes, before, case, code, find, grade_id, without
from classroom_honest import ONE_WRONG


@case(FULL, "several cells")
def duplicated_answer(corpus):
    notebook = corpus.perfect()
    first = copy.deepcopy(find(notebook, "fold"))
    first.source = "def fold(*a, **b):\n    return None\n"
    notebook.cells.insert(notebook.cells.index(find(notebook, "fold")), first)
    return notebook


@case(FULL)
def duplicated_stub_below_the_answer(corpus):
    notebook = corpus.perfect()
    notebook.cells.insert(notebook.cells.index(find(notebook, "fold")) + 1, find(corpus.stub(), "fold"))
    return notebook


@case(FULL)
def duplicated_tests(corpus):
    notebook = corpus.perfect()
    notebook.cells += [copy.deepcopy(cell) for cell in notebook.cells if grade_id(cell).startswith("test_")]
    return notebook


@case(FULL, "restored")
def deleted_tests(corpus):
    notebook = corpus.perfect()
    notebook.cells = [cell for cell in notebook.cells if not grade_id(cell).startswith("test_")]
    return notebook


@case(FULL, "restored")
def deleted_imports(corpus):
    notebook = corpus.perfect()
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) not in ("setup", "given_1")]
    return notebook


@case(FULL)
def a_stub_left_below_the_answer(corpus):
    return corpus.perfect(fold=corpus.solutions["fold"] + "\n    raise NotImplementedError()")


@case(without("channels_first"), "no cell defines channels_first")
def deleted_answer(corpus):
    notebook = corpus.perfect()
    notebook.cells.remove(find(notebook, "channels_first"))
    return notebook


@case(FULL, "metadata was lost")
def colab_took_the_metadata(corpus):
    notebook = corpus.perfect()
    notebook.metadata = {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}}
    for number, cell in enumerate(notebook.cells):
        cell.metadata = {
            "id": f"aB{number}",
            "colab": {"base_uri": "https://localhost:8080/"},
            "outputId": "x",
        }
    return notebook


@case(FULL)
def exchanged_metadata(corpus):
    notebook = corpus.perfect()
    one, two = find(notebook, "fold"), find(notebook, "blob")
    one.metadata, two.metadata = two.metadata, one.metadata
    return notebook


@case(FULL)
def answer_with_a_tests_metadata(corpus):
    notebook = corpus.perfect()
    find(notebook, "fold").metadata = copy.deepcopy(find(notebook, "test_fold").metadata)
    return notebook


@case(FULL)
def all_cells_tagged_alike(corpus):
    notebook = corpus.perfect()
    about = find(notebook, "fold").metadata.nbgrader
    for cell in notebook.cells:
        cell.metadata["nbgrader"] = about
    return notebook


@case(FULL, "format was repaired")
def format_3(corpus):
    return {"lab05.ipynb": nbformat.writes(corpus.perfect(), version=3).encode()}


@case(FULL)
def format_4_0_without_ids(corpus):
    notebook = corpus.perfect()
    notebook.nbformat_minor = 0
    for cell in notebook.cells:
        cell.pop("id", None)
    return notebook


@case(FULL)
def sources_as_lines_and_windows_newlines(corpus):
    notebook = json.loads(as_bytes(corpus.perfect()))
    for cell in notebook["cells"]:
        cell["source"] = [line + "\r\n" for line in cell["source"].split("\n")]
    return {"lab05.ipynb": b"\xef\xbb\xbf" + json.dumps(notebook).encode()}


@case(FULL)
def spaces_that_do_not_break(corpus):
    return corpus.perfect(fold=corpus.solutions["fold"].replace("    ", "\u00a0\u00a0\u00a0\u00a0"))


@case(FULL, "was not a code cell")
def an_answer_in_a_markdown_cell(corpus):
    notebook = corpus.perfect()
    cell = find(notebook, "fold")
    cell.cell_type = "markdown"
    for name in ("outputs", "execution_count"):
        cell.pop(name, None)
    return notebook


@case(FULL)
def two_answers_in_one_cell(corpus):
    notebook = corpus.perfect(blob=corpus.solutions["fold"] + "\n\n" + corpus.solutions["blob"])
    notebook.cells.remove(find(notebook, "fold"))
    return notebook


@case(FULL)
def an_answer_in_a_cell_of_its_own(corpus):
    notebook = corpus.perfect(fold=None)
    return before(notebook, "test_fold", corpus.solutions["fold"])


@case(FULL)
def helpers_in_cells_of_their_own(corpus):
    answer = corpus.solutions["fold"].replace(
        "gamma / np.sqrt(variance + epsilon)", "gain(gamma, variance, epsilon)"
    )
    notebook = before(corpus.perfect(fold=answer), "fold", "def gain(g, v, e):\n    return g / root(v + e)")
    return before(notebook, "test_fold", "root = np.sqrt")


@case(FULL)
def questions_in_another_order(corpus):
    notebook = corpus.perfect()
    notebook.cells = notebook.cells[:4] + notebook.cells[:3:-1]
    return notebook


@case(FULL)
def an_import_added_to_a_given_cell(corpus):
    notebook = corpus.perfect(fold=corpus.solutions["fold"].replace("np.sqrt", "mathematics.sqrt"))
    find(notebook, "given_1").source += "\nimport numpy as mathematics"
    return notebook


@case(without("block_parameters"), "expected (192, 32)")
def tests_made_easier(corpus):
    notebook = corpus.perfect(**ONE_WRONG)
    find(notebook, "test_block_parameters").source = "pass"
    return notebook


@case(FULL)
def commented_test(corpus):
    notebook = corpus.perfect()
    find(notebook, "test_fold").source = "# " + find(notebook, "test_fold").source.replace("\n", "\n# ")
    return notebook


@case(FULL)
def five_megabytes_of_outputs(corpus):
    notebook = corpus.perfect()
    find(notebook, "fold").outputs = [nbformat.v4.new_output("stream", text="x" * 5_000_000)]
    return notebook


@case(FULL)
def empty_cells_and_text(corpus):
    notebook = corpus.perfect()
    extra = [
        code(""),
        nbformat.v4.new_markdown_cell("이름: 홍길동"),
        nbformat.v4.new_raw_cell("raw"),
        code("# only this"),
    ]
    notebook.cells = extra + notebook.cells + extra
    return notebook


# What happens to files on the way.


@case(FULL, wraps="flat")
def a_file_without_a_folder(corpus):
    return {"홍길동_과제5.ipynb": as_bytes(corpus.perfect())}


@case(FULL)
def korean_names_from_a_mac(corpus):
    name = unicodedata.normalize("NFD", "홍길동/과제 5 제출.ipynb")
    return {name: as_bytes(corpus.perfect())}


@case({**FULL, "artefact": 6}, wraps="utf-8")
def a_zip_of_the_folder(corpus):
    return {"과제/lab05.ipynb": as_bytes(corpus.perfect()), **corpus.model("과제/digits")}


@case(FULL, wraps="cp949")
def a_zip_from_korean_windows(corpus):
    return {"홍길동/과제5.ipynb": as_bytes(corpus.perfect())}


@case(FULL)
def a_wrong_ending(corpus):
    return {"lab05.ipynb.txt": as_bytes(corpus.perfect())}


@case(FULL, "several notebooks")
def a_copy_beside_the_stub(corpus):
    return {"lab05.ipynb": as_bytes(corpus.stub()), "lab05-Copy1.ipynb": as_bytes(corpus.perfect())}


@case(FULL)
def checkpoints_beside_it(corpus):
    stub = as_bytes(corpus.stub())
    return {"lab05.ipynb": as_bytes(corpus.perfect()), ".ipynb_checkpoints/lab05-checkpoint.ipynb": stub}


@case({**FULL, "artefact": 6})
def a_model_in_another_place(corpus):
    return {"code/lab05.ipynb": as_bytes(corpus.perfect()), **corpus.model("models/saved/digits")}


@case(NONE, "cannot be read")
def a_damaged_file(corpus):
    content = as_bytes(corpus.perfect())
    return {"lab05.ipynb": content[: len(content) // 2]}


@case(NONE, "cannot be read")
def an_empty_file(corpus):
    return {"lab05.ipynb": b""}


@case(NONE, "no notebook")
def something_else(corpus):
    return {"report.docx": b"PK\x03\x04 this is no notebook"}


@case(NONE, "no notebook")
def another_lab(corpus):
    notebook = nbformat.v4.new_notebook(cells=[code("def kangaroo():\n    return 1")])
    return {"lab01.ipynb": as_bytes(notebook)}
