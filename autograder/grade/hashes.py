"""Computes hashes of everything that a mark depends on: the keys of the cache, and the hashes in a mark's receipt.

An observation is what a check records about a student's code: arrays and texts, without a verdict. An observation depends on the
student's code, on the part of the check that makes inputs and observes, and on the libraries. It does not depend on the points,
hints and names of tests: if only these change, the code is not run again, and the old observation is judged again.
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

JUDGED_ONLY = {"tests", "title", "number"}  # attributes of a check that have no influence on its observations
CHECKS_ROOM = "dpr_course.checks"
COMPARE = CHECKS_ROOM + ".compare"  # compares observations with expected values
# The modules of dpr_course.checks through which every observation is made.
USED_BY_ALL = ("core", "fixtures", "own_work", "closed_books")


def digest(*parts):
    """Return one SHA-256, as hexadecimal digits, of all values in `parts`. JSON must be able to hold these values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def file_hash(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@functools.cache
def environment():
    """Return the hash of the environment in which code is run.

    The hash covers the versions of Python, torch, transformers, numpy and tokenizers, the files of the sandbox, the two modules
    of autograder.repair that run inside the sandbox, and dpr_course. Of the folder dpr_course.checks, it covers only the modules in
    USED_BY_ALL; the code of each check is hashed separately, see `_sources`.
    """
    package = Path(dpr_course.__file__).parent
    files = [p for p in sorted(package.rglob("*")) if p.is_file() and "checks" not in p.parts and p.suffix not in (".pyc", ".png")]
    files += [package / "checks" / f"{name}.py" for name in USED_BY_ALL]
    files += sorted((HOUSE / "sandbox").glob("*.py")) + [HOUSE / "repair" / f"{name}.py" for name in ("statements", "syntax")]
    versions = {name: version(name).split("+")[0] for name in ("torch", "transformers", "numpy", "tokenizers")}
    return digest(platform.python_version(), versions, [(p.name, file_hash(p)) for p in files])


def _sources(check, judging):
    """Return the code of a check as {name of a module: list of its top-level statements, as normalised text}.

    The modules are the one that defines the check and the modules of dpr_course.checks that it imports, directly or indirectly,
    except those in USED_BY_ALL. The classes of other checks are left out. If `judging` is false, code that only judges is also
    left out: the module `compare` and the attributes in JUDGED_ONLY.
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
    """Return two lists for the source of a module: its top-level statements, and the names of the check modules that it imports.

    A statement is (name, normalised text). If the statement defines a class, the name is that of the class, else None.
    """
    tree = ast.parse(source)
    names = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    imported = sorted(n for n in names if n.startswith(CHECKS_ROOM + ".") and n.rpartition(".")[2] not in USED_BY_ALL)
    return [(n.name if isinstance(n, ast.ClassDef) else None, ast.unparse(n)) for n in tree.body], imported


def _observing(source):
    """Return `source`, the source of a check's class, without the attributes in JUDGED_ONLY."""
    [node] = ast.parse(source).body
    node.body = [n for n in node.body if not JUDGED_ONLY & names_assigned(n)]
    return ast.unparse(node)


def names_assigned(node):
    if not isinstance(node, ast.Assign):
        return set()
    return {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}


@functools.cache
def observing(exercise):
    """Return a hash of everything that an exercise's observations depend on, except the student's code and the seeds."""
    return digest(_sources(CHECKS[exercise], judging=False), context(exercise), environment())


@functools.cache
def check_hash(exercise):
    """Return a hash of an exercise's whole check and of the expected values. The receipt of a mark records this hash."""
    entry = expected._file()["exercises"].get(exercise)
    return digest(_sources(CHECKS[exercise], judging=True), entry)


def run_key(exercise, code, extras, seeds, limits):
    """Return the key of a run in the cache: a hash of everything that the outcome of the run depends on."""
    return digest(exercise, code, list(extras), list(seeds), limits, observing(exercise))
