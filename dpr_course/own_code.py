"""Reads a student's own code from the student's notebooks: the cells of exercises, and the statements that these cells need.

A notebook is never run as a whole, and its outputs and metadata are ignored. The commands `carry`, `progress` and `milestone`
run the check of an exercise anew on the code in the notebook, and accept the exercise only if this code passes.
"""

import _thread
import ast
import contextlib
import json
import re
import signal
import symtable
import threading

from dpr_course.checks import CHECKS, expected, observe
from dpr_course.checks.closed_books import closed_books
from dpr_course.checks.core import TestResult, Verdict, describe_error, hushed
from dpr_course.checks.own_work import ShippedAnswer
from dpr_course.errors import CourseError
from dpr_course.stages import mark_of

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
SECONDS = 60  # time limit of one exercise; the slowest check takes about 2 seconds


class NotebookError(CourseError):
    """Raised if a file is not a notebook. The message names the file and says what to do."""


def code_cells(path):
    """Return the sources of a notebook's code cells, in order. Raises NotebookError if the file is not a notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8-sig"))["cells"]
        return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, OSError) as e:
        raise NotebookError(f"{path} is not a notebook ({type(e).__name__}): save it again in Jupyter") from None


def exercise_of(source):
    """Return the ID in the line `# exercise: ID` of a cell's source; None if no line of the source has this form."""
    marks = (mark_of(line) for line in source.split("\n"))
    return next((key for kind, key in marks if kind == "exercise"), None)


def exercise_cells(cells):
    """Return {ID of an exercise: position of its cell} for a list of cell sources.

    An exercise's cell has a line `# exercise: ID`. If several cells have the same line, the last of them counts, as it does when
    the notebook is run. The line is missing if an answer was pasted over the whole cell. In this case the exercise's cell is the
    last cell that defines all functions and classes of the exercise and stands above the cell `# check: ID`.
    """
    found = {key: i for i, source in enumerate(cells) if (key := exercise_of(source))}
    for place, source in enumerate(cells):
        kind, key = mark_of(source)
        if kind != "check" or key not in CHECKS or key in found:
            continue
        if answers := [i for i in range(place) if set(CHECKS[key].names) <= _defined(cells[i])]:
            found[key] = answers[-1]
    return found


def _defined(source):
    """Return the names of the functions and classes that a cell defines at its top level; none if the cell is not Python."""
    source = plain_python(source)
    return definitions(source).keys() if _parses(source) else set()


def lines_of(source):
    """Return the lines of `source` as Python counts them. (`str.splitlines` would also split at characters such as U+2028.)"""
    return re.split(r"\r\n|\r|\n", source)


def first_line(node):
    """Return the number, counted from 1, of the first line of a statement, including its decorators."""
    return min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])


def segments(source, tree=None):
    """Yield (node, text) for each top-level statement of `source`: its syntax node and its source text.

    The text consists of whole lines: it includes decorators, and a comment at the end of the last line. A caller who has
    `ast.parse(source)` already may pass it as `tree`, so that the source is not parsed twice.
    """
    lines = lines_of(source)
    for node in (tree or ast.parse(source)).body:
        yield node, "\n".join(lines[first_line(node) - 1 : node.end_lineno])


def definitions(source):
    """Return {name: source text} of the functions, classes and imports at the top level of a cell's source.

    The key of an import is the text of its statement. Imports from `previous` are left out, because previous.py itself is run
    before this code. Raises SyntaxError if the cell is not Python.
    """
    found = {}
    for node, text in segments(plain_python(source)):
        if isinstance(node, DEFINITIONS) and getattr(node, "module", "") != "previous":
            found[getattr(node, "name", text)] = text
    return found


def plain_python(source):
    """Return a cell's source. If it is not valid Python, lines with an IPython command (`%pip`, `!ls`) are replaced by `pass`."""
    return re.sub(r"^([ \t]*)[%!].*", r"\1pass", source, flags=re.MULTILINE) if not _parses(source) else source


def _parses(source):
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):  # ValueError: a null byte
        return False
    return True


def needed(cells, names):
    """Return the part of a notebook's code that is needed to define `names`, as one text.

    The text holds the top-level statements that bind (define, import or assign) one of `names`, the statements that bind a name
    that these statements read, and so on. `cells` are the sources of the notebook's cells, in order. A cell that is not Python
    is skipped. A name that no cell binds is ignored, since previous.py or Python itself may define it.
    """
    statements = []  # (text, names that it binds, names that it reads)
    for source in map(plain_python, cells):
        for node, text in segments(source) if _parses(source) else ():
            if getattr(node, "module", "") != "previous":
                statements.append((text, *_names(text)))
    chosen, wanted = set(), set(names)
    while more := {i for i, (_, binds, _) in enumerate(statements) if binds & wanted} - chosen:
        chosen |= more
        wanted |= {name for i in more for name in statements[i][2]}
    return "\n\n".join(statements[i][0] for i in sorted(chosen))


def _names(text):
    """Return two sets for the source text of a statement: the names that it binds, and the global names that it reads.

    A name that is read inside a function in the statement counts as read.
    """
    top = symtable.symtable(text, "cell", "exec")
    binds = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    reads, tables = {s.get_name() for s in top.get_symbols() if s.is_referenced()}, top.get_children()
    while tables:
        table = tables.pop()
        reads |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    return binds, reads


def judged(check, previous, code, seconds=SECONDS):
    """Run a student's code of one exercise, check it on the inputs of the published seed, and return the Verdict.

    check     the Check of the exercise
    previous  source of a previous.py, which is run before `code`
    code      source that must define the exercise's functions and classes
    seconds   time limit

    If the code raises an error or takes longer than the limit, every test of the Verdict fails, with a message that says why.
    """
    namespace = {"__name__": "previous"}
    expected._file.cache_clear()  # otherwise a student's code could read the expected values from memory
    try:
        with limited(seconds), closed_books():
            with hushed():
                exec(compile(previous, "<previous>", "exec"), namespace)
                for name in check.names:  # previous.py may define the exercise too, but only the student's code counts
                    namespace.pop(name, None)
                exec(compile(code, f"<{check.exercise}>", "exec"), namespace)
            missing = [name for name in check.names if name not in namespace]
            observation = None if missing else observe(check, {name: namespace[name] for name in check.names})
        why = f"{', '.join(missing)} is not defined in the exercise's cell" if missing else ""
    except TimeoutError:
        why = f"it did not end within {seconds:g} seconds"
    except ShippedAnswer as e:
        why = str(e)
    except (Exception, SystemExit) as e:  # a student's code may raise anything
        why = describe_error(e)
    if why:
        return Verdict(check.exercise, [TestResult(t.name, False, 0.0, t.points, why, stopped=why) for t in check.tests])
    return check.judge(observation, *expected.load_expected(check.exercise))


@contextlib.contextmanager
def limited(seconds):
    """Return a context manager that raises TimeoutError when its block takes longer than `seconds`.

    The block is interrupted as if by Ctrl-C, even in a background process, where a real Ctrl-C is ignored. The interruption is
    repeated every second, because the code in the block may catch it. Outside the main thread there is no time limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    late, ended = threading.Event(), threading.Event()

    def strike():
        pause = seconds
        while not ended.wait(pause):
            late.set()
            _thread.interrupt_main()
            pause = 1

    def stop(*_):
        if not ended.is_set():
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    threading.Thread(target=strike, daemon=True).start()
    try:
        yield
        if late.is_set():  # the check took the interruption for an error of the answer and went on
            raise TimeoutError
    except KeyboardInterrupt:
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        ended.set()
        signal.signal(signal.SIGINT, before)
