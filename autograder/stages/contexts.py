"""Collects the code that runs before a student's answer is graded: `previous.py` and the notebook's cells above the exercise.

For earlier exercises of the same stage, this code holds the reference answers, not the student's. A wrong answer therefore never
costs points in later exercises.
"""

import functools
import itertools

from autograder.stages.source import previous_source, read_stage, stage_names, without_markers


@functools.cache
def exercises_of(stage):
    """Return the ids of the graded exercises of the stage called `stage`, in order."""
    return [c.metadata["exercise"] for c in read_stage(stage).cells if "exercise" in c.metadata]


@functools.cache
def written_of(stage):
    """Return {id: maximum points} for the written answers of the stage called `stage`."""
    return {c.metadata["written"]: c.metadata["points"] for c in read_stage(stage).cells if "written" in c.metadata}


@functools.cache
def stage_of(exercise):
    """Return the name of the stage that holds the exercise with the id `exercise`. Raises LookupError if no stage holds it."""
    for stage in stage_names():
        if exercise in exercises_of(stage):
            return stage
    raise LookupError(f"no stage has an exercise {exercise!r}")


@functools.cache
def context(exercise):
    """Return the code that runs before the answer to an exercise (an id), as {"previous": text, "sources": list of texts}.

    "previous" is the text of previous.py, or "" if the stage has none. "sources" holds the code cells above the exercise, except
    checks and slow cells (such as training). Raises LookupError if no stage holds the exercise.
    """
    stage = stage_of(exercise)
    sources = []
    for cell in itertools.takewhile(lambda c: c.metadata.get("exercise") != exercise, read_stage(stage).cells):
        if cell.kind == "code" and not cell.metadata.get("slow") and "check" not in cell.metadata:
            sources.append(without_markers(cell.source))
    return {"previous": previous_source(stage) or "", "sources": sources}
