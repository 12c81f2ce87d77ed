"""The honest part of the corpus: right answers, wrong ones, and programs that go astray."""

from classroom_corpus import FULL, NONE, as_bytes, before, case, find, without

ONE_WRONG = {
    "block_parameters": "def block_parameters(size, channels, filters, bias=True):\n    return 1, 2\n"
}


@case(FULL)
def perfect(corpus):
    return corpus.perfect()


@case({**FULL, "artefact": 6})
def perfect_with_a_model(corpus):
    return {"lab05.ipynb": as_bytes(corpus.perfect()), **corpus.model()}


@case(NONE, "not answered")
def untouched(corpus):
    return corpus.stub()


@case(NONE, "not answered")
def no_cells_at_all(corpus):
    notebook = corpus.stub()
    notebook.cells = [notebook.cells[0], find(notebook, "fold")]
    return notebook


@case(without("fold", "difference"), "not answered")
def two_left_out(corpus):
    return corpus.perfect(fold=None, difference=None)


@case(without("block_parameters"), "you have (1, 2), expected (192, 32)")
def one_wrong(corpus):
    return corpus.perfect(**ONE_WRONG)


@case(without("blob"), "SyntaxError")
def syntax_error(corpus):
    return corpus.perfect(blob="def blob(photo)\n    return photo\n")


@case(without("fold"), "ZeroDivisionError")
def exception_in_an_answer(corpus):
    return corpus.perfect(fold="def fold(*a, **b):\n    return 1 / 0\n")


@case(without("fold"), "RecursionError")
def endless_recursion(corpus):
    return corpus.perfect(fold="def fold(*a, **b):\n    return fold(*a, **b)\n")


@case(without("fold"), "stopped after")
def endless_loop_in_a_function(corpus):
    return corpus.perfect(fold="def fold(*a, **b):\n    while True:\n        pass\n")


@case(without("blob"), "stopped after")
def endless_loop_in_a_cell(corpus):
    return corpus.perfect(blob="def blob(photo):\n    return photo\nwhile True:\n    pass\n")


@case(without("fold"), "EOFError")
def asks_for_input(corpus):
    return corpus.perfect(fold="def fold(*a, **b):\n    return input()\n")


@case(FULL)
def writes_warnings_to_stderr(corpus):
    loud = "import logging, sys, warnings\nimport tensorflow as tf\ntf.print('W0000', output_stream=sys.stderr)\n"
    loud += "print('E0000 cuda_dnn.cc', file=sys.stderr)\nlogging.warning('look')\nwarnings.warn('old')\n"
    return before(corpus.perfect(fold=loud + corpus.solutions["fold"]), "test_fold", loud)


@case(FULL)
def prints_a_megabyte(corpus):
    return before(corpus.perfect(), "test_fold", "print('x' * 1_000_000)")


@case(FULL)
def answers_with_tensors(corpus):
    fold = "import tensorflow as tf\ndef fold(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):\n"
    fold += "    scale = tf.constant(gamma) / tf.sqrt(tf.constant(variance) + epsilon)\n"
    fold += "    return kernel * scale, (bias - mean) * scale + beta\n"
    return corpus.perfect(fold=fold)


@case(FULL)
def answers_with_lists_and_numpy_numbers(corpus):
    numbers = "def block_parameters(size, channels, filters, bias=True):\n"
    numbers += "    n = size * size * channels * filters + (filters if bias else 0)\n"
    numbers += "    return [np.int64(n + 2 * filters), float(2 * filters)]\n"
    return corpus.perfect(block_parameters=numbers)


@case(FULL)
def plots_and_magics(corpus):
    notebook = corpus.perfect()
    before(
        notebook, "fold", "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    )
    before(notebook, "blob", "!ls\n%time 1 + 1")
    return before(notebook, "difference", "display(1)\nget_ipython().run_line_magic('pwd', '')")


@case(FULL)
def installs_and_mounts_a_drive(corpus):
    notebook = corpus.perfect()
    before(notebook, "given_1", "from google.colab import drive\ndrive.mount('/content/drive')")
    return before(notebook, "fold", "%cd /content/drive/MyDrive")


@case(FULL)
def leaves_with_sys_exit(corpus):
    return before(corpus.perfect(), "blob", "import sys\nsys.exit()")


@case(FULL)
def its_own_helper_module(corpus):
    helper = {"helper.py": b"def twice(x):\n    return 2 * x\n"}
    answer = "from helper import twice\ndef block_parameters(size, channels, filters, bias=True):\n"
    answer += (
        "    return size * size * channels * filters + bias * filters + twice(filters), twice(filters)\n"
    )
    return {"lab05.ipynb": as_bytes(corpus.perfect(block_parameters=answer)), **helper}


@case(FULL)
def a_lambda_and_a_class(corpus):
    lines = (
        "class Folder:\n    def __call__(self, kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):\n"
    )
    lines += "        s = gamma / np.sqrt(variance + epsilon)\n        return kernel * s, (bias - mean) * s + beta\n"
    nan = "np.inf if np.isnan(b).any() else np.abs(a - b).max() / np.ptp(a)"
    return corpus.perfect(fold=lines + "fold = Folder()\n", difference=f"difference = lambda a, b: {nan}\n")
