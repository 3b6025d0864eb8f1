"""From results to the gradebook: new marks are recorded immediately, changed marks only after the instructor accepts them."""

import copy
import shutil

import nbformat
import pytest
from damages import clean

from autograder.grade.grade import Graded, Work
from autograder.marks import assignments, formgrader_copy
from autograder.marks.changes import recorded
from autograder.marks.gradebook import GradebookError, course_directory, gradebook
from autograder.marks.publish import publish, report
from autograder.places import ROOT
from autograder.sandbox.limits import Limits
from autograder.submissions.find import Submission
from dpr_course.checks import CHECKS

STAGE = "04_in_batch_loss"
LOSS, MASKED = "get_in_batch_contrastive_loss", "get_masked_contrastive_loss"


@pytest.fixture(scope="module")
def made_course(tmp_path_factory):
    """A separate course folder, so that the tests do not touch the gradebook of this checkout."""
    root = tmp_path_factory.mktemp("course")
    (root / "autograder" / "term").mkdir(parents=True)
    for name in ("solutions", "notebooks"):
        shutil.copytree(ROOT / name, root / name)
    return root


@pytest.fixture
def course(made_course, tmp_path):
    return shutil.copytree(made_course, tmp_path / "course")


def graded(tmp_path, points, most=5.0):
    """Return a Graded, the results of a class, without running any student's code.

    points: {student: points in exercise 4.1, or None for a file that is not gradable}. most: the maximum points of the
    exercise.
    """
    works, results = [], []
    for student, p in points.items():
        path = tmp_path / f"{student}.ipynb"
        path.write_bytes(clean(STAGE) if p is not None else b"{")
        work = Work(Submission(student, STAGE, path), "s" * 64, Limits())
        failed = {"status": "crashed", "reason": "It was not run.", "isolation": "namespaces"}
        result = work.result({run.key: failed for run in work.runs.values()})
        if p is not None:
            result["exercises"][LOSS]["points"] = result["points"] = p
            result["exercises"][LOSS]["max_points"] = most
        works.append(work)
        results.append(result)
    return Graded(results, works, [], 0)


def test_new_marks_are_recorded_and_changed_ones_only_when_accepted(course, tmp_path):
    first = graded(tmp_path, {"ada": 5.0, "bob": 2.0, "cyd": None})
    assert publish(first, root=course) == ([], 0)
    assert recorded(STAGE, course)["ada"][LOSS] == 5.0 and recorded(STAGE, course)["cyd"][LOSS] is None
    assert (course / "autograder/term/feedback/bob" / STAGE / f"{STAGE}.html").exists()

    second = graded(tmp_path, {"ada": 5.0, "bob": 4.0, "dan": 1.0})
    found, held = publish(second, root=course)
    assert [(c.student, c.exercise, c.old, c.new) for c in found] == [("bob", LOSS, 2.0, 4.0)] and held == 1
    marks = recorded(STAGE, course)
    assert marks["bob"][LOSS] == 2.0 and marks["dan"][LOSS] == 1.0  # dan's new mark is recorded although bob's change is not
    text = report(second, found, held)
    assert "bob" in text and "2 -> 4" in text and "--accept-changes" in text

    found, held = publish(second, accept_changes=True, root=course)
    assert len(found) == 1 and held == 0
    assert recorded(STAGE, course)["bob"][LOSS] == 4.0
    assert publish(second, root=course) == ([], 0)


def rescale(monkeypatch, tmp_path, points):
    """Change the maximum points of exercise 4.1 to `points`, in the source and in the released notebook."""
    shutil.copytree(ROOT / "solutions" / STAGE, tmp_path / "solutions" / STAGE)
    release = copy.deepcopy(assignments.released(STAGE))
    source = nbformat.read(tmp_path / "solutions" / STAGE / f"{STAGE}.ipynb", as_version=4)
    for notebook in (release, source):
        cell = next(c for c in notebook.cells if assignments.grade_id(c) == f"check_{LOSS}")
        cell.metadata.nbgrader.points = points
    nbformat.write(source, tmp_path / "solutions" / STAGE / f"{STAGE}.ipynb")
    for module in (assignments, formgrader_copy):
        monkeypatch.setattr(module, "released", lambda stage: release)
    monkeypatch.setattr(assignments, "SOURCES", tmp_path / "solutions")


def state(root):
    """Return {student: (points in exercise 4.1, maximum points, whether the cell waits for a person)} from the gradebook."""
    with gradebook(course_directory(root)) as book:
        grades = [book.find_grade(f"check_{LOSS}", STAGE, STAGE, s.student_id) for s in book.assignment_submissions(STAGE)]
        return {g.student.id: (g.score, g.max_score, g.needs_manual_grade) for g in grades}


def test_no_mark_stands_beside_points_that_it_was_not_given_of(course, tmp_path, monkeypatch):
    publish(graded(tmp_path, {"ada": 5.0, "bob": 2.0, "cyd": 0.0}), accept_changes=True, root=course)
    with gradebook(course_directory(course)) as book:
        book.find_grade(f"check_{LOSS}", STAGE, STAGE, "cyd").manual_score = 1.0
    before = state(course)
    rescale(monkeypatch, tmp_path, 10)

    second = graded(tmp_path, {"ada": 10.0, "bob": 4.0, "cyd": 0.0, "eve": 10.0}, most=10.0)
    found, held = publish(second, root=course)
    assert held == 4 and state(course) == before, "eve is new, and waits too: she would bring the new points in"
    text = report(second, found, held)
    assert f"{LOSS}: of 5 points -> of 10" in text and "5 -> 10" in text and "--accept-changes" in text

    late = graded(tmp_path, {"eve": 10.0}, most=10.0)
    with pytest.raises(GradebookError, match="ada, bob, cyd"):
        publish(late, accept_changes=True, root=course)
    assert state(course) == before

    publish(second, accept_changes=True, root=course)
    assert state(course) == {"ada": (10, 10, False), "bob": (4, 10, False), "cyd": (1, 10, True), "eve": (10, 10, False)}
    assert publish(second, root=course) == ([], 0)


def test_points_of_the_check_alone_are_refused(course, tmp_path):
    with pytest.raises(GradebookError, match="10 points in the check and 5 in the released"):
        publish(graded(tmp_path, {"fay": 4.0}, most=10.0), root=course)
    assert "fay" not in state(course)


def test_the_report_names_what_was_not_taken(tmp_path):
    g = graded(tmp_path, {"ada": float(CHECKS[LOSS].points)})
    g.unread.append((tmp_path / "notes.txt.ipynb", "not a notebook"))
    text = report(g, [], 0)
    assert "not a notebook" in text and "1 submissions" in text and "ada" in text


def test_nothing_found_says_what_to_give():
    text = report(Graded([], [], [(ROOT / "x.py", "it is not a notebook")], 0), [], 0)
    assert "x.py" in text and "give a folder or zip" in text
