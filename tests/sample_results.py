"""Results and notebooks as the grader makes them, from answers in the bank. Tests of marks, pages and exports use them."""

import copy
import functools

import nbformat

from autograder.marks.assignments import grade_id, released
from autograder.proof.bank import entries
from autograder.stages.source import load_reference, read_stage
from dpr_course.checks import CHECKS, verdict

LOSS, MASKED = "get_in_batch_contrastive_loss", "get_masked_contrastive_loss"
RECEIPT = {k: k[0] * 64 for k in ("submission", "code", "check", "environment")} | {"seed": "0123abcd", "isolation": "namespaces"}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="


@functools.cache
def judged(exercise, wrong=None):
    """Return the part of a result that belongs to one exercise.

    wrong: the name of the wrong answer in the bank that is judged; None for the reference's answer.
    """
    check = CHECKS[exercise]
    if wrong is None:
        namespace = load_reference()
        objects = [namespace[n] for n in check.names]
    else:
        entry = next(e for e in entries(exercise) if not e.right and e.name == wrong)
        objects = list(entry.objects(check.names).values())
    v = verdict(exercise, *objects)
    return {
        "number": check.number, "title": check.title, "points": v.points, "max_points": v.max_points, "status": "graded", "reason": "",
        "tests": [{**vars(t), "hidden_only": False} for t in v.tests], "output": "", "receipt": RECEIPT,
    }  # fmt: skip


def failed(exercise, status, reason):
    """Return the part of a result for an exercise whose run ended before its tests (status "timeout" ...). All tests fail."""
    e = copy.deepcopy(judged(exercise))
    tests = [{**t, "passed": False, "points": 0.0, "message": reason} for t in e["tests"]]
    return e | {"points": 0.0, "status": status, "reason": reason, "tests": tests}


def result(student, stage="04_in_batch_loss", exercises=None, written=None, timestamp="2026-11-20T10:00:00.250000Z", **more):
    """Return the result of one student in one stage. All answers are right, except where `exercises` replaces them.

    exercises: {exercise: its part of the result}. written: {id of a written answer: whether it was answered}, by default all
    True.
    """
    cells = read_stage(stage).cells
    made = {c.metadata["exercise"]: judged(c.metadata["exercise"]) for c in cells if "exercise" in c.metadata} | (exercises or {})
    answers = [c.metadata for c in cells if "written" in c.metadata]
    return copy.deepcopy({
        "student": student, "stage": stage, "timestamp": timestamp, "status": "graded", "reason": "", "notes": [], "isolation": "namespaces",
        "points": sum(e["points"] for e in made.values()), "max_points": sum(e["max_points"] for e in made.values()), "exercises": made,
        "written": {
            m["written"]: {"max_points": float(m["points"]), "answered": (written or {}).get(m["written"], True)} for m in answers
        },
        **more,
    })  # fmt: skip


def not_gradable(student, stage="04_in_batch_loss", reason="The file is empty."):
    empty = {"points": None, "exercises": {}, "written": {}}
    return result(student, stage) | {"status": "not gradable", "reason": reason} | empty


def notebook(stage="04_in_batch_loss", written=None, picture=None, markdown=None):
    """Return a repaired notebook of a stage.

    written: {id of a written answer: its text}. picture: an exercise; a cell that shows a picture follows its check. markdown: the
    text of a Markdown cell to add at the end.
    """
    made = copy.deepcopy(released(stage))
    for i, cell in enumerate(made.cells):
        if grade_id(cell) in (written or {}):
            cell.source = written[grade_id(cell)]
        if picture and cell.source.startswith(f"# check: {picture}\n"):
            made.cells[i + 1 : i + 1] = [nbformat.v4.new_code_cell("draw()", id="own-draw")]
            display = nbformat.v4.new_output("display_data", {"image/png": PNG, "text/html": "<script>alert(1)</script>"})
            display.metadata = {"image/png": {"alt": 'my "loss" <b>'}}
            made.cells[i + 1].outputs = [display]
    if markdown:
        made.cells.append(nbformat.v4.new_markdown_cell(markdown, id="own-markdown"))
    return made
