"""Closed books: a block in which no file that holds answers can be opened and no program can be started.

own_work makes finished functions refuse to be called; this module keeps finished text from being read.
"""

import contextlib
import os
import sys

from dpr_course.checks.own_work import SHIPPED, ShippedAnswer

FILES = ("expected.json", "previous.py", "previous.reference.py")
FOLDERS = {"solutions", "autograder"}
PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}
_depth = 0  # of nested closed_books blocks: an audit hook cannot be removed, so it does nothing at 0


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
    """Raise ShippedAnswer in the block where a file with answers is opened (pinned values, previous.py, solutions) or a program starts."""
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
