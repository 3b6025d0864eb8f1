"""Checks of stage 04's exercises: the in-batch loss, and the loss that masks duplicates of gold passages."""

from dataclasses import replace

import numpy as np
import torch

from dpr_course.checks.batches import draw_copies, draw_long, draw_thrice, plain_batch, raised, single_batch, spread_batch, telling
from dpr_course.checks.copies import about_cells, cells
from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree, numbers
from dpr_course.checks.fixtures import generator, mixed_precision
from dpr_course.checks.loss_findings import about_gradient, about_scale, about_size


def _observe_real(rng, o, loss_fn, draw):
    """Record in `o` the results of a student's loss for large scores, in four probes.

    real       scores near 256 or -256, as large as those of the course's encoders
    wide, far  the gold passage scores up to 60 less than the best one (as in training) or up to 600 (probability 0 in float32)
    mixed      torch computes in bfloat16, as in training on a GPU; mixed.works is 1 if loss and gradient are finite
    """
    _observe(rng, o, "real", loss_fn, [raised(draw(rng), *signs) for signs in ((1,), (-1,), (1, -1), (-1, 1))])
    _observe(rng, o, "wide", loss_fn, [spread_batch(rng, draw, 32, 20, 60)])
    _observe(rng, o, "far", loss_fn, [spread_batch(rng, draw, 256, 200, 600)])
    with mixed_precision():
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
            batches = [plain_batch(rng, probe == "hard") for _ in range(9)] + [plain_batch(rng, probe == "hard", telling)]
            _observe(rng, o, probe, objects["get_in_batch_contrastive_loss"], [single_batch(rng)] * (probe == "hard") + batches)
        _observe_real(rng, o, objects["get_in_batch_contrastive_loss"], plain_batch)
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
        Test("duplicates left out", 2, ("twice.loss", "twice.num_correct", "real.loss", "wide.loss", "far.loss", "long.loss", "thrice.loss"), "A row of P that holds the same tokens, all of them, as the gold passage of question i is no negative of question i. The gold row itself stays."),
        Test("gradient", 1, ("twice.dX", "twice.dY", "cells.part", "mixed.works"), "The gradient must be finite, reach the questions and passages that count, and be zero for a question's masked rows."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        loss_fn = objects["get_masked_contrastive_loss"]
        _observe(rng, o, "plain", loss_fn, [plain_batch(rng) for _ in range(6)])
        batches = [draw_copies(rng) for _ in range(4)]
        _observe(rng, o, "twice", loss_fn, batches)
        # With X set to the scores and Y to the unit matrix, the gradient of X is the gradient of the loss for each score.
        b = batches[0]
        _observe(rng, o, "cells", loss_fn, [replace(b, X=b.X @ b.Y.T, Y=torch.eye(len(b.Y), dtype=b.Y.dtype))])
        o["cells.are"] = cells(b)
        if "cells.dX" in o:
            o["cells.part"] = np.sign(np.nan_to_num(np.where(np.abs(o["cells.dX"]) > 1e-9, o["cells.dX"], 0.0), nan=9)).astype(int)
        _observe_real(rng, o, loss_fn, draw_copies)
        _observe(rng, o, "long", loss_fn, [draw_long(rng)])
        _observe(rng, o, "thrice", loss_fn, [draw_thrice(rng)])
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
            if (
                not said
                and agree(seen["twice.loss"], expected["twice.loss"])
                and not agree(seen["thrice.loss"], expected["thrice.loss"])
            ):
                said = (
                    "The loss is right where a passage is in the batch twice, but not where it is there three times: every further "
                    "copy of the gold passage must be masked, not only one."
                )
        return f"{said} {test.hint}" if said else ""
