"""Formats and saves the results table, which has one row per system and R@k in percent for several k."""

import json
import os
from pathlib import Path

K_VALUES = (1, 5, 10, 20, 100)
NAMES = {
    "bm25": "BM25",
    "bm25_cut": "BM25 on the cut text",
    "untrained": "untrained",
    "nce": "NCE",
    "nce_hard": "NCE + hard negatives",
    "hybrid": "BM25 + dense",
}


def results_table(rows):
    """Return the results table as text. `rows` is {system: {k: percent}}; a system that is a key of NAMES gets its full name."""
    width = max(22, *(len(NAMES.get(m, m)) + 2 for m in rows))
    lines = [" " * width + "".join(f"{f'R@{k}':>8}" for k in K_VALUES)]
    for model, recall in rows.items():
        lines.append(f"{NAMES.get(model, model):<{width}}" + "".join(f"{recall[k]:8.1f}" for k in K_VALUES))
    return "\n".join(lines)


def save_rows(rows):
    """Write `rows`, {system: {k: percent}}, to `rows.json` in the folder that DPR_REPORT names, or do nothing if it is not set."""
    if folder := os.environ.get("DPR_REPORT"):
        path = Path(folder) / "rows.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        records = [{"model": m, "recall": {str(k): round(float(r[k]), 2) for k in K_VALUES}} for m, r in rows.items()]
        path.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
