"""Measures of a reader: exact match with its 95 % interval, and the ceiling, the limit that the retrieved passages set.

`save_reader` writes exact match to a file for the report.
"""

import json
import math
import os
from pathlib import Path

from dpr_course.text import has_answer


def band(hits):
    """Return (percent, low, high): the percentage of true values in the list `hits`, and its 95 % interval (Wilson 1927).

    The interval says how far the percentage may be off because the questions are a random sample.
    """
    n, z = len(hits), 1.96
    share = sum(map(bool, hits)) / n
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return 100 * share, 100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n)


def ceiling(samples, n):
    """Return the percentage of samples for which one of the first n passages in "ctxs" has an answer in its text."""
    return 100 * sum(any(has_answer(p["text"], s["answers"]) for p in s["ctxs"][:n]) for s in samples) / len(samples)


def save_reader(em, gold, questions):
    """Write exact match for the report, to the file `reader.json` in the folder that DPR_REPORT names.

    If the environment variable DPR_REPORT is not set, do nothing.

    em         {n: (percent, low, high)}: exact match with n passages, and its interval
    gold       (percent, low, high): exact match with the gold passage alone, and its interval
    questions  number of questions that the reader answered
    """
    if folder := os.environ.get("DPR_REPORT"):
        rounded = {str(n): [round(v, 1) for v in values] for n, values in em.items()}
        record = {
            "em": {n: values[0] for n, values in rounded.items()},
            "em_gold": round(gold[0], 1),
            "questions": questions,
            "intervals": {**{n: values[1:] for n, values in rounded.items()}, "gold": [round(v, 1) for v in gold[1:]]},
        }
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "reader.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
