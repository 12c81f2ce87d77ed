"""The teacher's copy of an assignment, as the grader needs it: steps in order, questions, points."""

import ast
import builtins
from dataclasses import dataclass
from pathlib import Path

from labs.errors import LabsError

_FOR_SAVED_MODELS = (
    "tensorflow",
    "keras",
    "cv2",
    "onnxruntime",
    "labs.runtimes.keras",
    "labs.runtimes.opencv_pb",
)


class BadAssignment(LabsError):
    """A teacher's notebook that cannot be graded by; the message says which cell and why."""


@dataclass(frozen=True)
class Step:
    """A code cell of the teacher's copy.

    `kind` is "given" (the teacher's code), "solution" (the student writes it) or "test". A test has
    `question`, the grade_id without "test_", and `points`. `names` are what a solution defines.
    """

    kind: str
    grade_id: str
    source: str
    question: str = ""
    points: float = 0
    names: frozenset = frozenset()


class Assignment:
    """An assignment: `steps` in order, `name`, `language`.

    notebook: nbformat's node of a teacher's build (course/source/lab05/lab05.ipynb). Raises BadAssignment.

    Example: `Assignment.read("course/source/lab05/lab05.ipynb").points` is 20.
    """

    def __init__(self, notebook):
        about = notebook.metadata.get("labs", {})
        self.name, self.language = about.get("assignment", "assignment"), about.get("language", "en")
        self.steps = [step for cell in notebook.cells if (step := _step(cell))]
        self.solutions = [step for step in self.steps if step.kind == "solution"]
        self.tests = [step for step in self.steps if step.kind == "test"]
        self.points = sum(step.points for step in self.tests)
        self.asked = frozenset().union(*(step.names for step in self.solutions))
        self._check()

    @classmethod
    def read(cls, path):
        """The assignment of a file; BadAssignment when it is no teacher's copy."""
        import nbformat

        try:
            return cls(nbformat.read(path, as_version=4))
        except OSError as error:
            raise BadAssignment(
                f"There is no {path} ({error.strerror}): build it with make course."
            ) from None
        except Exception as error:  # nbformat raises many kinds
            if isinstance(error, LabsError):
                raise
            raise BadAssignment(f"{path} is no notebook ({str(error)[:100]}): build it again.") from None

    def _check(self):
        names = [step.grade_id for step in self.steps]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise BadAssignment(f"{self.name}: two cells are called {sorted(twice)[0]!r}")
        questions = [step.grade_id for step in self.solutions]
        if [step.question for step in self.tests] != questions or not questions:
            raise BadAssignment(f"{self.name}: every exercise needs a test below it: {', '.join(questions)}")

    def key_names(self, solution):
        """What a solution defines and its test asks for; empty when the test looks at a folder only."""
        test = next(step for step in self.tests if step.question == solution.grade_id)
        return solution.names & free_names(test.source)

    def remote_names(self, step):
        """The names in a step's source that the student's program has to answer for."""
        return sorted(free_names(step.source) & self.asked)

    def modules(self):
        """The modules that the assignment imports anywhere, and those that open saved models where it asks for one."""
        found = {}
        for node in self._imports():
            names = (
                [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            )
            found |= dict.fromkeys(name for name in names if name)
        if any("artefact" in free_names(test.source) for test in self.tests):
            found |= dict.fromkeys(_FOR_SAVED_MODELS)
        return list(found)

    def without_idle_imports(self, step):
        """A given cell, compiled without imports that only students use: the tests need no TensorFlow for them."""
        ours = [one for one in self.steps if one.kind != "solution"]
        used = frozenset().union(*(free_names(one.source) for one in ours))
        tree = ast.parse(plain_python(step.source))
        tree.body = [
            node
            for node in tree.body
            if not isinstance(node, (ast.Import, ast.ImportFrom))
            or any((alias.asname or alias.name).partition(".")[0] in used for alias in node.names)
        ]
        return tree

    def _imports(self):
        for step in self.steps:
            for node in ast.walk(ast.parse(plain_python(step.source))):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    yield node


def _step(cell):
    about = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "code" or not about:
        return None
    grade_id = about["grade_id"]
    if about["grade"]:
        question = grade_id.removeprefix("test_")
        return Step("test", grade_id, cell.source, question, about["points"])
    if about["solution"]:
        return Step("solution", grade_id, cell.source, names=frozenset(defined_names(cell.source)))
    return Step("given", grade_id, cell.source)


def defined_names(source):
    """The names that a cell binds at its top level: functions, classes, variables, not imports.

    Raises SyntaxError.
    """
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {
                part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)
            }
    return names


def plain_python(source):
    """A cell as Python: IPython's magics become calls of get_ipython()."""
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError):
        from IPython.core.inputtransformer2 import TransformerManager

        return TransformerManager().transform_cell(source)


def free_names(source):
    """The names that a cell reads and does not bind itself."""
    nodes = list(ast.walk(ast.parse(plain_python(source))))
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    arguments = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return read - bound - arguments - set(dir(builtins))


def find_assignments(course):
    """The teacher's copies below a course's source/, by name: {"lab05": Path}; LabsError when there are none."""
    found = {path.parent.name: path for path in sorted(Path(course).glob("source/*/*.ipynb"))}
    if not found:
        raise BadAssignment(f"{course} has no source/*/*.ipynb: build the course with make course.")
    return found
