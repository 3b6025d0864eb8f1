"""Plain nbgrader as a route: its own autograde, with a kernel for each notebook, in a course folder of its own."""

import multiprocessing
import os
import shutil
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from autograder.authoring.build import generate
from autograder.places import NOTEBOOKS, SOURCES


def plain_nbgrader(notebooks, jobs=None):
    """Grade {(student, stage): bytes} with plain nbgrader. Return {(student, stage): {exercise: points}}.

    jobs: the number of processes, each with a course of its own; by default one per core.
    """
    by_stage = defaultdict(dict)
    for (student, stage), raw in notebooks.items():
        by_stage[stage][student] = raw
    context = multiprocessing.get_context("spawn")  # nbgrader changes the working folder and the environment of its process
    with ProcessPoolExecutor(jobs or os.cpu_count(), mp_context=context) as workers:
        largest_first = sorted(by_stage.items(), key=lambda item: -len(item[1]))
        done = workers.map(_one_stage, *zip(*largest_first))
    return {key: points for part in done for key, points in part.items()}


def _one_stage(stage, students):
    """Grade the notebooks of one stage, {student: bytes}. Raises SystemExit if nbgrader fails."""
    from nbgrader.api import Gradebook

    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory(prefix="nbgrader-") as scratch:
        api = generate([stage], SOURCES, scratch)
        course, found = api.coursedir, {}
        for student, raw in students.items():
            folder = Path(scratch, course.submitted_directory, student, stage)
            folder.mkdir(parents=True)
            (folder / f"{stage}.ipynb").write_bytes(raw)
            if (previous := NOTEBOOKS / stage / "previous.py").exists():
                shutil.copy(previous, folder)
            result = api.autograde(stage, student, create=True)
            if not result["success"]:
                raise SystemExit(f"nbgrader could not grade {stage} of {student}:\n{result.get('error') or result.get('log')}")
        with Gradebook(course.db_url) as gradebook:
            for student in students:
                grades = [g for n in gradebook.find_submission(stage, student).notebooks for g in n.grades]
                checks = {g.name.removeprefix("check_"): g.auto_score for g in grades if g.name.startswith("check_")}
                found[student, stage] = checks
    return found
