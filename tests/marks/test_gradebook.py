"""nbgrader's gradebook: nbgrader and its formgrader read what we write, and grading again keeps the marks given by hand."""

import contextlib
import copy
import sqlite3

import pytest
from sample_results import LOSS, MASKED, failed, judged, not_gradable, notebook, result

from autograder.marks.changes import changes, recorded
from autograder.marks.gradebook import GradebookError, course_directory, gradebook, read_autograded
from autograder.marks.recorded import read_marks
from autograder.marks.write_marks import record

STAGE, ESSAY = "04_in_batch_loss", "06_experiments"


def api(root):
    from nbgrader.apps import NbGraderAPI

    directory = course_directory(root)
    return NbGraderAPI(directory, config=directory.config)


def marks(root):
    with gradebook(course_directory(root)) as book:
        return {(m.student, m.stage): m for m in read_marks(book)}


def set_manual(root, student, stage, cell, points=None, comment=None):
    """Set the points or the comment of a cell, as the formgrader does when a person marks it."""
    with api(root).gradebook as book:
        if points is not None:
            grade = book.find_grade(cell, stage, stage, student)
            grade.manual_score, grade.needs_manual_grade = points, False
        if comment:
            book.find_comment(cell, stage, stage, student).manual_comment = comment
        book.db.commit()


def test_nbgrader_reads_the_same_totals(course):
    ada = result("ada")
    bob = result("bob", exercises={LOSS: judged(LOSS, "arange"), MASKED: failed(MASKED, "crashed", "It ended with a signal.")})
    for student in ("ada", "bob"):  # as if nbgrader's exchange had collected them, with times that are finer than the results'
        folder = course / "autograder" / "term" / "submitted" / student / STAGE
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text("2026-11-20 10:00:00.123456 UTC")
    record([ada | {"timestamp": "2026-11-20T10:00:00+00:00"}, bob | {"timestamp": ""}], root=course)
    seen = {s["student"]: s for s in api(course).get_submissions(STAGE)}
    assert seen["ada"]["score"] == ada["points"] == ada["max_points"] == seen["ada"]["max_score"]
    assert seen["bob"]["score"] == bob["points"] and 0 < bob["points"] < 9
    assert all(s["autograded"] and not s["needs_manual_grade"] for s in seen.values())
    assert {s["student"]: s["failed_tests"] for s in api(course).get_notebook_submissions(STAGE, STAGE)} == {
        "ada": False,
        "bob": True,
    }
    assert recorded(STAGE, course)["bob"] == {e: x["points"] for e, x in bob["exercises"].items()}


def test_the_verdict_is_in_the_check_cell_and_nbgrader_would_read_the_points_from_it(course):
    from nbgrader.utils import determine_grade

    bob = result("bob", exercises={LOSS: judged(LOSS, "transposed")})
    record([bob], {("bob", STAGE): notebook()}, course)
    cells = {
        c.metadata.nbgrader.grade_id: c
        for c in read_autograded(course_directory(course), "bob", STAGE).cells
        if "nbgrader" in c.metadata
    }
    for exercise, e in bob["exercises"].items():
        assert determine_grade(cells[f"check_{exercise}"])[0] == e["points"]
    text = cells[f"check_{LOSS}"].outputs[0].text
    assert "✗ loss" in text and "This is what you get if" in text


def test_a_manual_mark_survives_and_is_looked_at_again_when_the_answer_changes(course):
    answers = notebook(ESSAY, written={"plan": "My plan.", "conclusion": "So there."})
    first = result("ada", ESSAY)
    record([first], {("ada", ESSAY): answers}, course)
    assert marks(course)["ada", ESSAY].pending
    set_manual(course, "ada", ESSAY, "plan", 4, "Name the seeds.")
    set_manual(course, "ada", ESSAY, "conclusion", 7.5)
    for _ in range(2):
        record([first], {("ada", ESSAY): answers}, course)
        m = marks(course)["ada", ESSAY]
        assert m.score == first["points"] + 11.5 and not m.pending and m.comments == {"plan": "Name the seeds."}
    record([first], {("ada", ESSAY): notebook(ESSAY, written={"plan": "Another plan.", "conclusion": "So there."})}, course)
    m = marks(course)["ada", ESSAY]
    assert m.pending and m.manual == {"plan": 4, "conclusion": 7.5} and m.comments == {"plan": "Name the seeds."}


def test_a_manual_mark_on_code_counts_and_a_changed_automatic_one_asks_for_a_look(course):
    record([result("ada")], root=course)
    set_manual(course, "ada", STAGE, f"check_{LOSS}", 3)
    record([result("ada")], root=course)
    assert not marks(course)["ada", STAGE].pending
    record([result("ada", exercises={LOSS: judged(LOSS, "transposed")})], root=course)
    m = marks(course)["ada", STAGE]
    assert m.pending and m.total[f"check_{LOSS}"] == 3


def test_no_answer_is_zero_without_a_look(course):
    record(
        [result("ada", ESSAY, written={"plan": False})], {("ada", ESSAY): notebook(ESSAY, written={"conclusion": "So."})}, course
    )
    m = marks(course)["ada", ESSAY]
    assert m.auto["plan"] == 0 and m.auto["conclusion"] is None and m.pending


def test_not_gradable_is_no_zero(course):
    record([result("ada"), not_gradable("bob", reason="It is no notebook: <script>alert(1)</script>.")], root=course)
    m = marks(course)["bob", STAGE]
    assert m.submitted and not m.gradable and m.score is None and m.pending
    shown = read_autograded(course_directory(course), "bob", STAGE)
    assert "could not be graded" in shown.cells[0].source and "<script>" not in shown.cells[0].source
    set_manual(course, "bob", STAGE, f"check_{LOSS}", 2)  # a person opened the file and gave it points
    record([not_gradable("bob")], root=course)
    assert marks(course)["bob", STAGE].score == 2
    record([not_gradable("ada")], root=course)  # a newer, unreadable file replaces one that was graded
    assert marks(course)["ada", STAGE].score is None


def test_changes_lists_only_marks_that_would_change(course):
    before = [result("ada"), result("bob", exercises={LOSS: judged(LOSS, "transposed")}), not_gradable("cy")]
    record(before, root=course)
    assert changes(before, course) == []
    after = [result("ada", exercises={MASKED: judged(MASKED, "unmasked")}), result("bob"), result("cy"), result("new")]
    told = {(c.student, c.exercise): (c.old, c.new) for c in changes(after, course)}
    old = before[1]["exercises"][LOSS]["points"]
    assert told["bob", LOSS] == (old, 5.0) and told["cy", LOSS] == (None, 5.0)
    assert told["ada", MASKED][0] == 4.0 > told["ada", MASKED][1] and len(told) == 4
    assert f"bob  {STAGE}  {LOSS}: {old:g} -> 5" in {str(c) for c in changes(after, course)}
    assert recorded(STAGE, course)["bob"][LOSS] == old, "asking changed the gradebook"


def test_all_or_nothing(course):
    record([result("ada")], root=course)
    kept = (course / "autograder" / "term" / "gradebook.db").read_bytes()
    worse = result("ada", exercises={LOSS: failed(LOSS, "timeout", "It took too long.")})
    for broken in (
        {"nonsense": judged(LOSS)},
        {LOSS: judged(LOSS) | {"points": 6.0}},
        {LOSS: judged(LOSS) | {"points": float("nan")}},
    ):
        with pytest.raises(GradebookError, match=f"{STAGE} of zoe"):
            record([worse, result("bea"), result("zoe", exercises=broken)], root=course)
    assert recorded(STAGE, course) == {"ada": {LOSS: 5.0, MASKED: 4.0}}
    assert (course / "autograder" / "term" / "gradebook.db").read_bytes() == kept
    assert not list(course.glob(".recording-*")) and not (course / "autograder" / "term" / "autograded" / "bea").exists()
    assert "timeout" not in str(read_autograded(course_directory(course), "ada", STAGE))


def test_late_penalties_follow_the_configured_plugin(course, monkeypatch):
    import autograder.marks.gradebook as module

    plain_settings = module.nbgrader_settings

    def strict():
        config = plain_settings()
        config.LateSubmissionPlugin.penalty_method = "zero"
        return config

    with gradebook(course_directory(course)) as book:
        book.update_or_create_assignment(STAGE, duedate="2026-11-20 09:00:00 UTC")
    record([result("ada")], root=course)
    assert marks(course)["ada", STAGE].penalty == 0, "nbgrader's default is no penalty"
    monkeypatch.setattr(module, "nbgrader_settings", strict)
    record([result("ada"), result("early", timestamp="2026-11-20T08:59:59Z")], root=course)
    assert marks(course)["ada", STAGE].score == 0 and marks(course)["ada", STAGE].raw == 9
    assert marks(course)["early", STAGE].score == 9
    with gradebook(course_directory(course)) as book:
        book.grant_extension(STAGE, "ada", hours=2)
    record([result("ada")], root=course)
    assert marks(course)["ada", STAGE].score == 9


def test_nbgraders_own_feedback_works_and_runs_nothing_of_the_students(course):
    evil = notebook(
        ESSAY,
        written={"plan": "I ask: <script>alert(1)</script> <img src=x onerror=alert(2)> is 1 < 2?"},
        markdown="<script>alert(3)</script>",
    )
    evil.cells[2].outputs = notebook(picture=LOSS).cells[0].get("outputs", [])
    record([result("ada", ESSAY)], {("ada", ESSAY): evil}, course)
    set_manual(course, "ada", ESSAY, "plan", 5, "Good.")
    made = api(course).generate_feedback(ESSAY, "ada")
    assert made["success"], made
    page = (course / "autograder" / "term" / "feedback" / "ada" / ESSAY / f"{ESSAY}.html").read_text(encoding="utf-8")
    for bad in ("<script>alert", "<img src=x"):
        assert bad not in page
    assert "alert(1)" in page and "Good." in page and "Score: 5.0 / 5.0" in page


def test_the_points_of_a_stage_are_brought_up_to_date(course):
    with gradebook(course_directory(course)) as book:
        book.find_grade_cell(f"check_{LOSS}", STAGE, STAGE).max_score = 1.0
    record([result("ada")], root=course)
    assert marks(course)["ada", STAGE].max_score == 9


def test_recording_does_not_touch_what_it_was_given(course):
    given, book = [result("ada")], {("ada", STAGE): notebook()}
    before = copy.deepcopy((given, book))
    record(given, book, course)
    assert (given, book) == before


def test_a_gradebook_that_cannot_be_used_is_told_and_left_alone(course):
    record([result("ada")], root=course)
    path = course / "autograder" / "term" / "gradebook.db"
    directory = course_directory(course)
    directory.db_url += "?timeout=0.1"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError, match="locked.*try again"), gradebook(directory):
            pass
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(GradebookError, match="put your copy of it"):
        record([result("ada")], root=course)
    assert path.read_bytes() == b"no database at all" * 100
