"""From results to the gradebook: new marks are recorded, changed ones only after a look."""

import shutil

import pytest
from damages import clean

from autograder.grade import Graded, Work
from autograder.gradebook import recorded
from autograder.pool import Limits
from autograder.publish import publish, report
from autograder.stages import ROOT
from autograder.submissions import Submission
from dpr_course.checks import CHECKS

STAGE = "04_in_batch_loss"
LOSS, MASKED = "get_in_batch_contrastive_loss", "get_masked_contrastive_loss"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder of its own, so that the checkout's gradebook stays as it is."""
    root = tmp_path_factory.mktemp("course")
    (root / "autograder").mkdir()
    for name in ("solutions", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    return root


def graded(tmp_path, points):
    """A Graded of one class with the given points in exercise 4.1; None: not gradable. No student's code is run."""
    works, results = [], []
    for student, p in points.items():
        path = tmp_path / f"{student}.ipynb"
        path.write_bytes(clean(STAGE) if p is not None else b"{")
        work = Work(Submission(student, STAGE, path), "s" * 64, Limits())
        failed = {"status": "crashed", "reason": "It was not run.", "isolation": "namespaces"}
        result = work.result({run.key: failed for run in work.runs.values()})
        if p is not None:
            result["exercises"][LOSS]["points"] = result["points"] = p
        works.append(work)
        results.append(result)
    return Graded(results, works, [], 0)


def test_new_marks_are_recorded_and_changed_ones_only_when_accepted(course, tmp_path):
    first = graded(tmp_path, {"ada": 5.0, "bob": 2.0, "cyd": None})
    assert publish(first, root=course) == ([], 0)
    assert recorded(STAGE, course)["ada"][LOSS] == 5.0 and recorded(STAGE, course)["cyd"][LOSS] is None
    assert (course / "autograder/feedback/bob" / STAGE / f"{STAGE}.html").exists()

    second = graded(tmp_path, {"ada": 5.0, "bob": 4.0, "dan": 1.0})
    found, held = publish(second, root=course)
    assert [(c.student, c.exercise, c.old, c.new) for c in found] == [("bob", LOSS, 2.0, 4.0)] and held == 1
    marks = recorded(STAGE, course)
    assert marks["bob"][LOSS] == 2.0 and marks["dan"][LOSS] == 1.0  # what is new does not wait for what is held back
    text = report(second, found, held)
    assert "bob" in text and "2 -> 4" in text and "--accept-changes" in text

    found, held = publish(second, accept_changes=True, root=course)
    assert len(found) == 1 and held == 0
    assert recorded(STAGE, course)["bob"][LOSS] == 4.0
    assert publish(second, root=course) == ([], 0)


def test_the_report_names_what_was_not_taken(tmp_path):
    g = graded(tmp_path, {"ada": float(CHECKS[LOSS].points)})
    g.unread.append((tmp_path / "notes.txt.ipynb", "not a notebook"))
    text = report(g, [], 0)
    assert "not a notebook" in text and "1 submissions" in text and "ada" in text


def test_nothing_found_says_what_to_give():
    text = report(Graded([], [], [(ROOT / "x.py", "it is not a notebook")], 0), [], 0)
    assert "x.py" in text and "give a folder or zip" in text
