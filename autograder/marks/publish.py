"""Records results in the gradebook and writes feedback pages. Marks that are already recorded change only if the instructor agrees."""

from autograder.marks.assignments import rescaled
from autograder.marks.attempts import note_attempts
from autograder.marks.changes import changes
from autograder.marks.feedback import write_feedback
from autograder.marks.write_marks import record
from autograder.plain import shown


def waiting(results, root=None):
    """Return the changes that the instructor must accept, and the submissions that must not be recorded until then.

    The changes are a list of Rescaled and Change, the submissions a set of (student, stage). A submission is held back if one
    of its marks differs from the recorded mark. If the maximum points of a stage have changed, all submissions for the stage are
    held back: a mark must never be shown with a maximum that did not apply when the mark was earned.
    """
    found, moved = changes(results, root), rescaled(sorted({r["stage"] for r in results}), root)
    stages = {m.stage for m in moved}
    held = {(c.student, c.stage) for c in found} | {(r["student"], r["stage"]) for r in results if r["stage"] in stages}
    return [*moved, *found], held


def made(results):
    """Return the list `results` without the results that have the status "not graded".

    This status means that the grader's machine failed to run the submission. What is recorded for the student then stays as it is.
    """
    return [r for r in results if r["status"] != "not graded"]


def publish(graded, accept_changes=False, root=None):
    """Record results in the gradebook and write the feedback pages.

    graded: the Graded object that the function `grade` returned. Submissions with changed marks (see `waiting`) are not recorded
    unless `accept_changes` is true. Returns (list of changes, number of submissions that were held back).
    """
    results = made(graded.results)
    found, held = waiting(results, root)
    held = set() if accept_changes else held
    ready = [r for r in results if (r["student"], r["stage"]) not in held]
    notebooks = {(w.submission.student, w.submission.stage): w.repaired.notebook for w in graded.works if w.repaired is not None}
    record(ready, notebooks, root)
    note_attempts(ready, root)
    write_feedback(ready, root)
    return found, len(held)


def report(graded, found, held):
    """Return a report for the instructor on `graded`, a Graded, as text. found, held: the two values that `publish` returned."""
    from autograder.grade.results import summary

    lines = [summary(graded.results), ""] if graded.results else []
    lines += [f"not taken as a submission: {shown(path)}: {shown(reason)}" for path, reason in graded.unread]
    lines += [
        f"{w.submission.student}, {w.submission.stage}: {shown(claim)}" for w in graded.works for claim in w.submission.claims
    ]
    if not graded.results:
        lines.append("no submission was found: give a folder or zip with notebooks (.ipynb) of graded stages, 01 and later")
        return "\n".join(lines)
    runs = sum(len(w.runs) for w in graded.works)
    lines.append(f"{len(graded.results)} submissions with {runs} exercises: {graded.ran} were run, the others were in the cache")
    if left := len(graded.results) - len(made(graded.results)):
        lines.append(f"{left} submissions were not graded because of a failure on this machine: run the same command again")
    if found:
        lines += ["", "marks that change:" if held else "marks that changed, now recorded:", *(f"  {c}" for c in found)]
    if held:
        lines.append(f"{held} submissions were held back: check these changes, then grade again with --accept-changes")
    return "\n".join(lines)
