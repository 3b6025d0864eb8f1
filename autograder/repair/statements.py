"""Runs a student's cells statement by statement. If a statement fails, its error is kept and the next statement is run.

A correct line above the answer may fail because the grading machine lacks a package, a file, a GPU or Colab. This costs points
only if the answer needs a name that the failed line would have defined. The student is then told which line failed.
"""

import __future__

import ast
import contextlib
import linecache
import re
import signal
import symtable
import time
import traceback
from dataclasses import dataclass

from autograder.repair.syntax import parse, root, touched_by

# An assignment in the student's other cells is always run if it calls no functions but these, which make constants, devices and
# small tables. Other assignments are run only if the exercise needs them.
CHEAP = {
    "torch", "np", "numpy", "math", "nn", "F", "re", "functools", "itertools", "collections", "partial", "float", "int", "str",
    "len", "range", "list", "dict", "set", "tuple", "frozenset", "bool", "sorted", "zip", "enumerate", "min", "max", "sum",
    "best_device", "get_track", "logging", "namedtuple", "defaultdict", "Counter", "SimpleNamespace",
}  # fmt: skip
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Things that a grading machine lacks: (pattern for the beginning of the error's text, explanation for the student).
ABSENT = (
    (r"ModuleNotFoundError: No module named '([\w.]+)'", "{0} is not installed on the grading machine: do without it here"),
    (r"ImportError:", "what it imports does not exist on the grading machine"),
    (r"FileNotFoundError:", "files beside the notebook are not available when the work is graded"),
    (
        r"\w+: .*(?:not compiled with CUDA|NVIDIA driver|No CUDA|CUDA device|support for mps|MPS backend)",
        "the grading machine has no GPU: put new tensors on the device of the tensors that you are given",
    ),
    (r"BdbQuit|EOFError", "a debugger or an input() waits for a person, but nobody is there when the work is graded: remove it"),
)


class OutOfTime(BaseException):
    """Raised at the time limit. It is no subclass of Exception: `except Exception` in the student's code does not catch it."""


@contextlib.contextmanager
def seconds(n):
    """Context manager that raises OutOfTime in its block after `n` seconds of real time. Works only in the main thread."""

    def stop(*_):
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, n)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class Failure:
    """A statement that failed. `str(failure)` completes a sentence that begins with "The exercise cell"."""

    status: str  # "crashed" or "timeout"
    what: str  # "stopped with ValueError: ..."
    where: str  # " in line 3: x = f()"
    why: str = ""  # "; there is no GPU ..."

    def __str__(self):
        return f"{self.what}{self.where}{self.why}"


def is_definition(node):
    """Return whether a statement is an import, a function, a class, or an assignment to names that calls only names in CHEAP."""
    if isinstance(node, DEFINITIONS):
        return True
    if not isinstance(node, (ast.Assign, ast.AnnAssign)):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if any(isinstance(n, (ast.Attribute, ast.Subscript)) and not isinstance(n.ctx, ast.Load) for t in targets for n in ast.walk(t)):
        return False
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
    return all(len(root(c.func) & CHEAP) == 1 for c in calls)


def run_definitions(source, name, namespace, wanted=is_definition):
    """Run the top-level statements of `source` for which `wanted(node)` is true, one by one, in the dict `namespace`.

    If a statement fails, the next statement is run, except after OutOfTime, which is raised again. If `source` does not parse,
    nothing is run. `name` is the file name in tracebacks.
    """
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
    """Store `source`, a student's code, in `linecache` under the file name `name`. Error messages can then show its lines."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)


class Space:
    """A namespace that is filled statement by statement.

    `failed` is {name that could not be defined: the Failure that caused it}.
    """

    def __init__(self, names, cell, extras_time, cell_time):
        """Make a Space.

        names        the namespace, a dict
        cell         name of the exercise's cell in error messages
        extras_time  seconds for the student's other cells
        cell_time    seconds for the exercise's cell
        """
        self.names, self.cell, self.failed, self.first = names, cell, {}, None  # first: the first Failure in the exercise's cell
        self.extras_time, self.cell_time = extras_time, cell_time

    def run_extras(self, extras, code):
        """Run parts of the student's other cells: all definitions, and those other statements that `code` needs.

        extras  the source texts of these cells
        code    the source of the exercise's cell
        """
        cells = [(f"own code {i}", source, parse(source)) for i, source in enumerate(extras, 1)]
        nodes = [node for _, _, tree in cells if tree for node in tree.body]
        wanted = needed(nodes, code)
        left = {True: self.extras_time, False: self.extras_time}
        for name, source, tree in cells:
            if tree:
                remember(source, name)
                self._run([n for n in tree.body if n in wanted or is_definition(n)], name, left)

    def run(self, code, name):
        """Run all statements of `code`. Raises SyntaxError or another error of `ast.parse` if the code is not Python.

        `name` is the name of the cell in error messages.
        """
        body = ast.parse(code).body
        remember(code, name)
        self._run(body, name, {True: self.cell_time, False: self.cell_time})

    def _run(self, body, name, left):
        """Run the statements `body` of the cell `name`, and reduce `left` by the time that they take.

        `left` is {True: seconds left for definitions, False: seconds left for other statements}. The two budgets are separate,
        so that an endless loop does not use up the time for definitions.
        """
        flags = 0
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                flags |= sum(getattr(__future__, a.name).compiler_flag for a in node.names if hasattr(__future__, a.name))
            kind, begun, names = is_definition(node), time.monotonic(), touched_by(node)
            try:
                if left[kind] <= 0:
                    raise OutOfTime
                with seconds(left[kind]):
                    exec(compile(ast.Module([node], []), name, "exec", flags, dont_inherit=True), self.names)
                for n in names:
                    self.failed.pop(n, None)
            except BaseException as e:  # whatever a line raises, the next one is run
                told = failure(e, node, name, self.failed)
                self.failed |= dict.fromkeys(names, told)
                self.first = self.first or (told if name == self.cell else None)
            left[kind] -= time.monotonic() - begun


def failure(error, node, name, failed):
    """Return the Failure that describes `error`, which the statement `node` of the cell `name` raised.

    `failed` is {name: Failure} for the names that earlier statements failed to define.
    """
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == name]
    lineno = own[-1].lineno if own else node.lineno
    where = f" in line {lineno}: {linecache.getline(name, lineno).strip()[:80]}"
    if isinstance(error, OutOfTime):
        return Failure("timeout", "did not finish within its share of the time", where)
    if isinstance(error, SystemExit):
        return Failure("crashed", "called exit(), quit() or sys.exit()", where)
    first = str(error).strip().splitlines()
    told = f"{type(error).__name__}: {first[0][:160]}" if first else type(error).__name__
    return Failure("crashed", f"stopped with {told}", where, absent(told, failed))


def absent(text, failed):
    """Return an explanation to append to `text`, an error's type and message, or "" if there is nothing to explain.

    There is an explanation if the cause of the error may be an earlier line that failed, or something that the grading machine
    lacks. `failed` is {name: Failure} for the names that earlier lines failed to define.
    """
    name = re.match(r"NameError: name '(\w+)' is not defined", text)
    if name and name[1] in failed:
        return f"; the line that would have made {name[1]} {failed[name[1]]}"
    for pattern, words in ABSENT:
        if m := re.match(pattern, text):
            return f"; {words.format(*m.groups())}"
    return ""


def needed(nodes, code):
    """Return the set of those statements among `nodes` that `code` needs.

    A statement is needed if it defines, changes or deletes something that `code` or another needed statement uses. A name that
    is only imported does not make a statement needed: imports are always run.
    """
    own = set().union(*(touched_by(n, changes=False) for n in nodes if not isinstance(n, (ast.Import, ast.ImportFrom))))
    by_name = {}
    for n in nodes:
        for name in touched_by(n) & own:
            by_name.setdefault(name, []).append(n)
    found, done, left = set(), set(), list(globals_of(code))
    while left:
        name = left.pop()
        if name not in done:
            done.add(name)
            for n in by_name.get(name, ()):
                if n not in found:
                    found.add(n)
                    left += globals_of(n)
    return found


def globals_of(code):
    """Return the set of global names that `code` uses. `code` is source text or an AST node.

    If `code` does not parse, the set is empty.
    """
    try:
        tables = [symtable.symtable(code if isinstance(code, str) else ast.unparse(code), "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found, top = set(), tables[0]
    while tables:
        table = tables.pop()
        found |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (table is top or s.is_global())}
        tables += table.get_children()
    return found
