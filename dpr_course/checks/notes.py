"""What is wrong with a result, in words: sentences that are true of what the student's code returned, and "" if nothing is found.

A check keeps them with `Observation.note`. They say what is there and what it belongs to, and never what the right numbers are.
"""

import re
import string

import numpy as np
import torch


def ranks_note(losses):
    """losses: one for each rank."""
    if np.ptp(losses) <= 1e-4 * max(map(abs, losses)):
        return ""
    values = ", ".join(f"{v:.3f}" for v in losses)
    return f"The ranks return different losses: {values}. Each of them must compute the loss of the same joint batch, with its rows in the order of the ranks."  # fmt: skip


def merged_note(results, k, scores, ids):
    """results: those of the shards, (scores (B, n), ids (B, n)) each; scores, ids (B, K): what was merged of them."""
    scores, ids = np.asarray(scores), np.asarray(ids)
    B, total = len(results[0][0]), sum(s.shape[1] for s, _ in results)
    if scores.shape != ids.shape or scores.ndim != 2 or len(scores) != B:
        return f"The scores have the shape {scores.shape} and the ids {ids.shape}: both are (B, K), with a row for each of the {B} questions."
    K = scores.shape[1]
    if K > total:
        return f"There are only {total} passages, but {K} columns come back: what has no passage is left out, and not filled up."
    if K > k:
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
    """have: (id, score) pairs of one question; given: those of all shards, in the order of the corpus."""
    score_of, place = dict(given), {i: n for n, (i, _) in enumerate(given)}
    levels = {s for _, s in given}
    for i, s in have:
        if i not in score_of:
            return f"The id {i!r} comes back, and no shard gave it for this question."
        if not any(abs(s - level) <= 1e-4 * (1 + abs(level)) for level in levels):
            return "A score comes back that no shard gave: scores of all shards are on one scale, and are returned as they came."
        if abs(score_of[i] - s) > 1e-4 * (1 + abs(s)):
            return "A passage comes back with the score of another one: sort scores and ids in the same way."
    if len({i for i, _ in have}) < len(have):
        return "A passage comes back twice."
    if any(a < b for (_, a), (_, b) in zip(have, have[1:])):
        return "The scores that come back do not stand highest first."
    if have and any(s > have[-1][1] and i not in dict(have) for i, s in given):
        return "A passage is left out that has a higher score than the last one that comes back."
    if any(a[1] == b[1] and place[a[0]] > place[b[0]] for a, b in zip(have, have[1:])):
        return "Of two passages with equal scores, the one of the later shard, or the later one of a shard, stands first."
    if have and any(s == have[-1][1] and place[i] < place[have[-1][0]] and i not in dict(have) for i, s in given):
        return "Of passages with equal scores at the border, a later one is kept and an earlier one is left out: which of them a partial sort keeps is left to chance."  # fmt: skip
    return ""


def hit_note(first, k, percent, found):
    """first: the place (from 1) of the best passage with an answer, None if there is none; found: the number of passages.

    percent: what one question alone gets at k.
    """
    hit = first is not None and first <= k
    if percent == 100.0 * hit:
        return ""
    where = f"stands at place {first} of its {found}" if first else f"is not among its {found}"
    return f"One question alone, whose first passage with an answer {where}, gets {percent:.4g} % at k = {k}."


def rows_note(have, want, n, stray):
    """have, want: the texts of the rows (B * n) as lists of tokens. stray: whether a row is one of a missing passage."""
    if len(have) != len(want):
        return f"There are {len(have)} rows; {len(want)} are needed, {n} for each of the {len(want) // n} samples, whatever passages they have."
    for row, (tokens, right) in enumerate(zip(have, want)):
        where = f"Row {row % n} of sample {row // n}"
        if tokens == right:
            continue
        if stray[row]:
            return f"{where} stands for a passage that the sample lacks, but its mask is 1 at: {' '.join(tokens)}."
        if not tokens:
            return f"{where} is a passage that is there, but its mask is 0 everywhere. Whether a passage is missing is a matter of how many there are, not of what is in it."  # fmt: skip
        if tokens in want:
            other = want.index(tokens)
            return f"{where} holds the text of passage {other % n} of sample {other // n}."
        if tokens.count("</s>") > 1:
            return f"{where} has {tokens.count('</s>')} closing tokens: the tokenizer adds one to each text that it is given, so a row must be given as one text, and without </s>."  # fmt: skip
        if "<pad>" in tokens:
            return f"{where} has mask 1 at padding."
        return f"{where} reads: {' '.join(tokens)[:200]}"
    return ""


def labels_note(have, want, samples):
    """have, want: the labels of each sample as lists of tokens; samples: their answers and targets, texts."""
    if len(have) != len(want):
        return f"There are labels for {len(have)} samples instead of {len(want)}."
    for row, (tokens, right) in enumerate(zip(have, want)):
        where, s = f"The labels of sample {row}", samples[row]
        if tokens == right:
            continue
        if tokens.count("</s>") > 1:
            return f"{where} have {tokens.count('</s>')} closing tokens: the tokenizer adds one by itself."
        if tokens == right[:-1]:
            return f"{where} lack the closing token </s>, and the reader would never learn to stop: only padding becomes -100."
        if tokens == right[1:]:
            return f"{where} lack the first token of the answer. T5 shifts the labels by itself: give it the whole answer."
        others = [n for n, answer in enumerate(s["answers"], 1) if tokens[:-1] == answer.split()[: len(tokens) - 1]]
        if tokens[:-1] and others:
            return f"{where} are its answer number {others[0]}; a sample without a target has its first answer as target."  # fmt: skip
        return f"{where} read: {' '.join(tokens)[:200]}"
    return ""


def places_note(H, right, mask):
    """H, right: vectors (B, n * L, d), mask (B, n, L). Says to which token the vector at a place belongs, if it is another one."""
    B, n, L = mask.shape
    if H.shape[:2] != (B, n * L):
        return f"last_hidden_state has the shape {tuple(H.shape)}; there are {B} questions with {n} passages of {L} tokens, padding and missing passages included."  # fmt: skip
    have, want = H.detach().reshape(B * n * L, -1).double(), right.reshape(B * n * L, -1).double()
    if have.shape != want.shape:
        return ""
    real = mask.reshape(-1).bool()
    gaps = torch.cdist(have, want)  # between every place and every token
    best, nearest = gaps.min(1)
    off = real & (gaps.diagonal() > 1e-3) & (best < 1e-4)
    if not off.any() or (real & (best >= 1e-4)).any():
        return ""

    def named(i):
        return f"token {i % L} of passage {i // L % n} of question {i // (n * L)}"

    i = int(off.nonzero()[0])
    return f"The vector at the place of {named(i)} is that of {named(int(nearest[i]))}."


def mask_note(fused, mask):
    """fused: the mask that came back, (B, n * L); mask (B, n, L)."""
    B, n, L = mask.shape
    if fused.shape != (B, n * L):
        return f"The mask that comes back has the shape {tuple(fused.shape)}; there are {B} questions with {n} passages of {L} tokens."
    off = (fused.bool() != mask.reshape(B, -1).bool()).nonzero()
    if not len(off):
        return ""
    b, i = off[0].tolist()
    return f"The mask that comes back is {int(fused[b, i])} at token {i % L} of passage {i // L} of question {b}, where the given mask is {int(mask[b, i // L, i % L])}."  # fmt: skip


def taught_note(samples, scores):
    """samples: what `learn` got; scores: for each sample, {passage id: the reader's score} of the passages it had."""
    if len(samples) != len(scores):
        return f"learn got {len(samples)} samples instead of {len(scores)}."
    for i, (s, own) in enumerate(zip(samples, scores)):
        ids = [p["id"] for p in s["ctxs"]]
        if strange := [p for p in ids if p not in own]:
            return f"learn got a passage with sample {i} that is not one of its ctxs ({strange[0]})."
        if sorted(ids) != sorted(own):
            return f"learn got {len(ids)} passages with sample {i}, which has {len(own)}. All of them are to be learned from."
        for p in s["ctxs"]:
            if "score" not in p:
                return "learn got a passage without a score."
            if not isinstance(p["score"], float):
                return f'A "score" is of type {type(p["score"]).__name__}, and learn takes a float.'
        values = [p["score"] for p in s["ctxs"]]
        if values == [own[p] for p in ids]:
            if any(a < b for a, b in zip(values, values[1:])):
                return "The scores are those of their passages, but the passages do not stand best first."
        elif sorted(values) == sorted(own.values()):
            return "The passages have each other's scores: a score belongs to the passage at the same place of ctxs, before anything is sorted."
        else:
            return f"Sample {i} goes to learn with scores that the reader did not give to its passages."
    return ""


def next_note(samples, given, found):
    """samples: the result; given: the samples before; found: the passages that were retrieved for each."""
    if len(samples) != len(given):
        return f"{len(samples)} samples come back, and {len(given)} were given."
    for s, old, passages in zip(samples, given, found):
        have, wanted = ([p["id"] for p in ctxs] for ctxs in (s["ctxs"], passages))
        before = {p["id"] for p in old["ctxs"]}
        if old["gold_context"]["id"] in have:
            return "A gold passage stands among the ctxs that come back, though it was not retrieved: that is a label."
        if set(have) & before:
            return f"{len(have)} passages come back with a sample, some of them old ones. The next round begins with those just retrieved, and only with them."  # fmt: skip
        if any("score" in p for p in s["ctxs"]):
            return "The passages that come back have a score, though nobody has read them yet."
        if have != wanted:
            return "The passages that come back are not those that were retrieved for their sample, in their order."
        if {k: v for k, v in s.items() if k != "ctxs"} != {k: v for k, v in old.items() if k != "ctxs"}:
            return "A sample comes back with other fields than it had: only ctxs is new."
    return ""


RULES = {
    "alike.case": "Capital and small letters are the same, on both sides.",
    "alike.punctuation": "Every sign of string.punctuation is deleted, on both sides, and nothing takes its place.",
    "alike.articles": "The words a, an and the are left out wherever they stand, on both sides.",
    "alike.blanks": "Blanks at the ends go, and a run of blanks, tabs or line ends becomes one blank, whatever left it.",
    "other.words": "All words must be the same, as often, in the same order and with the same borders.",
    "other.signs": "Only signs of string.punctuation are deleted, and letters change by lower() alone: accents, ß and ’ stay.",
    "other.articles": "Only whole words are articles: the letters of longer words stay, at their beginning and end as well.",
    "order.initials": "Signs are deleted first, then articles: a word that was put together of initials may be an article.",
    "order.dots": "Signs are deleted first, then articles: a letter next to a sign may become part of a longer word, or be an article.",
    "answers.any": "One of the answers must match, wherever it stands in the list.",
    "answers.none": "Without answers nothing is right; and two strings of which nothing is left are equal.",
}


def match_note(key, given, results):
    """Name the first pair of prediction and answers that is misjudged, and the rule of the family `key` that it shows."""

    def normalised(text):
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    for (p, answers), result in zip(given, results):
        if bool(result) != (normalised(p) in map(normalised, answers)):
            return f"For the prediction {p!r} and the answers {answers!r} you return {bool(result)}. {RULES[key]}"
    return ""
