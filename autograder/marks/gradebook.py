"""Opens nbgrader's gradebook, a database, and finds the folders beside it. Changes are saved either all together or not at all."""

import contextlib
import warnings
from pathlib import Path

import nbformat

from autograder.nbgrader_settings import nbgrader_settings
from autograder.places import TERM_OF_COURSE


class GradebookError(ValueError):
    """Raised if the gradebook cannot be used or cannot take the results. The message says what to do."""


def course_directory(root=None):
    """Return nbgrader's CourseDirectory, an object that knows where the folders and the gradebook of a course are.

    root: folder of the course, by default this one. The gradebook is in `root`/autograder/term.
    """
    config = nbgrader_settings()
    if root is not None:
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.db_url = f"sqlite:///{Path(root) / TERM_OF_COURSE / 'gradebook.db'}"
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=config)


def place(course, step, student, stage):
    """Return the folder with one student's files for one stage.

    course: nbgrader's CourseDirectory; step: which of the course's folders is meant: "submitted", "autograded" or "feedback".
    """
    return Path(course.format_path(getattr(course, f"{step}_directory"), student, stage))


def read_autograded(course, student, stage):
    """Return the notebook of a student that was recorded at the last grading, or None if there is none."""
    path = place(course, "autograded", student, stage) / f"{stage}.ipynb"
    return nbformat.read(path, as_version=4) if path.exists() else None


@contextlib.contextmanager
def gradebook(course):
    """Context manager that opens nbgrader's Gradebook. Changes are saved only if the block ends without an error.

    course: nbgrader's CourseDirectory. Raises GradebookError if the database cannot be used, for example because it is locked.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings of SQLAlchemy about nbgrader's declarations of tables
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import DatabaseError
        from sqlalchemy.orm import configure_mappers

        configure_mappers()
    if course.db_url.startswith("sqlite:///"):
        Path(course.db_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    try:
        with Gradebook(course.db_url, course.course_id) as book, book.engine.begin() as connection:
            # nbgrader commits after each row. Inside this outer transaction, such a commit saves nothing for good.
            book.db.remove()
            book.db.configure(bind=connection, join_transaction_mode="rollback_only")
            yield book
            book.db.commit()
            book.db.remove()
    except DatabaseError as e:
        advice = "Another program is writing to it: try again when that is done." if "locked" in str(e.orig) else (
            "If the file is damaged, put your copy of it in its place; without one, move it away and grade again, which brings back "
            "everything except the marks given by hand."
        )  # fmt: skip
        raise GradebookError(f"the gradebook {course.db_url} cannot be used: {e.orig}. {advice} Nothing was recorded.") from None
