"""What a mark depends on, as hashes: unchanged work is found again in the cache, and a receipt says what decided.

An observation depends on the code, on how its check makes inputs and observes, and on everything underneath. Points,
hints and names of tests are no part of it: when only they change, nothing is run again, it is only judged again.
"""

import ast
import functools
import hashlib
import inspect
import json
import platform
from importlib.metadata import version
from pathlib import Path

import dpr_course
from autograder.places import HOUSE
from autograder.stages.contexts import context
from dpr_course.checks import CHECKS, expected

JUDGED_ONLY = {"tests", "title", "number"}  # of a check: they play no part in observing


def digest(*parts):
    """sha256 of any JSON-able parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def file_hash(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@functools.cache
def environment():
    """Versions, the sandbox's room, the two modules with which it reads code, and all of the helper package but its checks."""
    package = Path(dpr_course.__file__).parent
    files = [p for p in sorted(package.rglob("*")) if p.is_file() and "checks" not in p.parts and p.suffix not in (".pyc", ".png")]
    files += [package / "checks" / f"{name}.py" for name in ("core", "fixtures", "own_work")]
    files += sorted((HOUSE / "sandbox").glob("*.py")) + [HOUSE / "repair" / f"{name}.py" for name in ("statements", "syntax")]
    versions = {name: version(name).split("+")[0] for name in ("torch", "transformers", "numpy", "tokenizers")}
    return digest(platform.python_version(), versions, [(p.name, file_hash(p)) for p in files])


def _source_without(check, dropped):
    """The check's module, without other checks and without what is `dropped` from this one, normalised."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(check)))
    others = {type(c).__name__ for c in CHECKS.values() if c is not check}
    tree.body = [n for n in tree.body if not (isinstance(n, ast.ClassDef) and n.name in others)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == type(check).__name__:
            node.body = [n for n in node.body if not dropped & names_assigned(n)]
    return ast.unparse(tree)


def names_assigned(node):
    if not isinstance(node, ast.Assign):
        return set()
    return {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}


@functools.cache
def observing(exercise):
    """Hash of all that decides what is observed, but the student's code and the seeds."""
    return digest(_source_without(CHECKS[exercise], JUDGED_ONLY), context(exercise), environment())


@functools.cache
def check_hash(exercise):
    """Hash of the check as a whole, its pinned values included: the receipt's."""
    entry = expected._file()["exercises"].get(exercise)
    return digest(_source_without(CHECKS[exercise], set()), entry)


def run_key(exercise, code, extras, seeds, limits):
    """The name of a run in the cache."""
    return digest(exercise, code, list(extras), list(seeds), limits, observing(exercise))
