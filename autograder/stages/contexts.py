"""The code that runs before an exercise is graded: `previous.py` and the notebook's cells above it, never its own answer.

Earlier exercises of the same stage are included as reference versions, so that a wrong answer never costs points later on.
"""

import functools

from autograder.stages.source import previous_source, read_stage, stage_names, without_markers


@functools.cache
def exercises_of(stage):
    """Return the ids of the graded exercises of a stage, in order."""
    return [c.metadata["exercise"] for c in read_stage(stage).cells if "exercise" in c.metadata]


@functools.cache
def written_of(stage):
    """Return the written answers of a stage: {id: points}."""
    return {c.metadata["written"]: c.metadata["points"] for c in read_stage(stage).cells if "written" in c.metadata}


@functools.cache
def stage_of(exercise):
    """Return the name of the stage that holds an exercise. Raises StopIteration if none does."""
    return next(s for s in stage_names() if exercise in exercises_of(s))


@functools.cache
def context(exercise):
    """Return `{"previous": source or "", "sources": [source, ...]}` for the process that runs this exercise.

    Raises LookupError if no stage holds the exercise.
    """
    stage = stage_of(exercise)
    sources = []
    for cell in read_stage(stage).cells:
        if cell.metadata.get("exercise") == exercise:
            return {"previous": previous_source(stage) or "", "sources": sources}
        if cell.kind == "code" and not cell.metadata.get("slow") and "check" not in cell.metadata:
            sources.append(without_markers(cell.source))
    raise LookupError(f"{exercise} is in no stage")
