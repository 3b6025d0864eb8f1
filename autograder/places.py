"""The paths of everything that the instructor's side of the course reads or writes.

A *term* is one run of the course with one class. A term's data (secret seed, gradebook, results and submissions) is
in one folder, `autograder/term/`, so that no data is lost when code is moved between folders. Git ignores this folder.
"""

import fnmatch
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "autograder"
SOURCES = ROOT / "solutions"
NOTEBOOKS = ROOT / "notebooks"
BANK = HOUSE / "bank"
BLIND = HOUSE / "blind"
TEMPLATES = HOUSE / "templates"
PYPROJECT = ROOT / "pyproject.toml"

TERM_OF_COURSE = Path("autograder", "term")  # relative to the folder of a course
TERM = ROOT / TERM_OF_COURSE
SECRET = TERM / "secret_seed"
GRADEBOOK = TERM / "gradebook.db"
RESULTS = TERM / "results"
CACHE = TERM / "cache"

# Name patterns of the files and folders that are data of a term. Before version 0.2 they were in autograder/ itself.
GATHERED = (
    "secret_seed", "gradebook.db*", "results", "cache", "submitted", "autograded", "feedback", "solution_html",
    "source_with_tests", "exchange", "grades_*.csv", "class_report*.html",
)  # fmt: skip


class PlaceError(ValueError):
    """Raised if a file or folder of the term's data exists in two places. The message names the places and says what to do."""


def gathered(name):
    """Return whether a file or folder called `name`, in autograder/ or in autograder/term/, is part of a term's data."""
    return any(fnmatch.fnmatch(name, pattern) for pattern in GATHERED)


def left_behind(house=HOUSE):
    """Return the sorted paths of the term's data that still lies directly in the folder `house`, by default autograder/.

    Versions before 0.2 kept a term's data there. This data now belongs in the folder `term` inside `house`.
    """
    return sorted(path for pattern in GATHERED for path in Path(house).glob(pattern))


def move_in(house=HOUSE):
    """Move the term's data that lies directly in `house` into `house`/term. Return a message to show, or "" if nothing moved.

    Nothing is merged or replaced: if a name exists in both folders, PlaceError is raised and nothing is moved. If the move was
    interrupted, another call moves the rest.
    """
    house = Path(house)
    term, found = house / "term", left_behind(house)
    if both := [path.name for path in found if os.path.lexists(term / path.name)]:
        raise PlaceError(
            f"the term's data is in two places: {', '.join(both)} {'is' if len(both) == 1 else 'are'} in {house} and in {term}. "
            f"Keep the ones that count in {term}, move the others away, and run the command again. Nothing was moved."
        )
    if not found:
        return ""
    term.mkdir(exist_ok=True)
    for path in found:
        path.rename(term / path.name)
    return f"moved to {term}, where the term's data is now kept: {', '.join(path.name for path in found)}"
