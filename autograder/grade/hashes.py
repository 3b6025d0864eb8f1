"""Hashes of everything that a mark depends on. They are the keys of the cache, and are recorded with each mark as its receipt.

An observation is what a check records about a student's code: arrays, without a verdict. It depends on the code, on how the
check makes inputs and observes, and on the libraries. It does not depend on the points, hints and names of tests: if only these
change, nothing is run again, and the old observation is judged again.
"""

import ast
import functools
import hashlib
import inspect
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import dpr_course
from autograder.places import HOUSE
from autograder.stages.contexts import context
from dpr_course.checks import CHECKS, expected

JUDGED_ONLY = {"tests", "title", "number"}  # attributes of a check that its observations do not depend on
CHECKS_ROOM = "dpr_course.checks"
COMPARE = CHECKS_ROOM + ".compare"  # compares observations with expected values
# The modules of dpr_course.checks through which every observation is made.
USED_BY_ALL = ("core", "fixtures", "own_work", "closed_books")


def digest(*parts):
    """Return the sha256 of any values that JSON can hold, as hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def file_hash(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@functools.cache
def environment():
    """Return the hash of the environment in which code is run.

    It covers the versions of Python and of the libraries, the files of the sandbox, the two modules of autograder.repair with
    which the sandbox reads code, and dpr_course. Of dpr_course.checks it covers USED_BY_ALL only; `_sources` covers the others.
    """
    package = Path(dpr_course.__file__).parent
    files = [p for p in sorted(package.rglob("*")) if p.is_file() and "checks" not in p.parts and p.suffix not in (".pyc", ".png")]
    files += [package / "checks" / f"{name}.py" for name in USED_BY_ALL]
    files += sorted((HOUSE / "sandbox").glob("*.py")) + [HOUSE / "repair" / f"{name}.py" for name in ("statements", "syntax")]
    versions = {name: version(name).split("+")[0] for name in ("torch", "transformers", "numpy", "tokenizers")}
    return digest(platform.python_version(), versions, [(p.name, file_hash(p)) for p in files])


def _sources(check, judging):
    """Return the normalised sources that a check consists of, {module: list of its statements}.

    These are its own module and those of dpr_course.checks that it imports, directly or through others, except USED_BY_ALL. They
    are without other checks. Unless `judging`, what serves only to judge is left out: `compare`, and the attributes JUDGED_ONLY.
    """
    others = {type(c).__name__ for c in CHECKS.values() if c is not check}
    left, found = [inspect.getmodule(check)], {}
    while left:
        module = left.pop()
        statements, imported = _statements(inspect.getsource(module))
        kept = [(name, s) for name, s in statements if name not in others]
        found[module.__name__] = [s if judging or name != type(check).__name__ else _observing(s) for name, s in kept]
        left += [sys.modules[name] for name in imported if name not in found and (judging or name != COMPARE)]
    return found


@functools.cache
def _statements(source):
    """Return the normalised statements of a module, a list of (name of a class or None, text), and the check modules it imports."""
    tree = ast.parse(source)
    names = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    imported = sorted(n for n in names if n.startswith(CHECKS_ROOM + ".") and n.rpartition(".")[2] not in USED_BY_ALL)
    return [(n.name if isinstance(n, ast.ClassDef) else None, ast.unparse(n)) for n in tree.body], imported


def _observing(source):
    """Return the source of a check's class without the attributes JUDGED_ONLY."""
    [node] = ast.parse(source).body
    node.body = [n for n in node.body if not JUDGED_ONLY & names_assigned(n)]
    return ast.unparse(node)


def names_assigned(node):
    if not isinstance(node, ast.Assign):
        return set()
    return {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}


@functools.cache
def observing(exercise):
    """Return the hash of everything that an observation depends on, except the student's code and the seeds."""
    return digest(_sources(CHECKS[exercise], judging=False), context(exercise), environment())


@functools.cache
def check_hash(exercise):
    """Return the hash of the whole check with its expected values, which the receipt records."""
    entry = expected._file()["exercises"].get(exercise)
    return digest(_sources(CHECKS[exercise], judging=True), entry)


def run_key(exercise, code, extras, seeds, limits):
    """Return the key of a run in the cache: a hash of everything that its outcome depends on."""
    return digest(exercise, code, list(extras), list(seeds), limits, observing(exercise))
