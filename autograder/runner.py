"""What happens in a student's process: define the exercise on top of what it may see, observe it, send arrays back.

Nothing in here is trusted once the student's code has run: it may have replaced any of it. It knows the inputs and no
expected value.
"""

import ast
import contextlib
import linecache
import logging
import os
import signal
import sys
import traceback
import warnings

import torch

from autograder.wire import pack, receive, send
from dpr_course.checks.core import preserved_state

MAX_PRINTED = 64 << 10  # characters; the rest is dropped
DEFINE_SHARE, EXTRAS_SHARE = 1 / 4, 1 / 8  # of the time of a run; a cell that goes on for longer is left where it is
# Assignments of the student's own cells are run if they call nothing but these: constants, devices, small tables.
CHEAP = {
    "torch", "np", "numpy", "math", "nn", "F", "re", "functools", "itertools", "collections", "partial", "float", "int", "str",
    "len", "range", "list", "dict", "set", "tuple", "frozenset", "bool", "sorted", "zip", "enumerate", "min", "max", "sum",
    "best_device", "get_track", "logging",
}  # fmt: skip


class Printed:
    """Standard output with an end: after MAX_PRINTED characters nothing more is written."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self):
        self.left = MAX_PRINTED

    def write(self, text):
        text = str(text)
        kept, self.left = text[: self.left], max(0, self.left - len(text))
        if kept:
            with contextlib.suppress(OSError):
                os.write(1, kept.encode("utf-8", "replace"))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def writable(self):
        return True

    def fileno(self):
        return 1


class OutOfTime(BaseException):
    """Not an Exception, so that a bare `except Exception` in the student's code does not swallow it."""


@contextlib.contextmanager
def seconds(n):
    def stop(*_):
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, n)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def is_definition(node):
    """Imports, functions, classes, and assignments that cost nothing."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
        return True
    if not isinstance(node, (ast.Assign, ast.AnnAssign)):
        return False
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        root = call.func
        while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
            root = root.func if isinstance(root, ast.Call) else root.value
        if not (isinstance(root, ast.Name) and root.id in CHEAP):
            return False
    return True


def run_definitions(source, name, namespace, wanted=is_definition):
    """Run the definitions of `source`, each on its own: one that fails does not stop the others."""
    try:
        nodes = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    remember(source, name)
    for node in filter(wanted, nodes):
        try:
            exec(compile(ast.Module([node], []), name, "exec"), namespace)
        except OutOfTime:
            raise
        except BaseException:
            continue


def remember(source, name):
    """Let error messages show the student's own line."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)


def define(namespace, extras, code, name, time):
    """Run the student's other definitions and the exercise cell. Returns None, or (status, reason)."""
    with contextlib.suppress(OutOfTime), seconds(time * EXTRAS_SHARE):
        for i, source in enumerate(extras, 1):
            run_definitions(source, f"own code {i}", namespace)
    remember(code, name)
    try:
        compiled = compile(code, name, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        where = f" in line {e.lineno}: {(e.text or '').strip()[:80]}" if isinstance(e, SyntaxError) and e.lineno else ""
        return "syntax error", f"The cell is not valid Python ({getattr(e, 'msg', e)}){where}"
    try:
        with seconds(time * DEFINE_SHARE):
            exec(compiled, namespace)
    except OutOfTime:
        return "timeout", f"The exercise cell did not finish within {time * DEFINE_SHARE:g} seconds."
    except SystemExit:
        return "crashed", "The exercise cell called exit(), quit() or sys.exit()."
    except BaseException as e:
        own = [f for f in traceback.extract_tb(e.__traceback__) if f.filename == name]
        line = f" in line {own[-1].lineno}: {(own[-1].line or '').strip()[:80]}" if own else ""
        return (
            "crashed",
            f"The exercise cell stopped with {type(e).__name__}: {str(e).splitlines()[0][:160] if str(e) else ''}{line}",
        )
    return None


def observe(check, namespace, seed):
    with preserved_state(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        return pack(check.observe({n: namespace[n] for n in check.names}, seed))


def serve(check, namespace, sock):
    """One run: say so, receive code and the published seed, send the observation; receive the other seeds, send theirs."""
    sys.stdout = sys.stderr = Printed()
    torch.set_num_threads(1)  # a fork's thread pool is made anew at its first use, which must not be in two threads at once
    send(sock, {"entered": True})
    request = receive(sock)
    problem = define(namespace, request["extras"], request["code"], f"exercise {check.number}", request["seconds"])
    missing = [n for n in check.names if n not in namespace]
    if missing:
        status, reason = problem or ("missing", f"The exercise cell does not define {', '.join(missing)}.")
        send(sock, {"failed": status, "reason": reason})
        return
    try:
        send(sock, {"observation": observe(check, namespace, request["seed"])})
        seeds = receive(sock)
        send(sock, {"observations": [observe(check, namespace, s) for s in seeds["seeds"]]})
    except SystemExit:
        send(sock, {"failed": "crashed", "reason": "The code called exit(), quit() or sys.exit()."})
    except OutOfTime:
        send(sock, {"failed": "timeout", "reason": "The code set an alarm of its own, which went off."})
