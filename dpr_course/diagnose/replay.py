"""Recomputes the losses of the first and last training steps under several assumptions about the training.

The assumption whose losses are the recorded ones tells how the run was trained.
"""

import math
import random
from dataclasses import replace

import torch
import torch.nn.functional as F

from dpr_course.diagnose.case import model_device
from dpr_course.diagnose.sample import ways_of
from dpr_course.diagnose.ways import OWN, POOLINGS, Encoding, encode_all, one_side, padded, scores
from dpr_course.train import batches

NEAR = 12  # points of R@1 by which a Way may be worse than the run's own and still be tried
DIVISORS = (0.02, 0.0625, 0.25, 4.0, 16.0, 64.0)  # numbers by which the scores are divided as an assumption
STEPS = 3  # number of steps recomputed at the start, and at the end


def measure_replay(case, ways=None, temperatures=()):
    """Return {"start": dict, "end": dict}: the losses of the first and of the last STEPS steps, recorded and recomputed.

    "end" is the end of the epoch that was kept. "start" is absent if the weights before training are not known. Return {}
    without a History or training samples.

    Both dicts have the keys below. Each key from "chunks" to "ways" is an assumption about the training, with the loss and
    accuracy that would have been recorded if it were true. All {"loss", "accuracy"} are means over the steps; accuracy is the
    share of the questions whose gold passage scores highest.

    recorded  {"loss", "accuracy"} from the History
    chunks    {b: {"loss", "accuracy"}}: only b questions and their passages share a softmax; the largest b is the whole batch
    in order  {"loss", "accuracy"}: the labels are 0, 1, 2, ..., although hard negatives lie between the gold passages; absent
              if the batches have no hard negatives
    divide T  {"loss", "accuracy"}: scores are divided by T in addition to the declared temperature, for T in DIVISORS and in
              the argument `temperatures`
    any       {"loss", "accuracy"}: the labels are drawn at random
    cosine    {"loss", "accuracy"}: the scores are cosines, without a temperature
    ways      {name: {"loss", "accuracy"}}: texts become vectors by another Way, see `ways_of`. If the argument `ways`, the dict
              that `measure_ways` returned, shows a much lower R@1 for a Way than for the run's own, this Way is left out.
    texts     number of texts that were encoded
    """
    if case.history is None or not case.history.steps or not case.train:
        return {}
    plan = plan_of(case)
    kept = case.history.best_epoch or max(s.get("epoch", 1) for s in case.history.steps)
    last = [i for i, s in enumerate(case.history.steps) if s.get("epoch", kept) == kept][-STEPS:]
    parts = {}
    for name, model, steps in (("start", case.start, range(min(STEPS, len(plan)))), ("end", case.model, last)):
        if model is not None and steps:
            recorded = recorded_in([case.history.steps[i] for i in steps])
            parts[name] = model, [plan[i % len(plan)] for i in steps], case.memory if name == "start" else {}, recorded
    if case.masks_copies is None:
        case = replace(case, masks_copies=_masks_copies(case, parts))
    return {
        name: _assumptions(case, model, chosen, kept, temperatures)
        | {"ways": _ways(case, model, chosen, ways, kept), "recorded": recorded}
        for name, (model, chosen, kept, recorded) in parts.items()
    }


def _masks_copies(case, parts):
    """Return whether the run's loss probably left copies of a question's gold passage out of the softmax.

    The answer is True if losses computed without the copies fit the recorded ones at least as well as losses with the copies.

    `parts` is {name: (model, batches, cache of vectors, recorded)} for "start" and "end".
    """
    off = {}
    for flag in (True, False):
        some = replace(case, masks_copies=flag)
        pairs = [
            (recorded["loss"], sum(pair(*score_matrix(some, model, b, kept=kept)[:2])[0] for b in chosen) / len(chosen))
            for model, chosen, kept, recorded in parts.values()
        ]
        off[flag] = sum(abs(math.log((max(a, 0) + 0.05) / (b + 0.05))) for a, b in pairs)
    return not off[False] < off[True]


def plan_of(case):
    """Return the batches of all epochs (20 at most), in order, as the course's training loop makes them with the run's seed."""
    B = min(case.settings.batch_size or 32, len(case.train))
    rng, epochs = random.Random(case.settings.seed), max(s.get("epoch", 1) for s in case.history.steps)
    return [b for _ in range(min(epochs, 20)) for b in batches(case.train, B, rng)]


def recorded_in(steps):
    """Return the mean {"loss", "accuracy"} of some steps of a History. The accuracy is None if no step has one."""
    right = [s["accuracy"] for s in steps if "accuracy" in s]
    return {"loss": sum(s["loss"] for s in steps) / len(steps), "accuracy": sum(right) / len(right) if right else None}


def _ways(case, model, chosen, measured, kept):
    """Return {name: {"loss", "accuracy"}}, means over the batches `chosen`, for each Way other than the run's own.

    A Way is one choice of how texts become vectors. `model` is the model before or after training, `measured` is what
    `measure_ways` returned, and `kept` is a cache of vectors. Ways with a much lower R@1 in `measured` are left out.
    """
    found, random_state = {}, torch.get_rng_state()
    gains = {name: way["gain"] for name, way in (measured or {}).get("ways", {}).items()}
    for name, way in ways_of(case).items():
        if gains.get(name, 0) < (-NEAR / 2 if name.startswith("prefix ") else -NEAR):
            continue
        if name == "the model itself" or (model is case.start and name == "exchanged"):
            continue
        rows = [pair(*score_matrix(case, model, samples, way, kept=kept.setdefault(i, {}))[:2]) for i, samples in enumerate(chosen)]
        found[name] = {"loss": sum(a for a, _ in rows) / len(rows), "accuracy": sum(b for _, b in rows) / len(rows)}
    torch.set_rng_state(random_state)
    return found


def score_matrix(case, model, samples, way=OWN, encoding=None, kept=None):
    """Encode a batch with dropout, as in training, and return (S, gold, owner, X, Y).

    S (B, N) are the scores, gold (B,) the column of each question's gold passage, owner (N,) the question to which each passage
    belongs, X (B, d) and Y (N, d) the vectors. Copies of a question's gold passage elsewhere in the batch score -inf, unless
    case.masks_copies is False.

    `kept` is a dict in which vectors are cached: Ways that are the same for one side share that side's vectors. With `kept`,
    the dropout of a side depends only on the seed and on the number of its tokens.
    """
    hard = case.settings.hard is not False
    passages, gold, owner = [], [], []
    for i, s in enumerate(samples):
        gold.append(len(passages))
        own = [s["gold_context"], *([s["hard_negative"]] if hard and "hard_negative" in s else [])]
        passages, owner = passages + own, owner + [i] * len(own)
    encoding = encoding or Encoding(case)
    Q, P = encoding.tokens("question", [s["question"] for s in samples], way), encoding.tokens("passage", passages, way)
    was = model.training
    model.train()
    try:
        with torch.no_grad():
            X, Y = (_kept_vectors(case, model, side, t, way, kept) for side, t in (("question", Q), ("passage", P)))
    finally:
        model.train(was)
    S = scores(X, Y, "cosine" if case.loss_cosine else case.score) / case.settings.temperature  # (B, N)
    kinds = [(p["title"], p["text"]) for p in passages]
    copies = torch.tensor([[kinds[c] == kinds[g] and c != g for c in range(len(passages))] for g in gold])  # (B, N)
    if case.masks_copies is not False:
        S = S.masked_fill(copies, float("-inf"))
    return S, torch.tensor(gold), torch.tensor(owner), X, Y


def _kept_vectors(case, model, side, tokens, way, kept):
    """Encode N token lists as `way`, a Way, prescribes. Return their vectors (N, d). The lists are padded as in a training batch.

    `kept`, a dict or None, is the cache in which the vectors are looked up and stored.
    """
    way = one_side(way, side, case)
    key = (side, case.settings.seed, tuple(map(tuple, tokens)))
    if kept is not None:
        if (*key, way) in kept:
            return kept[*key, way]
        torch.manual_seed(case.settings.seed + sum(map(len, tokens)))
    T = case.max_length if way.full else max(map(len, tokens))
    ids, mask = padded(tokens, T, case.tokenizer.pad_token_id or 0, model_device(model))
    ways = [replace(way, pooling=p) for p in POOLINGS] if way.pooling and kept is not None else [way]
    made = encode_all(model, side, ids, torch.ones_like(mask) if side in way.padded else mask, ways)
    found = {(*key, w): V.float().cpu() for w, V in zip(ways, made)}
    if kept is not None:
        kept.update(found)
    return found[*key, way]


def _assumptions(case, model, chosen, kept, temperatures):
    """Return the mean {"loss", "accuracy"} of some batches under each assumption, with the keys of `measure_replay`.

    The keys "ways" and "recorded" are not included.
    """
    rows, texts, random_state = [], 0, torch.get_rng_state()
    for samples in chosen:
        S, gold, owner, X, Y = score_matrix(case, model, samples, kept=kept)
        B, N = S.shape
        row = {f"chunks {b}": within(S, gold, owner, b) for b in sizes(B)}
        if N > B:
            row["in order"] = pair(S, torch.arange(B))
        finite = S.masked_fill(~torch.isfinite(S), 0)
        row |= {f"divide {T:g}": pair(S / T, gold) for T in (*DIVISORS, *temperatures)}
        row["any"] = (float((S.logsumexp(1) - finite.mean(1)).mean()), 1 / N)
        row["cosine"] = pair(F.normalize(X, dim=1) @ F.normalize(Y, dim=1).T, gold)
        rows.append(row)
        texts += B + N
    torch.set_rng_state(random_state)
    found = {"chunks": {}, "texts": texts}
    for name in rows[0]:
        some = [row[name] for row in rows if name in row]
        mean = {"loss": sum(a for a, _ in some) / len(some), "accuracy": sum(b for _, b in some) / len(some)}
        if name.startswith("chunks "):
            found["chunks"][name.split()[1]] = mean
        else:
            found[name] = mean
    return found


def sizes(B):
    """Return the chunk sizes to try, in questions, for a batch of B questions: the powers of 2 below 0.75 B, and B itself."""
    return sorted({2**i for i in range(int(math.log2(max(1, B))) + 1) if 2**i < 0.75 * B} | {B})


def within(S, gold, owner, b):
    """Return (loss, accuracy) for the batch cut into parts of b questions, each part with its own passages and softmax.

    S (B, N) are the scores, gold (B,) the column of each question's gold passage, owner (N,) the question of each passage.
    """
    part = torch.arange(len(S)) // b  # (B,)
    return pair(S.masked_fill(part[:, None] != part[owner][None], float("-inf")), gold)


def pair(S, target):
    """Return (loss, accuracy) of the scores S (B, N), if column target[i] is the right one for row i.

    The loss is the mean of the rows' cross-entropies, without those that are not finite. The accuracy is the share of the rows
    with the largest score in the right column.
    """
    loss = F.cross_entropy(S, target, reduction="none")  # (B,)
    return float(loss[torch.isfinite(loss)].mean()), float((S.argmax(1) == target).float().mean())
