"""`closed_books`, a context manager in whose block an answer (a student's code) cannot read solutions or start programs.

The module own_work keeps answers from calling the package's finished solutions. This module keeps answers from opening files
that hold solutions.
"""

import contextlib
import os
import re
import sys

from dpr_course.checks.own_work import SHIPPED, ShippedAnswer

# The paths of files with answers; previous.py also in its compiled form. A folder named solutions is not enough for a match: the
# course itself may lie in such a folder, and torch reads the source of every function in the stack when it describes an error.
ANSWERS = re.compile(
    r"/(expected\.json|previous(\.reference)?\.py|previous\.[\w.-]*pyc)$|/solutions/(\w+/)?\d\d_\w+\.\w+$"
    r"|/(solutions|notebooks)/clinic\.\w+$|/autograder/(bank|bench|blind)/"
)
PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}
_depth = 0  # number of nested closed_books blocks; Python cannot remove an audit hook, so the hook does nothing at 0


def _hook(event, arguments):
    if not _depth or event not in PROGRAMS | {"open"}:
        return
    if event != "open":
        raise ShippedAnswer(f"A program is started ({event}). An exercise needs none: write it with torch, NumPy and the helpers.")
    path = arguments[0]
    if isinstance(path, (str, bytes, os.PathLike)):
        full = os.path.abspath(os.fsdecode(path)).replace("\\", "/")
        if ANSWERS.search(full):
            raise ShippedAnswer(
                f"{SHIPPED}{full.rpartition('/')[2]} is read. A finished version is no answer: write the exercise yourself."
            )


@contextlib.contextmanager
def closed_books():
    """Return a context manager that raises ShippedAnswer if code in its block opens a file with answers, or starts a program.

    Files with answers are the expected values, previous.py, the stages in solutions/, the clinic, and all files in the folders
    bank, bench and blind of autograder/.
    """
    global _depth
    if not _installed:
        sys.addaudithook(_hook)
        _installed.append(True)
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1


_installed = []
