"""The grader's results on disk: autograder/results/<stage>/<student>.json."""

import json
from pathlib import Path

from autograder.stages import ROOT, stage_names


def named_stages(wanted=None):
    """The stages whose names begin with one of the comma-separated words of `wanted`, such as "04" or "01,02"; all for None."""
    if not wanted:
        return stage_names()
    words = [w.strip() for w in wanted.split(",") if w.strip()]
    for w in words:
        if not any(n.startswith(w) for n in stage_names()):
            raise SystemExit(f"no stage begins with {w!r}; there are {', '.join(stage_names())}")
    return [n for n in stage_names() if any(n.startswith(w) for w in words)]


def read_results(stages=None, root=None):
    """The results of these stages (default all) as a list of dicts, by stage, then student. Raises SystemExit if there is none."""
    folder = Path(root or ROOT) / "autograder" / "results"
    found = [p for stage in stages or stage_names() for p in sorted((folder / stage).glob("*.json"))]
    if not found:
        raise SystemExit(f"no results in {folder}: run `python -m autograder grade SUBMISSIONS` first")
    return [json.loads(p.read_text(encoding="utf-8")) for p in found]
