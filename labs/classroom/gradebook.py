"""Points into nbgrader's own gradebook, so that formgrader and `nbgrader export` show what `labs grade` found."""

from pathlib import Path

from labs.errors import LabsError


def write(results, assignment, path):
    """Enter the points of a grading as nbgrader's automatic scores.

    results: of labs.classroom.grade.grade. assignment: its name, "lab05". path: gradebook.db of the course.
    Raises LabsError when nbgrader does not know the assignment yet.
    """
    from nbgrader.api import Gradebook, MissingEntry

    generate = f"run `nbgrader generate_assignment {assignment} --create` in {Path(path).parent} first"
    if not Path(path).exists():
        raise LabsError(f"There is no gradebook {path}: {generate}.")
    with Gradebook(f"sqlite:///{Path(path).resolve()}") as gradebook:
        try:
            gradebook.find_assignment(assignment)
        except MissingEntry:
            raise LabsError(f"{path} does not know {assignment}: {generate}.") from None
        for result in results:
            gradebook.update_or_create_student(result["student"])
            gradebook.update_or_create_submission(assignment, result["student"])
            for row in result["questions"]:
                cell = f"test_{row['question']}"
                grade = gradebook.find_grade(cell, assignment, assignment, result["student"])
                grade.auto_score, grade.needs_manual_grade = row["points"], False
        gradebook.db.commit()
