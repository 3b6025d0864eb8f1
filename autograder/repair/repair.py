"""Repairs a submitted notebook: recognises its cells by their text and puts the answers into the released notebook.

The metadata, ids, order and types of the cells and the text of the checks may all be damaged. A cell is recognised by the
markers in its source and by the names that it defines. No code of the student is run. The function `steps` shows the steps.
"""

from dataclasses import dataclass

import nbformat

from autograder.repair.choose import choose_answers, choose_written_answers, extras_before
from autograder.repair.cpu_time import OutOfCpuTime, cpu_seconds
from autograder.repair.match import match_release
from autograder.repair.notebook_file import NotGradable, plain_cells, read_json
from autograder.repair.notes import check_notes, refuse_foreign
from autograder.repair.plain_python import plain_parts
from autograder.repair.realign import pictures, realign
from autograder.repair.release import read_release
from autograder.repair.split import split_cells

MAX_SECONDS = 20  # seconds of processor time for one file; a large file takes about 2


@dataclass(frozen=True)
class Repaired:
    exercises: dict  # exercise id -> source of the student's answer, without its marker; no entry if it was not found
    extras: dict  # exercise id -> the student's other code before the answer or its check, in order
    written: dict  # written id -> the student's text, "" if untouched or absent
    notebook: nbformat.NotebookNode  # the release's cells and metadata with the student's answers, cells and outputs
    pictures: dict  # exercise id -> list of the PNGs, as bytes, in the outputs that belong to the exercise
    notes: list  # sentences on what was repaired


def repair(raw, stage):
    """Return a Repaired, made from a file that was submitted for the stage called `stage`. `raw` is the bytes of the file.

    Raises NotGradable, with one sentence for the student, if the file cannot be graded. Raises ValueError if there is no such
    stage.
    """
    try:
        with cpu_seconds(MAX_SECONDS):
            return steps(raw, read_release(stage))
    except OutOfCpuTime:
        raise NotGradable(
            f"reading the file took more than {MAX_SECONDS:g} seconds of processor time, more than any notebook needs: clear the "
            "outputs, remove what is not needed and submit it again"
        ) from None


def steps(raw, release):
    """Return a Repaired, made from the file whose bytes are `raw`. `release` is the stage's Release.

    Each line of this function is one step of the repair.
    """
    notes = []
    document = read_json(raw, notes)
    cells = plain_cells(document, notes)
    parts = split_cells(cells, release)
    plain_parts(parts)
    match_release(parts, release)
    answers = choose_answers(parts, release, notes)
    written = choose_written_answers(parts, release, notes)
    refuse_foreign(cells, parts, answers, written, release)
    check_notes(parts, answers, release, notes)
    extras = {key: extras_before(key, answers, parts, release) for key in answers}
    notebook = realign(parts, answers, written, release, notes)
    return Repaired(
        exercises={key: p.text for key, p in answers.items()},
        extras=extras,
        written={key: p.text if p else "" for key, p in written.items()},
        notebook=notebook,
        pictures=pictures(notebook, release),
        notes=list(dict.fromkeys(notes)),
    )
