"""Where everything lies that the instructor's side reads or writes. No other module builds a path from its own `__file__`.

Code may move from room to room; what a term has gathered must not be lost by that. So the secret seed, the gradebook,
results and submissions lie in one folder, `autograder/term/`, that git ignores and that this module alone names.
"""

import fnmatch
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "autograder"
SOURCES = ROOT / "solutions"
NOTEBOOKS = ROOT / "notebooks"
BANK = HOUSE / "bank"
TEMPLATES = HOUSE / "templates"
PYPROJECT = ROOT / "pyproject.toml"

TERM_OF_COURSE = Path("autograder", "term")  # below the folder of a course
TERM = ROOT / TERM_OF_COURSE
SECRET = TERM / "secret_seed"
GRADEBOOK = TERM / "gradebook.db"
RESULTS = TERM / "results"
CACHE = TERM / "cache"

# What a term gathers, by its names in the term's folder. Until version 0.2 it lay in autograder/ itself.
GATHERED = (
    "secret_seed", "gradebook.db*", "results", "cache", "submitted", "autograded", "feedback", "solution_html",
    "source_with_tests", "exchange", "grades_*.csv", "class_report*.html",
)  # fmt: skip


class PlaceError(ValueError):
    """The term's data lies in two places. The message says which, and what to do."""


def gathered(name):
    """Whether a file or folder of this name, in autograder/ or in the term's folder, is data of a term."""
    return any(fnmatch.fnmatch(name, pattern) for pattern in GATHERED)


def left_behind(house=HOUSE):
    """What a term gathered that still lies in autograder/ itself: a sorted list of paths."""
    return sorted(path for pattern in GATHERED for path in Path(house).glob(pattern))


def move_in(house=HOUSE):
    """Move what a term gathered from autograder/ itself to autograder/term/. Returns a sentence to show, "" if there was nothing.

    Nothing is merged or replaced: raises PlaceError, and moves nothing, if the same name lies in both. Called again after
    an interruption it moves the rest.
    """
    house = Path(house)
    term, found = house / "term", left_behind(house)
    if both := [path.name for path in found if os.path.lexists(term / path.name)]:
        raise PlaceError(
            f"the term's data lies in two places: {', '.join(both)} {'is' if len(both) == 1 else 'are'} in {house} and in {term}. "
            f"Keep the ones that count in {term}, move the others away, and run the command again. Nothing was moved."
        )
    if not found:
        return ""
    term.mkdir(exist_ok=True)
    for path in found:
        path.rename(term / path.name)
    return f"moved to {term}, where the term's data lies now: {', '.join(path.name for path in found)}"
