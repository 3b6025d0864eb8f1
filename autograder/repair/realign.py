"""Realigns a submission: puts a student's answers, new cells and outputs into the released notebook."""

import copy

import nbformat

from autograder.repair.outputs import MAX_OUTPUTS, picture, slim_attachments, slim_outputs
from autograder.repair.plain_python import tidy
from autograder.repair.syntax import without
from dpr_course.stages import mark_of, marked


def realign(parts, answers, written, release, notes):
    """Return the release's notebook with the student's answers, new cells and outputs, in valid nbformat 4.5.

    parts    the submission, a list of Part
    answers  {exercise id: the Part that is graded as its answer}
    written  {id of a written answer: Part, or None if there is no text}
    release  the Release of the stage
    notes    list to which a sentence for the student is appended if outputs or pictures are left out
    """
    notebook = copy.deepcopy(release.notebook)
    final = {p.place: p for p in [*answers.values(), *filter(None, written.values())]}
    budget, used_outputs = MAX_OUTPUTS, set()
    last_check = max((p.at for p in parts if p.role == "check"), default=())  # a cell below it may define an answer's names again

    def give_outputs(cell, part):
        nonlocal budget
        if cell.cell_type == "code" and part.cell.kind == "code" and part.at[0] not in used_outputs:
            used_outputs.add(part.at[0])
            outputs, size, less = slim_outputs(part.cell.outputs, budget)
            budget -= size
            cell.outputs = [nbformat.from_dict(o) for o in outputs]
            if less:
                notes.append("Outputs that were too large, or were neither text nor pictures, were left out.")

    for place, p in final.items():
        if p.role == "written":
            give_pictures(notebook.cells[place], p, notes)
        notebook.cells[place].source = marked(p.role, p.key, p.text)
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
    """Attach the pictures of a student's part to `cell`, a text cell of the realigned notebook.

    If some pictures are left out, a sentence for the student is appended to the list `notes`.
    """
    if kept := slim_attachments(part.cell.attachments):
        cell.attachments = kept
    if len(kept) < len(part.cell.attachments):
        notes.append("Pictures in text cells that were too large, too many, or neither PNG nor JPEG were left out.")


def new_cell(kind, source):
    """Return a new cell of nbformat 4. `kind` is "code", "markdown" or "raw".

    Unlike nbformat's own functions, this function does not validate the cell, because that would take a millisecond per cell.
    """
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return nbformat.from_dict({"cell_type": kind, "metadata": {}, "source": source, **more})


def place_before_answer(part, anchor, answers):
    """Return the index of the release's cell after which `part`, a new cell by the student, is put.

    Usually this is `anchor`, the index of the release's cell that the new cell followed in the submission. The index is smaller
    if an answer that was below the new cell would otherwise end up above it. -1 means the beginning of the notebook. `answers`
    is {exercise id: Part}.
    """
    places = [a.place - 1 for a in answers.values() if part.at < a.at and a.place <= anchor]
    return min([anchor, *places])


def pictures(notebook, release):
    """Return the pictures in a realigned notebook as {exercise id: list of PNGs as bytes}.

    The pictures of an exercise are those in the outputs of its cell and of the cells below, up to the next exercise.
    """
    found, current = {key: [] for key in release.exercises}, None
    for cell in notebook.cells:
        kind, key = mark_of(cell.source)
        current = key if kind == "exercise" and key in found else current
        for output in cell.get("outputs", []):
            png = picture(output.get("data", {}).get("image/png", ""))
            if png and current:
                found[current].append(png)
    return found
