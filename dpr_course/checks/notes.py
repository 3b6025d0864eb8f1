"""Functions that say in a sentence what is wrong with what a student's code returned, or return "" if they find nothing wrong.

A check keeps such a sentence with `Observation.note`. It must be true of the student's result, and never names the right
numbers.
"""

import numpy as np


def ranks_note(losses):
    """Return a sentence if the ranks (processes) of exercise 8.2 return different losses. `losses` has one number per rank."""
    if np.ptp(losses) <= 1e-4 * max(map(abs, losses)):
        return ""
    values = ", ".join(f"{v:.3f}" for v in losses)
    return f"The ranks return different losses: {values}. Each of them must compute the loss of the same joint batch, with its rows in the order of the ranks."  # fmt: skip


def merged_note(results, k, scores, ids):
    """Return a sentence on what is wrong with the merged search results of several shards; "" if nothing is.

    results      list of (scores (B, n), ids (B, n)), one pair per shard, best first
    k            number of results asked for
    scores, ids  the merged results, (B, K) each
    """
    scores, ids = np.asarray(scores), np.asarray(ids)
    B, total = len(results[0][0]), sum(s.shape[1] for s, _ in results)
    if scores.shape != ids.shape or scores.ndim != 2 or len(scores) != B:
        return f"The scores have the shape {scores.shape} and the ids {ids.shape}: both are (B, K), with a row for each of the {B} questions."
    K = scores.shape[1]
    if total < K:
        return f"There are only {total} passages, but {K} columns come back: leave out columns without a passage, and do not fill them."
    if k < K:
        return f"{K} columns come back, and k is {k}. Return the k best of all shards together, not of each."
    if min(k, total) > K:
        return f"Only {K} columns come back, though k is {k} and the shards hold {total} passages together."
    for b in range(B):
        have = [(str(i), float(s)) for i, s in zip(ids[b], scores[b])]
        given = [(str(i), float(s)) for values, names in results for i, s in zip(names[b], values[b])]
        if note := _row_note(have, given, k):
            return note
    return ""


def _row_note(have, given, k):
    """Return a sentence on what is wrong with the merged results of one question; "" if nothing is.

    have   (id, score) pairs that the student's code returned for the question
    given  (id, score) pairs of all shards, in the order of the shards
    k      number of results asked for
    """
    score_of, place = dict(given), {i: n for n, (i, _) in enumerate(given)}
    levels = {s for _, s in given}
    for i, s in have:
        if i not in score_of:
            return f"The id {i!r} comes back, but no shard gave it for this question."
        if not any(abs(s - level) <= 1e-4 * (1 + abs(level)) for level in levels):
            return "A score comes back that no shard gave: scores of all shards are on one scale, and are returned as they came."
        if abs(score_of[i] - s) > 1e-4 * (1 + abs(s)):
            return "A passage comes back with the score of another one: sort scores and ids in the same way."
    if len({i for i, _ in have}) < len(have):
        return "A passage comes back twice."
    if any(a < b for (_, a), (_, b) in zip(have, have[1:])):
        return "The scores that come back are not sorted, highest first."
    if have and any(s > have[-1][1] and i not in dict(have) for i, s in given):
        return "A passage is left out that has a higher score than the last one that comes back."
    if any(a[1] == b[1] and place[a[0]] > place[b[0]] for a, b in zip(have, have[1:])):
        return "Of two passages with equal scores, the one of the later shard, or the later one of a shard, comes first."
    if have and any(s == have[-1][1] and place[i] < place[have[-1][0]] and i not in dict(have) for i, s in given):
        return "Of passages with equal scores at the border, a later one is kept and an earlier one is left out: which of them a partial sort keeps is left to chance."  # fmt: skip
    return ""


TOGETHER = "Each question alone gets what it should, but several together do not: look at how they are put together."
SHARED = "Each question alone gets what it should. Two questions go wrong together only if both found the same passage: what is found out about a passage holds for one question, since another has other answers and other scores."  # fmt: skip


def hit_note(first, k, percent, found):
    """Return a sentence if the top-k accuracy that a student's code computes for one question alone is wrong; "" otherwise.

    first    rank, from 1, of the first passage with an answer among those found for the question; None if no passage has one
    k        number of best passages that count
    percent  accuracy that the student's code returned
    found    number of passages that were found for the question
    """
    hit = first is not None and first <= k
    if percent == 100.0 * hit:
        return ""
    where = f"has rank {first} among its {found}" if first else f"is not among its {found}"
    return f"One question alone, whose first passage with an answer {where}, gets {percent:.4g} % at k = {k}."


def recall_note(cases, index_recall):
    """Call the student's function for each question alone, and return a sentence on the first wrong recall.

    cases         list of (found, exact), arrays (B, k) of passage numbers: results of the index, and of exact search
    index_recall  the student's function

    If every question alone is right, return TOGETHER, a sentence that says so.
    """
    for found, exact in cases:
        for a, b in zip(found, exact):
            wanted = set(b.tolist()) - {-1}
            percent, right = float(index_recall(a[None], b[None])), 100 * len(wanted & set(a.tolist())) / len(wanted)
            if abs(percent - right) > 0.01:
                return f"One question alone, with found = {a.tolist()} and exact = {b.tolist()}, gets {percent:.4g} %."
    return TOGETHER


def ranking_note(cases, rows, measure):
    """Return a sentence on the first pair of rankings for which the code under check gives a wrong measure; "" if none is wrong.

    cases    list of (teacher, student, k): the scores of the same passages by two models, and how many of the best are compared
    rows     what the code under check returned for each case: (inversions, average top-k, index top-k), see exercise 10.3
    measure  the position, 0, 1 or 2, of the measure in these rows
    """
    name = ("inversions are", "average top-k is", "index top-k is")[measure]
    for (teacher, student, k), values in zip(cases, rows):
        place = np.argsort(np.argsort(-teacher, kind="stable"))
        x = place[np.argsort(-student, kind="stable")]
        right = (int(np.triu(x[:, None] > x, 1).sum()), float((x[:k] < k).mean()), int(np.flatnonzero(x < k)[-1]) + 1)
        if abs(values[measure] - right[measure]) > 1e-6:
            return f"For teacher = {teacher.tolist()}, student = {student.tolist()} and k = {k}, your {name} {values[measure]:.4g}."
    return ""


def taught_note(samples, scores):
    """Return a sentence on what is wrong with the samples that `learn` got in exercise 10.4; "" if nothing is.

    samples  the samples with which the student's code called `learn`
    scores   list with {passage id: score by the reader} for each sample
    """
    if len(samples) != len(scores):
        return f"learn got {len(samples)} samples instead of {len(scores)}."
    for i, (s, own) in enumerate(zip(samples, scores)):
        ids = [p["id"] for p in s["ctxs"]]
        if strange := [p for p in ids if p not in own]:
            return f"learn got a passage with sample {i} that is not one of its ctxs ({strange[0]})."
        if sorted(ids) != sorted(own):
            return f"learn got {len(ids)} passages with sample {i}, which has {len(own)}. Learn from all of them."
        for p in s["ctxs"]:
            if "score" not in p:
                return "learn got a passage without a score."
            if not isinstance(p["score"], float):
                return f'A "score" is of type {type(p["score"]).__name__}, and learn takes a float.'
        values = [p["score"] for p in s["ctxs"]]
        if values == [own[p] for p in ids]:
            if any(a < b for a, b in zip(values, values[1:])):
                return "The scores are those of their passages, but the passages are not sorted, best first."
        elif sorted(values) == sorted(own.values()):
            return "The passages have each other's scores: a score belongs to the passage at the same position in ctxs, before anything is sorted."
        else:
            return f"Sample {i} goes to learn with scores that the reader did not give to its passages."
    return ""


def next_note(samples, given, found):
    """Return a sentence on what is wrong with the samples that `one_round` (exercise 10.4) returns; "" if nothing is.

    samples  the samples that the student's code returned
    given    the samples with which the student's code was called
    found    the passages that were retrieved for each sample; the returned samples must have them as "ctxs"
    """
    if len(samples) != len(given):
        return f"{len(samples)} samples come back, and {len(given)} were given."
    for s, old, passages in zip(samples, given, found):
        have, wanted = ([p["id"] for p in ctxs] for ctxs in (s["ctxs"], passages))
        before = {p["id"] for p in old["ctxs"]}
        if old["gold_context"]["id"] in have:
            return "A gold passage is among the ctxs that come back, though it was not retrieved: that is a label."
        if set(have) & before:
            return f"{len(have)} passages come back with a sample, some of them old ones. The next round begins with those just retrieved, and only with them."  # fmt: skip
        if any("score" in p for p in s["ctxs"]):
            return "The passages that come back have a score, though nobody has read them yet."
        if have != wanted:
            return "The passages that come back are not those that were retrieved for their sample, in their order."
        if {k: v for k, v in s.items() if k != "ctxs"} != {k: v for k, v in old.items() if k != "ctxs"}:
            return "A sample comes back with other fields than it had: only ctxs is new."
    return ""
