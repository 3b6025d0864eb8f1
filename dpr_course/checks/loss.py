"""Checks of stage 04."""

import torch

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import FixedVectors, dyadic, generator, padded_ids


def _observe(o, probe, loss_fn, X, Y, P, P_mask, labels):
    with o.probe(probe):
        model = FixedVectors(X.clone(), Y.clone())
        Q = torch.full((len(X), 3), 5)
        loss, num_correct = loss_fn(model, (Q, torch.ones_like(Q), P, P_mask, labels))
        o[f"{probe}.loss"] = array(loss)
        o[f"{probe}.num_correct"] = int(num_correct)
        loss.backward()
        o[f"{probe}.dX"], o[f"{probe}.dY"] = array(model.X.grad), array(model.Y.grad)


class InBatchLoss(Check):
    exercise, number, title = "get_in_batch_contrastive_loss", "4.1", "In-batch negatives"
    names = ("get_in_batch_contrastive_loss",)
    tests = (
        Test("loss", 2, ("plain.loss",), "The loss is the mean cross-entropy, over the questions, of the scores of all passages in the batch, the label being the gold passage's row."),
        Test("hard negatives and their labels", 1, ("hard.loss",), "With hard negatives P has more rows than Q, and the gold rows are the ones in `labels`."),
        Test("number correct", 1, ("plain.num_correct", "hard.num_correct"), "num_correct counts the questions whose highest-scoring passage is the one in `labels`."),
        Test("gradient", 1, ("hard.dX", "hard.dY"), "The gradient must reach the vectors of the questions and of all passages. Is something detached, or turned into a number?"),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        loss_fn = objects["get_in_batch_contrastive_loss"]
        P, P_mask = padded_ids(rng, [6] * 5)
        _observe(o, "plain", loss_fn, dyadic(rng, 5, 8), dyadic(rng, 5, 8), P, P_mask, torch.arange(5))
        P, P_mask = padded_ids(rng, [6] * 7)
        # Ragged: samples 1, 3 and 4 brought a hard negative.
        labels = torch.tensor([0, 1, 3, 4])
        _observe(o, "hard", loss_fn, dyadic(rng, 4, 8), dyadic(rng, 7, 8), P, P_mask, labels)
        return o


class MaskedLoss(Check):
    exercise, number, title = "get_masked_contrastive_loss", "4.2", "Duplicate golds are no negatives"
    names = ("get_masked_contrastive_loss",)
    tests = (
        Test("no duplicates, same loss", 1, ("plain.loss", "plain.num_correct"), "In a batch without duplicates nothing is masked: loss and num_correct must be those of exercise 4.1."),
        Test("duplicates left out", 2, ("twice.loss", "twice.num_correct"), "A row of P that holds the same tokens as the gold passage of question i is no negative of question i. The gold row itself stays."),
        Test("gradient", 1, ("twice.dX", "twice.dY"), "The gradient must be finite, reach the questions and passages that count, and be zero for a question's masked rows."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        loss_fn = objects["get_masked_contrastive_loss"]
        P, P_mask = padded_ids(rng, [6] * 5)
        _observe(o, "plain", loss_fn, dyadic(rng, 5, 8), dyadic(rng, 5, 8), P, P_mask, torch.arange(5))
        # Questions 0 and 2 share a gold passage (rows 0 and 3); question 3's hard negative is question 1's gold.
        P, P_mask = padded_ids(rng, [6, 8, 5, 6, 7, 8])
        labels = torch.tensor([0, 1, 3, 4])
        P[3], P_mask[3], P[5], P_mask[5] = P[0], P_mask[0], P[1], P_mask[1]
        X, Y = dyadic(rng, 4, 8), dyadic(rng, 6, 8)
        Y[3], Y[5] = Y[0] + 0.25, Y[1] - 0.25  # dropout makes the vectors of equal texts differ a little
        _observe(o, "twice", loss_fn, X, Y, P, P_mask, labels)
        return o
