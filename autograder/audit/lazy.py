"""Makes and grades lazy answers: exercise cells that do none of an exercise's work.

Each lazy answer must get 0 points on the published inputs. These are the kinds:

docstring  the function has only its docstring
input      the function returns one of its arguments, or all of them
zeros      the function returns the reference's result, with 0 in place of every number and None in place of a model
constant   the function returns the reference's result, with 1 in place of every number and None in place of a model
earlier    the function is replaced by the function of an exercise in an earlier stage
package    the function is replaced by a public function or class of dpr_course with the same number of arguments
"""

import ast
import functools
import importlib
import inspect
import os
import pkgutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dpr_course
from autograder.grade.judge import judge
from autograder.sandbox.pool import Pool
from autograder.stages.contexts import stage_of
from autograder.stages.source import exercise_source, load_reference, without_markers, without_solution
from dpr_course.checks import CHECKS

KINDS = ("docstring", "input", "zeros", "constant", "earlier", "package")
# The code that follows the reference's answer in the kinds "zeros" and "constant". The reference gets copies of the arguments, so
# that it cannot change the caller's objects.
FILLED = '''

import copy as _copy
import functools as _functools

import numpy as _np
import torch as _torch


def _filled(value):
    """The same with {number} for every number, and None for a model."""
    if isinstance(value, _torch.nn.Module):
        return None
    if isinstance(value, _torch.Tensor):
        return _torch.full_like(value, {number})
    if isinstance(value, _np.ndarray):
        return _np.full_like(value, {number})
    if isinstance(value, dict):
        return {{k: _filled(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_filled, value))
    return type(value)({number}) if isinstance(value, (bool, int, float, str)) else value


def _lazy(right):
    return _functools.wraps(right)(lambda *a, **k: _filled(right(*_copy.deepcopy(a), **_copy.deepcopy(k))))


{function} = _lazy({function})
'''


def lazy_answers(exercise):
    """Return the lazy answers to an exercise as {kind: list of sources}. A list may be empty, such as "earlier" in stage 01."""
    source, (name, *_) = exercise_source(exercise), CHECKS[exercise].names
    function, arguments = _to_write(source)
    returned = [*arguments, ", ".join(arguments)] if len(arguments) > 1 else arguments
    found = {"docstring": [without_solution(source, "pass")]}
    found["input"] = [without_solution(source, f"return {text}") for text in returned]
    for kind, number in (("zeros", 0), ("constant", 1)):
        found[kind] = [without_markers(source) + FILLED.format(number=number, function=function)]
    before = [n for e, c in CHECKS.items() if stage_of(e) < stage_of(exercise) for n in c.names]
    found["earlier"] = [f"from previous import {n} as _other\n{name} = _other" for n in before]
    shape = _shape(load_reference()[name])
    alike = [(module, n) for module, n, thing in _of_the_package() if _shape(thing) == shape]
    found["package"] = [f"from {module} import {n} as _other\n{name} = _other" for module, n in alike]
    return found


def _to_write(source):
    """Return the name of the function that the student must write, such as "Encoder.forward", and the names of its arguments."""
    line = source.splitlines().index(next(t for t in source.splitlines() if "### BEGIN SOLUTION" in t)) + 1
    path, arguments = [], []
    for node in ast.walk(ast.parse(source)):  # from the outside inwards
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.lineno < line <= node.end_lineno + 1:
            path.append(node.name)
            if isinstance(node, ast.FunctionDef):
                arguments = [a.arg for a in node.args.args if a.arg != "self"]
    return ".".join(path), arguments


@functools.cache
def _of_the_package():
    """Return a list of (module, name, object) for all public functions and classes of dpr_course outside its checks."""
    found = []
    for info in pkgutil.walk_packages([str(Path(dpr_course.__file__).parent)], "dpr_course."):
        if not info.name.startswith("dpr_course.checks") and not info.name.endswith("__main__"):
            module = importlib.import_module(info.name)
            things = [t for t in vars(module).items() if inspect.isfunction(t[1]) or inspect.isclass(t[1])]
            found += [(info.name, n, t) for n, t in things if t.__module__ == info.name and n[0] != "_"]
    return found


def _shape(thing):
    """Return (whether `thing` is a class, the number of its required arguments, the number of all its arguments).

    *args and **kwargs do not count. Return None if `thing` has no signature.
    """
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    try:
        named = [p for p in inspect.signature(thing).parameters.values() if p.kind in kinds]
    except ValueError:  # some classes that are written in C have no signature
        return None
    return inspect.isclass(thing), sum(p.default is p.empty for p in named), len(named)


def lazy_points(exercises=None):
    """Run all lazy answers in the sandbox. Return {exercise: {kind: [(status, points), ...]}}.

    A status is that of `Pool.run`. exercises: list of ids, by default all.
    """
    work = [(e, kind, code) for e in exercises or CHECKS for kind, codes in lazy_answers(e).items() for code in codes]
    found = {e: {kind: [] for kind in KINDS} for e in exercises or CHECKS}
    with Pool() as pool, ThreadPoolExecutor(os.cpu_count()) as threads:
        outcomes = threads.map(lambda w: pool.run(w[0], w[2]), work)
        for (exercise, kind, _), outcome in zip(work, outcomes):
            found[exercise][kind].append((outcome["status"], judge(exercise, outcome, ())["points"]))
    return found


def lazy_problems(found):
    """Return a list of sentences, one for each lazy answer that got points or failed to run.

    Answers of the kind "package" may fail to run. `found` is the dictionary that `lazy_points` returns.
    """
    problems = []
    for exercise, kinds in found.items():
        for kind, ends in kinds.items():
            for status, points in ends:
                if points or (status != "ran" and kind != "package"):  # a function of the package may end the process
                    problems.append(
                        f"{CHECKS[exercise].number}, lazy answer {kind!r}: {points:g} points, its run ended as {status!r}"
                    )
    return problems


def lazy_table(found):
    """Return (headings, rows) of a table: for each exercise and kind, the highest points and the number of answers.

    `found` is the dictionary that `lazy_points` returns.
    """
    rows = []
    for exercise, kinds in found.items():
        cells = [f"{max(p for _, p in ends):g} ({len(ends)})" if ends else "none" for ends in kinds.values()]
        rows.append([f"{CHECKS[exercise].number} `{exercise}`", *cells])
    return ["exercise", *KINDS], rows
