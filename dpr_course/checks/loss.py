"""Checks of stage 04's exercises: the in-batch loss, and the loss that masks duplicates of gold passages."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from dpr_course.checks.copies import about_cells, cells, copies_in, long_copies_in
from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree, numbers
from dpr_course.checks.fixtures import FixedVectors, distinct_ids, drawn, dyadic, generator
from dpr_course.checks.loss_findings import about_gradient, about_scale, about_size

LEVEL = 16.0  # its square, 256, is about as large as the scores of the course's encoders, 240 to 280


@dataclass
class Batch:
    """Fixed vectors X (B, 8) of questions and Y (N, 8) of passages P (N, T). labels (B,) are the rows of the gold passages in P."""

    X: torch.Tensor
    Y: torch.Tensor
    P: torch.Tensor
    P_mask: torch.Tensor
    labels: torch.Tensor

    def case(self, rng):
        """Return (model, batch): a model that gives these vectors, and the tuple (Q, Q_mask, P, P_mask, labels) for a loss."""
        Q, Q_mask = distinct_ids(rng, len(self.X))
        model = FixedVectors(self.X, self.Y, Q, Q_mask, self.P, self.P_mask)
        return model, (Q, Q_mask, self.P, self.P_mask, self.labels)


def _draw(rng, labels, N, right=lambda S: True, prepare=lambda Y: None):
    """Draw X (B, 8) and Y (N, 8) with small scores S (B, N), again until `right(S)` is true and each question has one best passage.

    Small scores let every passage count in a softmax. `prepare(Y)` may change Y in place before S is computed.
    """
    while True:
        X, Y = dyadic(rng, len(labels), 8) / 2, dyadic(rng, N, 8) / 2
        prepare(Y)
        S = X @ Y.T
        best = S.topk(2).values
        if (best[:, 0] > best[:, 1]).all() and right(S):
            return X, Y


def _num_correct(S, labels):
    return int((S.argmax(1) == labels).sum())


def _telling(S, labels):
    """Return whether num_correct (questions whose gold scores highest) is between 1 and B, and no likely mistake gives it too."""
    rows, n = torch.arange(len(labels)), _num_correct(S, labels)
    others = [(S.argmax(0)[labels] == rows).sum()] + [_num_correct(S, rows)] * (len(S.T) > len(S))
    return 1 < n < len(labels) and n not in others


@drawn
def _plain_batch(rng, hard=False, right=lambda S, labels: True):
    """Draw a batch without copies, until `right(scores, labels)` is true. With `hard`, some samples have a hard negative."""
    B = int(rng.integers(4, 8))
    brings = rng.integers(0, 2, B) * int(hard)
    if hard:
        brings[:2] = 1, 0
    labels = torch.tensor(np.arange(B) + np.cumsum(brings) - brings)
    P, P_mask = distinct_ids(rng, B + int(sum(brings)))
    X, Y = _draw(rng, labels, len(P), lambda S: right(S, labels))
    return Batch(X, Y, P, P_mask, labels)


def _single_batch(rng):
    """Draw a batch of one question and three passages. The second passage is the gold one."""
    X, Y = _draw(rng, [1], 3)
    return Batch(X, Y, *distinct_ids(rng, 3), torch.tensor([1]))


def raised(b, *signs):
    """Return the batch `b` with 256 times a sign (1 or -1) added to all scores of a question. Questions take `signs` in turn.

    Each question's softmax over passages stays the same. With both signs, subtracting one maximum for all fails in float32.
    """
    moved = torch.tensor(signs, dtype=b.X.dtype).repeat(len(b.X))[: len(b.X), None] * LEVEL  # (B, 1)
    X = torch.cat([b.X, moved], dim=1)
    return replace(b, X=X, Y=torch.cat([b.Y, torch.full((len(b.Y), 1), LEVEL, dtype=b.Y.dtype)], dim=1))


def spread_batch(rng, draw, factor, low, high, behind=lambda S, labels: S.max(1).values - S[torch.arange(len(S)), labels]):
    """Draw batches with `draw(rng)`, and multiply their scores by `factor`. Return the first with a largest gap in (low, high).
    `behind` returns the gaps; by default, a question's gap is the score of its best passage minus that of its gold passage."""
    while True:
        b = draw(rng)
        b = replace(b, X=factor / 4 * b.X, Y=4 * b.Y)
        if low < behind(b.X @ b.Y.T, b.labels).max() < high:
            return b


def _observe_real(rng, o, loss_fn, draw):
    """Record in `o` the results of a student's loss for large scores, in four probes.

    real       scores near 256 or -256, as large as those of the course's encoders
    wide, far  the gold passage scores up to 60 less than the best one (as in training) or up to 600 (probability 0 in float32)
    mixed      torch computes in bfloat16, as in training on a GPU; mixed.works is 1 if loss and gradient are finite
    """
    _observe(rng, o, "real", loss_fn, [raised(draw(rng), *signs) for signs in ((1,), (-1,), (1, -1), (-1, 1))])
    _observe(rng, o, "wide", loss_fn, [spread_batch(rng, draw, 32, 20, 60)])
    _observe(rng, o, "far", loss_fn, [spread_batch(rng, draw, 256, 200, 600)])
    with torch.autocast("cpu", torch.bfloat16):
        _observe(rng, o, "mixed", loss_fn, [raised(draw(rng), 1)])
    if "mixed.dY" in o:
        o["mixed.works"] = int(
            np.isfinite(o["mixed.loss"]).all() and np.isfinite(o["mixed.dX"]).all() and bool(o["mixed.dX"].any())
        )


def _observe(rng, o, probe, loss_fn, batches):
    """Record in `o`, under the name `probe`, loss and num_correct of every batch, and the gradients for the last one."""
    cases = [b.case(rng) for b in batches]  # all inputs are drawn before the student's code runs, which may raise an error
    o[f"{probe}.rows"] = [[len(b.X), len(b.Y)] for b in batches]
    with o.probe(probe):
        losses, counts, kept = [], [], True
        for model, batch in cases:
            before = [t.clone() for t in batch]
            loss, num_correct = loss_fn(model, batch)
            kept = kept and all(map(torch.equal, before, batch))
            losses.append(array(loss).ravel())
            counts.append(array(num_correct).ravel().astype(float))
        o[f"{probe}.loss"], o[f"{probe}.num_correct"] = np.concatenate(losses), np.concatenate(counts)
        o[f"{probe}.training"], o[f"{probe}.input"] = int(model.training), int(kept)
        o[f"{probe}.tensor"] = int(isinstance(loss, torch.Tensor))
        o[f"{probe}.dX"], o[f"{probe}.dY"] = gradients(model, loss)


def gradients(model, loss):
    """Return the gradients of the loss with respect to the vectors X (B, d) and Y (N, d) of `model`, a FixedVectors."""
    if isinstance(loss, torch.Tensor) and loss.requires_grad:
        loss.backward()
    return [array(torch.zeros_like(p) if p.grad is None else p.grad) for p in (model.X, model.Y)]


@drawn
def draw_copies(rng):
    """Draw a batch of four questions and eight passages, with copies and near copies of gold passages: see `copies_in`."""
    P, P_mask, labels, copies = copies_in(rng)

    def spread(Y):
        Y[4], Y[6] = Y[0] + 0.125, Y[2] - 0.125  # dropout makes the vectors of equal texts differ a little

    def masking_counts(S):
        masked = _num_correct(S.masked_fill(copies, float("-inf")), labels)
        return 0 < _num_correct(S, labels) < masked < 4

    X, Y = _draw(rng, labels, len(P), masking_counts, spread)
    return _shuffled(rng, Batch(X, Y, P, P_mask, labels))


def _shuffled(rng, b):
    """Return the batch `b` with its passages in a random order, and with the labels that belong to this order."""
    rows = torch.tensor(rng.permutation(len(b.P)))
    return replace(b, Y=b.Y[rows], P=b.P[rows], P_mask=b.P_mask[rows], labels=rows.argsort()[b.labels])


@drawn
def _draw_long(rng):
    """Draw a batch of 16 questions and 40 passages of 100 tokens. The copy of each gold passage has a probability above 0.1."""
    P, P_mask, labels = long_copies_in(rng)
    while True:
        Y = dyadic(rng, len(P), 8) / 2
        Y[16:32], Y[32:] = Y[:16] + 0.125, Y[:8] - 0.125
        X = 2 * Y[:16] + dyadic(rng, 16, 8) / 8
        if (X @ Y.T).softmax(1)[labels, labels + 16].min() > 0.1:
            return _shuffled(rng, Batch(X, Y, P, P_mask, labels))


class InBatchLoss(Check):
    exercise, number, title = "get_in_batch_contrastive_loss", "4.1", "In-batch negatives"
    names = ("get_in_batch_contrastive_loss",)
    tests = (
        Test("loss", 2, ("plain.loss", "real.loss", "wide.loss", "far.loss", "plain.input"), "The loss is the cross-entropy of each question's scores over all passages in the batch, with the gold passage's row as the label, averaged over the questions. Scores may be several hundred, of either sign."),
        Test("hard negatives and their labels", 1, ("hard.loss",), "With hard negatives P has more rows than Q, and the gold rows are the ones in `labels`."),
        Test("number correct", 1, ("plain.num_correct", "hard.num_correct"), "num_correct counts the questions whose highest-scoring passage is the one in `labels`."),
        Test("gradient", 1, ("hard.dX", "hard.dY", "hard.tensor", "hard.training", "mixed.works"), "The gradient must reach the vectors of the questions and of all passages, and the model must stay in its mode. Is something detached, turned into a number, or switched to eval()?"),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()

        for probe in ("plain", "hard"):
            batches = [_plain_batch(rng, probe == "hard") for _ in range(9)] + [_plain_batch(rng, probe == "hard", _telling)]
            _observe(rng, o, probe, objects["get_in_batch_contrastive_loss"], [_single_batch(rng)] * (probe == "hard") + batches)
        _observe_real(rng, o, objects["get_in_batch_contrastive_loss"], _plain_batch)
        return o

    def finding(self, test, seen, expected):
        if test.name == "loss" and not seen["plain.input"]:
            return "The batch that was passed in is changed by the call. Leave its tensors as they are."
        if test.name == "number correct":
            keys = ("plain.num_correct", "hard.num_correct")
            said = next(filter(None, (about_size(seen, expected, k) for k in keys)), "")
            return f"{said} {test.hint}" if said else ""
        key = "plain.loss" if test.name == "loss" else "hard.loss"
        said = about_size(seen, expected, key) or numbers(seen[key], expected[key], "the loss")
        if test.name == "gradient":
            return about_gradient(seen, expected, "hard") or said
        said = said or (about_scale(seen, expected) if test.name == "loss" else "")
        return f"{said} {test.hint}" if said else ""


class MaskedLoss(Check):
    exercise, number, title = "get_masked_contrastive_loss", "4.2", "Duplicate gold passages are not negatives"
    names = ("get_masked_contrastive_loss",)
    tests = (
        Test("no duplicates, same loss", 1, ("plain.loss", "plain.num_correct", "plain.input"), "In a batch without duplicates nothing is masked: loss and num_correct must be those of exercise 4.1."),
        Test("duplicates left out", 2, ("twice.loss", "twice.num_correct", "real.loss", "wide.loss", "far.loss", "long.loss"), "A row of P that holds the same tokens, all of them, as the gold passage of question i is no negative of question i. The gold row itself stays."),
        Test("gradient", 1, ("twice.dX", "twice.dY", "cells.part", "mixed.works"), "The gradient must be finite, reach the questions and passages that count, and be zero for a question's masked rows."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        loss_fn = objects["get_masked_contrastive_loss"]
        _observe(rng, o, "plain", loss_fn, [_plain_batch(rng) for _ in range(6)])
        batches = [draw_copies(rng) for _ in range(4)]
        _observe(rng, o, "twice", loss_fn, batches)
        # With X set to the scores and Y to the unit matrix, the gradient of X is the gradient of the loss for each score.
        b = batches[0]
        _observe(rng, o, "cells", loss_fn, [replace(b, X=b.X @ b.Y.T, Y=torch.eye(len(b.Y), dtype=b.Y.dtype))])
        o["cells.are"] = cells(b)
        if "cells.dX" in o:
            o["cells.part"] = np.sign(np.nan_to_num(np.where(np.abs(o["cells.dX"]) > 1e-9, o["cells.dX"], 0.0), nan=9)).astype(int)
        _observe_real(rng, o, loss_fn, draw_copies)
        _observe(rng, o, "long", loss_fn, [_draw_long(rng)])
        return o

    def finding(self, test, seen, expected):
        if test.name.startswith("no duplicates") and not seen["plain.input"]:
            return "The batch that was passed in is changed by the call. Leave its tensors as they are."
        probe = "plain" if test.name.startswith("no duplicates") else "twice"
        said = about_size(seen, expected, f"{probe}.loss") or numbers(seen[f"{probe}.loss"], expected[f"{probe}.loss"], "the loss")
        if test.name == "gradient":
            said = about_gradient(seen, expected, "twice") or said
        if agree(seen["plain.loss"], expected["plain.loss"]) or not said:
            said = about_cells(seen, expected) or said
        if test.name == "duplicates left out":
            said = said or about_scale(seen, expected)
            if not said and agree(seen["real.loss"], expected["real.loss"]) and not agree(seen["long.loss"], expected["long.loss"]):
                said = (
                    "The loss is right for a few short passages with small ids, but not for 40 passages of 100 tokens with ids up to "
                    "30,000. Are all tokens compared, and as whole numbers?"
                )
        return f"{said} {test.hint}" if said else ""
