"""Put a submitted notebook in order again: realign it to the release by what is written in its cells.

Metadata, ids, order, cell types and the checks themselves may all be damaged; the markers in the source and the
names that a cell defines say what it is. Nothing of the student's is run.
"""

import copy
from dataclasses import dataclass

import nbformat

from autograder.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.notebook_file import MAX_OUTPUTS, NotGradable, dictionary, picture, read_cells, slim_attachments, slim_outputs
from autograder.parts import Part, as_code, match_release, read_release, released_stages, split, tidy, unfenced
from autograder.plain_python import defined, docstrings, gaps, parse, without
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


def choose_answer(key, parts, release, notes):
    """The part that counts as the answer to an exercise, or None.

    What is solved counts before the untouched stub, what would run before what would not, the marked cell before others
    that give the same names, and of equals the one that is current when the check runs, or else the last.
    """
    checked = max((p.at for p in parts if p.role == "check" and p.key == key), default=())
    stub, names, number = release.exercises[key], release.names[key], CHECKS[key].number
    stub_gaps = gaps(stub.text, names)

    def rank(p):
        solved, own = not gaps(p.text, names) & stub_gaps, p.role == "exercise" and p.key == key
        if p.role in ("check", "written") or (p.place is not None and p.role == "" and not p.names & names):
            return 0
        if names <= p.names:
            would_run = p.cell.kind == "code" and (own or p.role == "")
            if would_run:
                return (6 if own and parse(p.text) is not None else 5) if solved else 3
            if own or (p.role == "exercise" and p.cell.kind == "code"):
                return 4 if solved else 3
            return 1 if parse(p.text) is not None or p.cell.grade_id == key else 0
        if own:
            return 2 if not p.names & (release.all_names - names) else 0
        named = key in (p.cell.grade_id, p.cell.cell_id) or bool(docstrings(p.text) & release.docstrings[key])
        return 1 if p.role == "" and named and p.cell.kind == "code" and p.text.strip() else 0

    ranked = [(rank(p), p.at < checked, p.at, p) for p in parts]
    ranked = [r for r in ranked if r[0]]
    if not ranked:
        return None
    best, *_, chosen = max(ranked, key=lambda r: r[:3])
    copies, others = sum(r[0] == best for r in ranked), [r[3] for r in ranked if r[0] == 5]
    if best >= 4 and copies > 1:
        which = (
            "the last one above its check"
            if any(r[2] > chosen.at for r in ranked if r[0] == best)
            else "the last one, which would run last,"
        )
        notes.append(f"Exercise {number} was there {copies} times; {which} was graded.")
    elif best == 6 and any(o.at > chosen.at for o in others):
        notes.append(f"Exercise {number} is defined again in another cell; its own, with '# exercise: {key}', was graded.")
    elif best >= 4 and any(r[0] == 3 for r in ranked):
        notes.append(f"The untouched copy of exercise {number} was left out; your answer in another cell was graded.")
    if chosen.cell.kind != "code":
        notes.append(f"The cell of exercise {number} was no code cell; its text was graded as code.")
    if not (chosen.role == "exercise" and chosen.key == key):
        notes.append(f"The answer to exercise {number} was in a cell without its first line '# exercise: {key}'; it was found.")
        others = release.all_names - names
        text = without(as_code(unfenced(release.stripped(chosen.text))), others)
        chosen = Part("exercise", key, text, chosen.at, chosen.cell, marked=False, place=stub.place)
    missing = names - chosen.names
    for p in reversed(parts):  # the other half of an answer that was split over two cells
        if missing & p.names and p.role == "" and p.cell.kind == "code" and parse(p.text) is not None:
            chosen = Part("exercise", key, f"{p.text}\n\n\n{chosen.text}", chosen.at, chosen.cell, chosen.marked, stub.place)
            missing -= p.names
    return chosen


def choose_written(key, parts, release, notes):
    """The part with the student's text, or None if the placeholder is untouched or gone."""
    original = release.written[key]
    placeholder = original.text

    def text_of(p):
        text = p.text if p.role == "written" else tidy(p.cell.source)
        given = release.parts[p.place].text.split("\n") if p.place is not None else ()
        return tidy("\n".join(line for line in text.split("\n") if line.strip() != placeholder and line not in given))

    def free(p):
        return p.role == "" and p.place is None and p.cell.kind != "code" and text_of(p)

    own = [p for p in parts if p.role == "written" and p.key == key and text_of(p)]
    found = own or [p for p in parts if free(p) and key in (p.cell.grade_id, p.cell.cell_id)]
    if len(found) > 1:
        notes.append(f"The written answer '{key}' was there {len(found)} times; the last one counts.")
        found = found[-1:]
    if not found:  # what the student wrote into the question's cell, or into own cells after it or after the placeholder
        place = None
        for p in parts:
            place = place if free(p) else p.place
            if place in (original.place - 1, original.place) and p.cell.kind != "code" and text_of(p):
                found.append(p)
    if not found:
        return None
    if not own:
        notes.append(f"The written answer '{key}' was in a cell without its mark; it was found.")
    text = "\n\n".join(map(text_of, found))
    for p in found:
        if p.place is None:
            p.role, p.key, p.place = "written", key, original.place
    return Part("written", key, text, found[-1].at, found[-1].cell, bool(own), original.place)


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
        if p.role == "written" and (attachments := slim_attachments(p.cell.attachments)):
            notebook.cells[place].attachments = attachments
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
            if cell.cell_type == "markdown" and (attachments := slim_attachments(p.cell.attachments)):
                cell.attachments = attachments
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
