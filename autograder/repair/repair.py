"""Put a submitted notebook in order again: realign it to the release by what is written in its cells.

Metadata, ids, order, cell types and the checks themselves may all be damaged; the markers in the source and the
names that a cell defines say what it is. Nothing of the student's is run.
"""

import copy
from dataclasses import dataclass

import nbformat

from autograder.repair.choose import choose_answer, choose_written
from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.repair.notebook_file import (
    MAX_OUTPUTS,
    NotGradable,
    dictionary,
    picture,
    read_cells,
    slim_attachments,
    slim_outputs,
)
from autograder.repair.parts import match_release, read_release, released_stages, split, tidy
from autograder.repair.plain_python import defined, parse, without
from dpr_course.checks import CHECKS

MAX_SECONDS = 20  # of processor time for one file; a large one takes a tenth
MARK = {"exercise": "# exercise: {}\n", "check": "# check: {}\n", "written": "<!-- answer: {} -->\n"}


@dataclass(frozen=True)
class Repaired:
    exercises: dict  # exercise id -> source of the student's answer, without its marker; absent if it is nowhere
    extras: dict  # exercise id -> the student's other code before the answer or its check, in order
    written: dict  # written id -> the student's text, "" if untouched or absent
    notebook: nbformat.NotebookNode  # the release's cells and metadata with the student's answers, cells and outputs
    pictures: dict  # exercise id -> PNG bytes in the outputs that belong to it
    notes: list  # plain sentences on what was mended


def repair(raw, stage):
    """A submission to `stage`, realigned to its release.

    raw: the bytes of the file. Raises NotGradable with one sentence for the student, ValueError if there is no such stage.
    """
    try:
        with cpu_seconds(MAX_SECONDS):
            return realigned(raw, read_release(stage))
    except OutOfCpuTime:
        raise NotGradable(
            f"reading the file took more than {MAX_SECONDS:g} seconds of processor time, more than any notebook needs: clear the "
            "outputs, take what is not yours out of it and submit it again"
        ) from None


def realigned(raw, release):
    """The Repaired of the bytes of a file."""
    notes = []
    cells = read_cells(raw, notes)
    parts = [p for i, cell in enumerate(cells) for p in split(cell, i, release)]
    match_release(parts, release)
    answers = {key: found for key in release.exercises if (found := choose_answer(key, parts, release, notes))}
    written = {key: choose_written(key, parts, release, notes) for key in release.written}
    foreign = not answers and not any(written.values()) and not any(p.role for p in parts)
    if foreign and (release.exercises or all(p.place is None for p in parts)):
        raise NotGradable(why_foreign(cells, release))
    check_notes(parts, answers, release, notes)
    extras = {key: extras_before(key, answers, parts, release) for key in answers}
    notebook = realign(parts, answers, written, release, notes)
    return Repaired(
        {key: p.text for key, p in answers.items()}, extras, {key: p.text if p else "" for key, p in written.items()},
        notebook, pictures(notebook, release), list(dict.fromkeys(notes)),
    )  # fmt: skip


def why_foreign(cells, release):
    text = "\n".join(c.source for c in cells)
    for other in released_stages():
        markers = [f"# exercise: {e}" for e in read_release(other).exercises]
        if other != release.stage and any(m in text for m in markers):
            return f"this is the notebook of {other}, not of {release.stage}: submit the other file"
    return f"nothing of {release.stage} was found in this notebook, no exercise and no check: did you submit the right file?"


def check_notes(parts, answers, release, notes):
    """Say what was wrong with the checks and the metadata; the release's are used whatever it was."""
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
            notes.append(f"The check of exercise {number} was there {len(found)} times; it counts once.")
        if found and key in answers and answers[key].marked and found[-1].at < answers[key].at:
            notes.append(f"The check of exercise {number} stood above its exercise; the release's order was used.")
    for p in parts:
        if p.place is not None and p.marked and p.role:
            original, given = dictionary(release.notebook.cells[p.place].metadata.get("nbgrader")), p.cell.nbgrader
            if any(given.get(k) != v for k, v in original.items() if k not in ("checksum", "cell_type")):
                notes.append("Grading metadata was missing or changed; the release's was used.")


def extras_before(key, answers, parts, release):
    """The student's own definitions above the answer or its check, as source texts that are Python."""
    answer = answers[key]
    end = max([answer.at] + [p.at for p in parts if p.role == "check" and p.key == key])
    texts = []
    for p in parts:
        if p.at == answer.at or p.at > end or p.cell.kind != "code" or p.role == "written":
            continue
        if p.role == "" and p.place is not None and tidy(p.cell.source) == release.parts[p.place].text:
            continue  # a cell of the release, as it was
        text = without(release.stripped(p.text), release.all_names)
        if text and parse(text) is not None and (p.role == "" or defined(text)):
            texts.append(text)
    return texts


def realign(parts, answers, written, release, notes):
    """The release's notebook with the student's answers, own cells and outputs. Valid nbformat 4.5."""
    notebook = copy.deepcopy(release.notebook)
    final = {p.place: p for p in [*answers.values(), *filter(None, written.values())]}
    budget, used_outputs = MAX_OUTPUTS, set()
    last_check = max((p.at for p in parts if p.role == "check"), default=())  # a variant below it is in nobody's way

    def give_outputs(cell, part):
        nonlocal budget
        if cell.cell_type == "code" and part.cell.kind == "code" and part.at[0] not in used_outputs:
            used_outputs.add(part.at[0])
            outputs, size, less = slim_outputs(part.cell.outputs, budget)
            budget -= size
            cell.outputs = [nbformat.from_dict(o) for o in outputs]
            if less:
                notes.append("Outputs that were too large or no text or picture were left out.")

    for place, p in final.items():
        if p.role == "written":
            give_pictures(notebook.cells[place], p, notes)
        notebook.cells[place].source = MARK[p.role].format(p.key) + p.text
        give_outputs(notebook.cells[place], p)
    taken, counted, added, anchor = set(final), {p.at for p in answers.values()}, [], -1
    for p in parts:
        if p.place is not None:
            anchor = p.place
            if p.place not in taken:
                taken.add(p.place)
                if p.role == "" and p.cell.source.strip():
                    notebook.cells[p.place].source = tidy(p.cell.source)
                give_outputs(notebook.cells[p.place], p)
        elif p.role == "" and p.at not in counted and p.text.strip():
            whole = p.at[1] == 0 and (not p.names & release.all_names or p.at > last_check)
            cell = new_cell(p.cell.kind, tidy(p.cell.source) if whole else without(p.text, release.all_names))
            if cell.cell_type == "markdown":
                give_pictures(cell, p, notes)
            give_outputs(cell, p)
            added.append((place_before_answer(p, anchor, answers), cell))
    for n, (_, cell) in enumerate(added, 1):
        cell.id = f"added-{n:04d}"
    after = {}
    for at, cell in added:
        after.setdefault(at, []).append(cell)
    cells = after.get(-1, [])
    for i, cell in enumerate(notebook.cells):
        cells += [cell, *after.get(i, [])]
    notebook.cells = cells
    return notebook


def give_pictures(cell, part, notes):
    """The pictures that were pasted into a text cell."""
    if kept := slim_attachments(part.cell.attachments):
        cell.attachments = kept
    if len(kept) < len(part.cell.attachments):
        notes.append("Pictures in text cells that were too large, too many, or neither PNG nor JPEG were left out.")


def new_cell(kind, source):
    """A cell of nbformat 4; its own functions check each cell against the whole schema, which takes a millisecond."""
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return nbformat.from_dict({"cell_type": kind, "metadata": {}, "source": source, **more})


def place_before_answer(part, anchor, answers):
    """After which cell of the release an own cell goes: where it was, but above an answer that it stood above."""
    places = [a.place - 1 for a in answers.values() if part.at < a.at and a.place <= anchor]
    return min([anchor, *places])


def pictures(notebook, release):
    """The PNGs in the outputs from each exercise's cell up to the next exercise's."""
    found, current = {key: [] for key in release.exercises}, None
    keys = {f"# exercise: {key}\n": key for key in release.exercises}
    for cell in notebook.cells:
        current = next((key for mark, key in keys.items() if cell.source.startswith(mark)), current)
        for output in cell.get("outputs", []):
            png = picture(output.get("data", {}).get("image/png", ""))
            if png and current:
                found[current].append(png)
    return found
