"""Defines the routes, the ways from a student's notebook to its points. `ROUTES` lists them, with one function per route.

The function of a route takes notebooks, {(student, stage): bytes}, and returns {(student, stage): {exercise: points}}. An
exercise to which the route gives no mark has no entry.
"""

import contextlib
import functools
import io
import json
import os
import subprocess
import sys
import tempfile
import types
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from autograder.audit.plain_route import plain_nbgrader
from autograder.grade.grade import grade
from autograder.lms.gradescope import build_zip
from autograder.stages.contexts import exercises_of
from autograder.stages.source import previous_source, stage_names
from dpr_course.carry import carry
from dpr_course.checks import CHECKS
from dpr_course.stages import mark_of

SECRET = "the audit's own seed, which no course has"


def notebook_checks(notebooks):
    """Run the notebooks' code cells in this process, and return the points that the check cells give."""
    return {(student, stage): _checked(stage, json.loads(raw)) for (student, stage), raw in notebooks.items()}


def _checked(stage, document):
    names, points = {"__name__": "__main__"}, {}
    before = sys.modules.get("previous")
    sys.modules["previous"] = _previous(stage)
    try:
        for cell in document["cells"]:
            if cell["cell_type"] == "code":
                kind, exercise = mark_of(source := "".join(cell["source"]))
                with contextlib.redirect_stdout(io.StringIO()):
                    if kind == "check":
                        points[exercise] = float(eval(source, names))
                    else:
                        exec(source, names)
    finally:
        sys.modules["previous"] = before
    return points


@functools.cache
def _previous(stage):
    module = types.ModuleType("previous")
    exec(previous_source(stage) or "", module.__dict__)
    return module


def grader(notebooks):
    """Return the points that `python -m autograder grade` gives. It runs code in isolation, on published and hidden inputs."""
    with tempfile.TemporaryDirectory(prefix="audit-") as scratch:
        for (student, stage), raw in notebooks.items():
            _write(Path(scratch, "submitted", student, stage, f"{stage}.ipynb"), raw)
        options = {"results": Path(scratch, "results"), "cache": Path(scratch, "cache"), "secret": SECRET}
        results = grade(Path(scratch, "submitted"), **options, progress=False).results
    return {(r["student"], r["stage"]): {e: mark["points"] for e, mark in r["exercises"].items()} for r in results}


def gradescope(notebooks):
    """Return the points that the program `run_autograder` in the zip for Gradescope gives.

    An upload can hold only one notebook per stage. The notebooks are therefore spread over several uploads, graded in turn.
    """
    found, left = {}, defaultdict(list)
    for (student, stage), raw in notebooks.items():
        left[stage].append((student, raw))
    with tempfile.TemporaryDirectory(prefix="audit-") as scratch:
        source = Path(scratch, "source")
        with zipfile.ZipFile(build_zip(Path(scratch, "autograder.zip"), stage_names(), SECRET)) as z:
            z.extractall(source)
        for number in range(max(map(len, left.values()))):
            upload = {stage: of_stage[number] for stage, of_stage in left.items() if number < len(of_stage)}
            scores = _uploaded(source, Path(scratch, f"upload{number}"), {stage: raw for stage, (_, raw) in upload.items()})
            for stage, (student, _) in upload.items():
                numbers = {e: CHECKS[e].number for e in exercises_of(stage)}
                found[student, stage] = {e: scores[n] for e, n in numbers.items() if n in scores}
    return found


def _uploaded(source, place, notebooks):
    """Run Gradescope's autograder, unpacked in the folder `source`, on an upload. Return {number of an exercise: points}.

    place      folder for the upload and the results
    notebooks  the upload, {stage: bytes}
    """
    for stage, raw in notebooks.items():
        _write(place / "submission" / f"{stage}.ipynb", raw)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"AUTOGRADER": str(place), "PYTHON": sys.executable}
    subprocess.run(["bash", source / "run_autograder"], env=environment, check=True, capture_output=True)
    scores = defaultdict(float)
    for test in json.loads((place / "results" / "results.json").read_text(encoding="utf-8"))["tests"]:
        scores[test["number"].rpartition(".")[0]] += test["score"]
    return scores


def carried(notebooks):
    """Return full points for each exercise that `dpr-course carry` accepts and copies into previous.py, and 0 for the others."""
    last, found = "99_next", {}
    for student, stages in _by_student(notebooks).items():
        with tempfile.TemporaryDirectory(prefix="audit-") as folder:
            for stage, raw in stages.items():
                _write(Path(folder, stage, f"{stage}.ipynb"), raw)
            _write(Path(folder, last, "previous.py"), previous_source(last).encode())
            taken = carry(last, folder)
        for stage in stages:
            found[student, stage] = {e: float(CHECKS[e].points) if taken[e] else 0.0 for e in exercises_of(stage) if e in taken}
    return found


def _by_student(notebooks):
    found = defaultdict(dict)
    for (student, stage), raw in notebooks.items():
        found[student][stage] = raw
    return found


def _write(path, raw):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


@dataclass(frozen=True)
class Route:
    """One way from a student's notebook to its points."""

    name: str
    points: object  # the route's function, which returns the points
    alone: bool  # whether an exercise runs with the reference's answers to the others, not with the student's


ROUTES = (
    Route("notebook check", notebook_checks, alone=False),
    Route("`grade`", grader, alone=True),
    Route("plain nbgrader", plain_nbgrader, alone=False),
    Route("Gradescope zip", gradescope, alone=True),
    Route("`carry`", carried, alone=True),
)
QUICK = tuple(r for r in ROUTES if r.points in (notebook_checks, grader))  # these grade hundreds of notebooks in a minute
