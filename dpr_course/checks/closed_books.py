"""`closed_books`, a `with` block in which a student's answer can open no file that holds solutions and can start no program.

The module own_work keeps answers from calling finished functions of the package. This module keeps answers from reading the
source of such functions.
"""

import contextlib
import os
import sys

from dpr_course.checks.own_work import SHIPPED, ShippedAnswer

FILES = ("expected.json", "previous.py", "previous.reference.py")
FOLDERS = {"solutions", "autograder"}
PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}
_depth = 0  # number of nested closed_books blocks; Python cannot remove an audit hook, so the hook does nothing at 0


def _hook(event, arguments):
    if not _depth or event not in PROGRAMS | {"open"}:
        return
    if event != "open":
        raise ShippedAnswer(f"A program is started ({event}). An exercise needs none: write it with torch, NumPy and the helpers.")
    path = arguments[0]
    if isinstance(path, (str, bytes, os.PathLike)):
        parts = os.fsdecode(path).replace("\\", "/").split("/")
        compiled = parts[-1].endswith(".pyc") and parts[-1].startswith("previous.")
        if parts[-1] in FILES or compiled or FOLDERS & set(parts[-3:-1]):
            raise ShippedAnswer(f"{SHIPPED}{parts[-1]} is read. A finished version is no answer: write the exercise yourself.")


@contextlib.contextmanager
def closed_books():
    """Return a context manager: code in its block that opens a file with answers, or starts a program, gets ShippedAnswer.

    Files with answers are the expected values, previous.py, and everything in folders named solutions or autograder.
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
