"""From results to what people see: gradebook and feedback pages. A mark that would change is shown first."""

from autograder.feedback import write_feedback
from autograder.gradebook import changes, record
from autograder.wire import clean


def publish(graded, accept_changes=False, root=None):
    """Record a Graded in the gradebook and write its feedback pages.

    Submissions whose recorded marks would change are held back unless `accept_changes`. Returns (changes, held back):
    a list of gradebook.Change, and how many submissions were held back.
    """
    found = changes(graded.results, root)
    held = set() if accept_changes else {(c.student, c.stage) for c in found}
    ready = [r for r in graded.results if (r["student"], r["stage"]) not in held]
    notebooks = {(w.submission.student, w.submission.stage): w.repaired.notebook for w in graded.works if w.repaired is not None}
    record(ready, notebooks, root)
    write_feedback(ready, root)
    return found, len(held)


def report(graded, found, held):
    """What grading did, for the instructor, as text."""
    from autograder.grade import summary

    lines = [summary(graded.results), ""] if graded.results else []
    lines += [f"not taken for a submission: {path}: {reason}" for path, reason in graded.unread]
    if not graded.results:
        lines.append("no submission was found: give a folder or zip with notebooks (.ipynb) of graded stages, 01 and later")
        return "\n".join(lines)
    runs = sum(len(w.runs) for w in graded.works)
    lines.append(f"{len(graded.results)} submissions with {runs} exercises: {graded.ran} run, the others known already")
    if found:
        lines += ["", "marks that change:" if held else "marks that changed, now recorded:", *(f"  {c}" for c in found)]
    if held:
        lines.append(f"{held} submissions were held back: look at these changes, then grade again with --accept-changes")
    return clean("\n".join(lines))  # file names may hold what no terminal can show
