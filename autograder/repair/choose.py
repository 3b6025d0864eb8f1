"""Chooses which parts of a submission are graded: the answer to each exercise, and the text of each written answer."""

from autograder.repair.parts import Part
from autograder.repair.plain_python import as_code, tidy, unfenced
from autograder.repair.syntax import defined, docstrings, gaps, parse, without
from dpr_course.checks import CHECKS


def choose_answers(parts, release, notes):
    """Return {exercise id: the Part that is graded as its answer}. An exercise without an answer has no entry.

    `parts` is the submission, a list of Part. `release` is the Release of the stage. Sentences for the student are appended to
    `notes`.
    """
    return {key: found for key in release.exercises if (found := choose_answer(key, parts, release, notes))}


def choose_answer(key, parts, release, notes):
    """Return the Part that is graded as the answer to the exercise `key`, or None if there is none.

    A part with a solution is preferred to an unsolved exercise cell. A part in a code cell is preferred to a part in a text
    cell. A cell with the exercise's marker is preferred to other cells that define the same names. Among equally good parts, the
    last part above the exercise's check is taken. If all are below the check, the last of all is taken. An unusual choice adds a
    sentence for the student to `notes`.
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
        notes.append(f"Exercise {number} was in the notebook {copies} times; {which} was graded.")
    elif best == 6 and any(o.at > chosen.at for o in others):
        notes.append(
            f"Exercise {number} is defined again in another cell; the cell that begins with '# exercise: {key}' was graded."
        )
    elif best >= 4 and any(r[0] == 3 for r in ranked):
        notes.append(f"The untouched copy of exercise {number} was left out; your answer in another cell was graded.")
    if chosen.cell.kind != "code":
        notes.append(f"The cell of exercise {number} was not a code cell; its text was graded as code.")
    if not (chosen.role == "exercise" and chosen.key == key):
        notes.append(f"The answer to exercise {number} was in a cell without the first line '# exercise: {key}'; it was graded.")
        others = release.all_names - names
        text = without(as_code(unfenced(release.stripped(chosen.text))), others)
        chosen = Part("exercise", key, text, chosen.at, chosen.cell, marked=False, place=stub.place)
    missing = names - chosen.names
    for p in reversed(parts):  # add other cells that define missing names, if an answer was split over several cells
        if missing & p.names and p.role == "" and p.cell.kind == "code" and parse(p.text) is not None:
            chosen = Part("exercise", key, f"{p.text}\n\n\n{chosen.text}", chosen.at, chosen.cell, chosen.marked, stub.place)
            missing -= p.names
    return chosen


def choose_written_answers(parts, release, notes):
    """Return {id of a written answer: the Part with the student's text, or None if no text was found}."""
    return {key: choose_written(key, parts, release, notes) for key in release.written}


def choose_written(key, parts, release, notes):
    """Return the Part with the student's text for the written answer `key`, or None if no text by the student is found.

    The text is looked for under the answer's marker, then in cells whose id is `key`, then in and below the question's cell. An
    unusual choice adds a sentence for the student to `notes`.
    """
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
        notes.append(f"The written answer '{key}' was in the notebook {len(found)} times; the last one counts.")
        found = found[-1:]
    if not found:  # look for text in the question's cell, or in new cells after it or after the placeholder
        place = None
        for p in parts:
            place = place if free(p) else p.place
            if place in (original.place - 1, original.place) and p.cell.kind != "code" and text_of(p):
                found.append(p)
    if not found:
        return None
    if not own:
        notes.append(f"The written answer '{key}' was in a cell without its marker; it was found.")
    text = "\n\n".join(map(text_of, found))
    for p in found:
        if p.place is None:
            p.role, p.key, p.place = "written", key, original.place
    return Part("written", key, text, found[-1].at, found[-1].cell, bool(own), original.place)


def extras_before(key, answers, parts, release):
    """Return the student's other code that may run before the answer to exercise `key`, as a list of str, one per part.

    This is the code above the answer and, if the exercise's check is below the answer, also the code between answer and check.
    Unchanged cells of the release, statements that define or change what an exercise defines, and code that does not parse are
    left out. `answers` is the result of `choose_answers`.
    """
    answer = answers[key]
    end = max([answer.at] + [p.at for p in parts if p.role == "check" and p.key == key])
    texts = []
    for p in parts:
        if p.at == answer.at or p.at > end or p.cell.kind != "code" or p.role == "written":
            continue
        if p.role == "" and p.place is not None and tidy(p.cell.source) == release.parts[p.place].text:
            continue  # an unchanged cell of the release
        text = without(release.stripped(p.text), release.all_names)
        if text and parse(text) is not None and (p.role == "" or defined(text)):
            texts.append(text)
    return texts
