"""Draws batches for the checks of the losses: fixed vectors of questions and passages, which a stand-in encoder returns."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from dpr_course.checks.copies import copies_in, long_copies_in
from dpr_course.checks.fixtures import FixedVectors, distinct_ids, drawn, dyadic

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
    """Draw X (B, 8) and Y (N, 8) with small scores S (B, N), until `right(S)` is true and no question has two best passages.

    With small scores every passage counts in a softmax. `prepare(Y)` may change Y in place before S is computed.
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


def telling(S, labels):
    """Return whether num_correct (questions whose gold scores highest) is above 1, below B, and not the result of a likely mistake."""
    rows, n = torch.arange(len(labels)), _num_correct(S, labels)
    others = [(S.argmax(0)[labels] == rows).sum()] + [_num_correct(S, rows)] * (len(S.T) > len(S))
    return 1 < n < len(labels) and n not in others


@drawn
def plain_batch(rng, hard=False, right=lambda S, labels: True):
    """Draw a batch without copies, until `right(scores, labels)` is true. With `hard`, some samples have a hard negative."""
    B = int(rng.integers(4, 8))
    brings = rng.integers(0, 2, B) * int(hard)
    if hard:
        brings[:2] = 1, 0
    labels = torch.tensor(np.arange(B) + np.cumsum(brings) - brings)
    P, P_mask = distinct_ids(rng, B + int(sum(brings)))
    X, Y = _draw(rng, labels, len(P), lambda S: right(S, labels))
    return Batch(X, Y, P, P_mask, labels)


def single_batch(rng):
    """Draw a batch of one question and three passages. The second passage is the gold one."""
    X, Y = _draw(rng, [1], 3)
    return Batch(X, Y, *distinct_ids(rng, 3), torch.tensor([1]))


def raised(b, *signs):
    """Return the batch `b` with 256 times a sign (1 or -1) added to all scores of a question. Questions take `signs` in turn.

    Each question's softmax over passages stays the same. If both signs occur, a loss that subtracts one maximum from the scores of
    all questions fails in float32.
    """
    moved = torch.tensor(signs, dtype=b.X.dtype).repeat(len(b.X))[: len(b.X), None] * LEVEL  # (B, 1)
    X = torch.cat([b.X, moved], dim=1)
    return replace(b, X=X, Y=torch.cat([b.Y, torch.full((len(b.Y), 1), LEVEL, dtype=b.Y.dtype)], dim=1))


def spread_batch(rng, draw, factor, low, high, behind=lambda S, labels: S.max(1).values - S[torch.arange(len(S)), labels]):
    """Draw batches with `draw(rng)`, multiply their scores by `factor`, and return the first whose largest gap is in (low, high).
    `behind` returns the gaps; by default, a question's gap is the score of its best passage minus that of its gold passage."""
    while True:
        b = draw(rng)
        b = replace(b, X=factor / 4 * b.X, Y=4 * b.Y)
        if low < behind(b.X @ b.Y.T, b.labels).max() < high:
            return b


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
def draw_long(rng):
    """Draw a batch of 16 questions and 40 passages of 100 tokens. Each gold passage's copy has a probability above 0.1."""
    P, P_mask, labels = long_copies_in(rng)
    while True:
        Y = dyadic(rng, len(P), 8) / 2
        Y[16:32], Y[32:] = Y[:16] + 0.125, Y[:8] - 0.125
        X = 2 * Y[:16] + dyadic(rng, 16, 8) / 8
        if (X @ Y.T).softmax(1)[labels, labels + 16].min() > 0.1:
            return _shuffled(rng, Batch(X, Y, P, P_mask, labels))


@drawn
def draw_thrice(rng):
    """Draw a batch in which one passage, the gold passage of two questions, occurs three times.

    For the first of the two, each of the three rows has a probability above 0.1, so a copy that is not masked changes the loss.
    """
    while True:
        b = draw_copies(rng)
        gold = int(b.labels[0])
        rows = torch.tensor([*range(len(b.P)), gold])
        b = replace(b, Y=b.Y[rows], P=b.P[rows], P_mask=b.P_mask[rows])
        b.Y[-1] += 0.25
        if (b.X @ b.Y.T).softmax(1)[0, (b.P[gold] == b.P).all(1)].min() > 0.1:
            return _shuffled(rng, b)
