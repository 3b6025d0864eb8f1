"""Reads the recorded R@1 (Recall@1) of each training recipe over several seeds, and computes means with 95 % intervals.

A recipe is one way to train, such as "nce_hard", the NCE loss (in-batch loss) with hard negatives. `python -m autograder bands`
(`make bands`) trains models with each recipe and writes the results to the file bands.json.
"""

import json

import numpy as np

from dpr_course.files import ASSETS

BANDS = ASSETS / "bands.json"


def load_bands():
    """Return the R@1 of each training recipe in percent, one number per seed: `{"nce": [59.0, ...], "nce_hard": [...]}`."""
    return json.loads(BANDS.read_text(encoding="utf-8"))["recall_at_1"]


def load_distillation():
    """Return the recorded results of stage 10 in percent, one number per seed: `{"uniform": [...], "reader": [...], ...}`.

    Each list holds the R@1 of one training recipe. Only "gold_first_bm25" and "gold_first_reader" hold something else: see
    `distillation_summary`.
    """
    return json.loads(BANDS.read_text(encoding="utf-8"))["distillation"]


def interval(values):
    """Return (mean, low, high): the mean of two or more `values`, and its 95 % confidence interval by Student's t distribution."""
    v = np.asarray(values, dtype=float)
    mean, error = v.mean(), v.std(ddof=1) / np.sqrt(len(v))
    # The 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom. For more, 1.96 of the normal distribution is used.
    t = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04)  # fmt: skip
    half = (t[len(v) - 2] if len(v) <= 31 else 1.96) * error
    return float(mean), float(mean - half), float(mean + half)


def paired_gain(recorded, base="nce", other="nce_hard"):
    """Return by how much the recipe `other` beats the recipe `base` in R@1, as {"seeds", "mean", "low", "high"}.

    `recorded` is the dict that `load_bands` returns. "mean" is the mean over the seeds of other's R@1 minus base's R@1 with the
    same seed. "low" and "high" are the ends of the 95 % interval of this mean, and "seeds" is the number of seeds.
    """
    gain = [b - a for a, b in zip(recorded[base], recorded[other], strict=True)]
    mean, low, high = interval(gain)
    return {"seeds": len(gain), "mean": round(mean, 3), "low": round(low, 3), "high": round(high, 3)}


def distillation_summary():
    """Return stage 10's recorded R@1: {recipe: mean over the seeds, ..., "seeds": number, "intervals": {recipe: [low, high]}}.

    The entries "gold_first_bm25" and "gold_first_reader" are not R@1 values. They look only at the training questions whose gold
    passage is among BM25's best five, and give the percentage of these questions for which the gold passage is ranked first by
    BM25, or by the reader (the model of stage 09 that answers questions).
    """
    recorded = load_distillation()
    bands = {name: [round(v, 2) for v in interval(values)] for name, values in recorded.items()}
    means = {name: mean for name, (mean, _, _) in bands.items()}
    seeds = min(map(len, recorded.values()))
    return means | {"seeds": seeds, "intervals": {name: [low, high] for name, (_, low, high) in bands.items()}}
