"""`closed_books`, a `with` block in which a student's answer can open no file that holds solutions and can start no program.

The module own_work keeps answers from calling finished functions of the package. This module keeps answers from reading the
source of such functions.
"""

import contextlib
import os
import re
import sys

from dpr_course.checks.own_work import SHIPPED, ShippedAnswer

# Reference solutions, known answers, expected values, and previous.py with its compiled form. The names of folders alone say nothing:
# the course itself may lie in a folder named solutions, and torch reads the source of every function in the stack to describe it.
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
    """Return a context manager: code in its block that opens a file with answers, or starts a program, gets ShippedAnswer.

    Files with answers are the expected values, previous.py, the stages in solutions/, and the bank of known right and wrong
    answers.
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
