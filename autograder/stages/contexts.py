"""Collects the code that runs before a student's answer is graded: `previous.py` and the notebook's cells above the exercise.

Earlier exercises of the same stage are included with the reference answers and not with the student's. A wrong answer therefore
never costs points in later exercises.
"""

import functools
import itertools

from autograder.stages.source import previous_source, read_stage, stage_names, without_markers


@functools.cache
def exercises_of(stage):
    """Return the ids of the graded exercises of a stage, in order."""
    return [c.metadata["exercise"] for c in read_stage(stage).cells if "exercise" in c.metadata]


@functools.cache
def written_of(stage):
    """Return the maximum points of the written answers of a stage: {id: points}."""
    return {c.metadata["written"]: c.metadata["points"] for c in read_stage(stage).cells if "written" in c.metadata}


@functools.cache
def stage_of(exercise):
    """Return the name of the stage that holds an exercise. Raises LookupError if none does."""
    for stage in stage_names():
        if exercise in exercises_of(stage):
            return stage
    raise LookupError(f"no stage has an exercise {exercise!r}")


@functools.cache
def context(exercise):
    """Return the code that runs before an exercise: `{"previous": previous.py as text, "sources": [source of a cell, ...]}`.

    The cells are the code cells above the exercise, without checks and slow cells (such as training). "previous" is "" if the
    stage has no previous.py. Raises LookupError if no stage holds the exercise.
    """
    stage = stage_of(exercise)
    sources = []
    for cell in itertools.takewhile(lambda c: c.metadata.get("exercise") != exercise, read_stage(stage).cells):
        if cell.kind == "code" and not cell.metadata.get("slow") and "check" not in cell.metadata:
            sources.append(without_markers(cell.source))
    return {"previous": previous_source(stage) or "", "sources": sources}
