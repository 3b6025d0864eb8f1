"""Writes the sentences that tell the student what was wrong with a submission."""

from autograder.repair.notebook_file import NotGradable, dictionary
from autograder.repair.plain_python import tidy
from autograder.repair.release import read_release, released_stages
from dpr_course.checks import CHECKS


def refuse_foreign(cells, parts, answers, written, release):
    """Raise NotGradable if nothing in the submission belongs to the release, for example because it is another stage's notebook."""
    foreign = not answers and not any(written.values()) and not any(p.role for p in parts)
    if foreign and (release.exercises or all(p.place is None for p in parts)):
        raise NotGradable(why_foreign(cells, release))


def why_foreign(cells, release):
    text = "\n".join(c.source for c in cells)
    for other in released_stages():
        markers = [f"# exercise: {e}" for e in read_release(other).exercises]
        if other != release.stage and any(m in text for m in markers):
            return f"this is the notebook of {other}, not of {release.stage}: submit the other file"
    return f"nothing of {release.stage} was found in this notebook, neither an exercise nor a check: did you submit the right file?"


def check_notes(parts, answers, release, notes):
    """Append to `notes` one sentence for each thing that is wrong with the exercises, checks and metadata of a submission.

    The grader always uses the release's own checks and metadata, not those of the submission.
    """
    for key, original in release.checks.items():
        if key not in answers:
            notes.append(
                f"Exercise {CHECKS[key].number} is not in the notebook: there is no cell that begins with '# exercise: {key}'."
            )
        number, found = CHECKS[key].number, [p for p in parts if p.role == "check" and p.key == key]
        if not found:
            notes.append(f"The check of exercise {number} was missing; the release's was put back.")
        elif any(tidy(p.text) != original.text or p.cell.kind != "code" for p in found):
            notes.append(f"The check of exercise {number} had been edited; the release's was used.")
        if len(found) > 1:
            notes.append(f"The check of exercise {number} was in the notebook {len(found)} times; it counts once.")
        if found and key in answers and answers[key].marked and found[-1].at < answers[key].at:
            notes.append(f"The check of exercise {number} was above its exercise; the release's order was used.")
    for p in parts:
        if p.place is not None and p.marked and p.role:
            original, given = dictionary(release.notebook.cells[p.place].metadata.get("nbgrader")), p.cell.nbgrader
            if any(given.get(k) != v for k, v in original.items() if k not in ("checksum", "cell_type")):
                notes.append("Grading metadata was missing or changed; the release's was used.")
