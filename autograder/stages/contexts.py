"""What an exercise may see: `previous.py` and the notebook's own cells before it, never its own answer.

Earlier exercises of the same stage are there as reference versions, so that one wrong answer never sinks the next.
"""

import functools

from autograder.stages.source import previous_source, read_stage, stage_names, without_markers


@functools.cache
def exercises_of(stage):
    """The graded exercises of a stage, in order."""
    return [c.metadata["exercise"] for c in read_stage(stage).cells if "exercise" in c.metadata]


@functools.cache
def written_of(stage):
    """The written answers of a stage: {id: points}."""
    return {c.metadata["written"]: c.metadata["points"] for c in read_stage(stage).cells if "written" in c.metadata}


@functools.cache
def stage_of(exercise):
    return next(s for s in stage_names() if exercise in exercises_of(s))


@functools.cache
def context(exercise):
    """`{"previous": source or "", "sources": [source, ...]}` for the process that serves this exercise."""
    stage = stage_of(exercise)
    sources = []
    for cell in read_stage(stage).cells:
        if cell.metadata.get("exercise") == exercise:
            return {"previous": previous_source(stage) or "", "sources": sources}
        if cell.kind == "code" and not cell.metadata.get("slow") and "check" not in cell.metadata:
            sources.append(without_markers(cell.source))
    raise LookupError(f"{exercise} is in no stage")
