"""Grades notebooks with plain nbgrader: `nbgrader autograde`, with a kernel for each notebook, in a temporary course folder."""

import os
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from unittest import mock

from autograder.audit.warm_kernel import NAME, warm_kernels
from autograder.authoring.build import generate
from autograder.places import NOTEBOOKS, SOURCES


def plain_nbgrader(notebooks):
    """Grade notebooks with plain nbgrader. Takes {(student, stage): bytes} and returns {(student, stage): {exercise: points}}.

    Raises SystemExit if nbgrader fails on a notebook.
    """
    from nbgrader.api import Gradebook

    found, by_stage = {}, defaultdict(dict)
    for (student, stage), raw in notebooks.items():
        by_stage[stage][student] = raw
    with tempfile.TemporaryDirectory(prefix="nbgrader-") as scratch, warm_kernels(Path(scratch, "jupyter")) as jupyter:
        settings = {"JUPYTER_PATH": jupyter, "OMP_NUM_THREADS": "1", "DPR_DEVICE": "cpu", "DPR_NO_PROGRESS": "1"}
        with mock.patch.dict(os.environ, settings):
            api = generate(list(by_stage), SOURCES, scratch)
            api.config.ExecutePreprocessor.kernel_name = NAME
            for stage, students in by_stage.items():
                for student, raw in students.items():
                    _autograde(api, stage, student, raw)
        with Gradebook(api.coursedir.db_url) as gradebook:
            for student, stage in notebooks:
                grades = [g for n in gradebook.find_submission(stage, student).notebooks for g in n.grades]
                checks = {g.name.removeprefix("check_"): g.auto_score for g in grades if g.name.startswith("check_")}
                found[student, stage] = checks
    return found


def _autograde(api, stage, student, raw):
    course = api.coursedir
    folder = Path(course.root, course.submitted_directory, student, stage)
    folder.mkdir(parents=True)
    (folder / f"{stage}.ipynb").write_bytes(raw)
    if (previous := NOTEBOOKS / stage / "previous.py").exists():
        shutil.copy(previous, folder)
    result = api.autograde(stage, student, create=True)
    if not result["success"]:
        raise SystemExit(f"nbgrader could not grade {stage} of {student}:\n{result.get('error') or result.get('log')}")
