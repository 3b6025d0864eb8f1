"""Measures which questions and gold passages the splits share, and whether the epoch was chosen on the reported questions."""

import re

import numpy as np

from dpr_course.data import gold_passages
from dpr_course.diagnose.ways import OWN, scores
from dpr_course.pipeline.evaluate import accuracy

K = (1, 5, 10, 20, 50, 100)
MOST_TEXTS = 6000  # largest number of questions and passages in a full evaluation


def normal(question):
    return " ".join(re.findall(r"\w+", question.lower()))


def measure_leak(case):
    """Return what the splits (training, held-out and validation questions) share, as a dict with the keys below.

    Questions are compared by their words in lower case, gold passages by title and text.

    questions       share of the validation questions that are training questions too
    golds           share of the validation questions whose gold passage is also that of a training question
    held_questions, held_golds   the same two shares for the held-out questions, on which the best epoch was chosen
    held_reported   share of the held-out questions that are validation questions too
    validation, held   number of validation questions, and of held-out questions
    """
    asked = {normal(s["question"]) for s in case.train}
    golds = {(s["gold_context"]["title"], s["gold_context"]["text"]) for s in case.train}
    reported = {normal(s["question"]) for s in case.validation}

    def shares(samples):
        n = max(1, len(samples))
        questions = sum(normal(s["question"]) in asked for s in samples) / n
        return questions, sum((s["gold_context"]["title"], s["gold_context"]["text"]) in golds for s in samples) / n

    a, b = shares(case.validation), shares(case.held_out)
    both = sum(normal(s["question"]) in reported for s in case.held_out) / max(1, len(case.held_out))
    return {
        "questions": a[0], "golds": a[1], "held_questions": b[0], "held_golds": b[1], "held_reported": both,
        "validation": len(case.validation), "held": len(case.held_out),
    }  # fmt: skip


def full_recall(case, encoding, samples, passages):
    """Return {k: R@k in percent} of `samples`, searched among `passages`, with the vectors of the run's own evaluation.

    Of equal scores the earlier passage comes first.
    """
    X = encoding.vectors("question", [s["question"] for s in samples], OWN)  # (B, d)
    Y = encoding.vectors("passage", passages, OWN)  # (N, d)
    row = {p["id"]: i for i, p in enumerate(passages)}
    gold = np.array([row[s["gold_context"]["id"]] for s in samples])  # (B,)
    S = scores(X, Y, case.score).numpy()  # (B, N)
    own = S[np.arange(len(S)), gold][:, None]  # (B, 1)
    rank = 1 + (own < S).sum(1) + ((own == S) & (np.arange(S.shape[1]) < gold[:, None])).sum(1)  # (B,)
    rank = np.where(np.isfinite(S).all(1), rank, S.shape[1] + 1)
    return accuracy(rank.tolist(), K)


def measure_choice(case, encoding, recomputed):
    """Return measures that show whether the best epoch was chosen on the reported questions, those of the validation split.

    `recomputed` is {k: R@k in percent} of the validation questions. Return {} if no epoch was chosen or nothing was recomputed.

    best      the score of the epoch whose weights were kept
    reported  a k for which the recomputed R@k equals this score; None: there is none
    held_out  the score that `dpr-course train` would give this epoch: R@5 of the held-out questions, searched among the gold
              passages of training and held-out questions. None: not computed, because there are no held-out questions, or
              because `reported` is None and `possible` is true
    possible  whether `best` can be a percentage of the held-out questions, given their number
    """
    h = case.history
    if h is None or not h.epochs or not h.best_epoch:
        return {}
    best = next((e["score"] for e in h.epochs if e["epoch"] == h.best_epoch), None)
    if best is None or not recomputed:
        return {}
    equal = next((k for k, value in recomputed.items() if abs(value - best) < 0.051), None)
    n = len(case.held_out)
    found = {
        "best": best,
        "reported": equal,
        "held_out": None,
        "possible": bool(n) and abs(best * n / 100 - round(best * n / 100)) < 0.02,
    }
    if n and (equal is not None or not found["possible"]):
        found["held_out"] = full_recall(case, encoding, case.held_out, gold_passages(case.train + case.held_out))[5]
    return found
