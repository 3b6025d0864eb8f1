"""Reads results from their files, and prints a table of results for the instructor."""

import json
from pathlib import Path

from autograder.places import RESULTS
from autograder.plain import shown
from autograder.stages.contexts import exercises_of, written_of


def load_results(folder=RESULTS, stages=None):
    """Return a list of the results in a folder, as dicts, sorted by stage and student.

    stages: names of the stages whose results are returned; None means all. Raises ValueError if a file is not a result.
    """
    paths = sorted(Path(folder).glob("*/*.json"))
    return [load_result(p) for p in paths if stages is None or p.parent.name in stages]


def load_result(path):
    """Return the result in a file, with its exercises in the order of the notebook. Raises ValueError if the file holds none."""
    try:
        result = json.loads(Path(path).read_text(encoding="utf-8"))
        result["student"], result["timestamp"], result["status"]
        for part, order in (("exercises", exercises_of(result["stage"])), ("written", [*written_of(result["stage"])])):
            result[part] = dict(sorted(result[part].items(), key=lambda i: order.index(i[0]) if i[0] in order else len(order)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise ValueError(
            f"{path} is not the result of a submission ({type(e).__name__}): give results/<stage>/<student>.json"
        ) from None
    return result


def summary(results):
    """Return a table of `results`, a list of dicts, as text with one line for each submission."""
    lines = []
    for r in results:
        points = r["status"] if r["points"] is None else f"{r['points']:g} of {r['max_points']:g}"
        trouble = [f"{e['number']} {e['status']}" for e in r["exercises"].values() if e["status"] not in ("graded", "unsolved")]
        told = shown("; ".join([r["reason"]] * bool(r["reason"]) + trouble))
        lines.append(f"{r['stage']:<20} {shown(r['student']):<24} {points:<14} {told}")
    return "\n".join(lines)
