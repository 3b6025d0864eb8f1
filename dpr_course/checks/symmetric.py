"""The check of stage 07's loss, in which questions choose among passages, and positive passages among questions."""

from dataclasses import replace

import numpy as np
import torch

from dpr_course.checks.batches import Batch, raised, spread_batch
from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree, numbers
from dpr_course.checks.fixtures import DropoutVectors, FixedVectors, distinct_ids, drawn, dyadic, generator, mixed_precision
from dpr_course.checks.loss import gradients
from dpr_course.checks.loss_findings import about_gradient, about_scale, about_weights


class SymmetricLoss(Check):
    exercise, number, title = "get_symmetric_contrastive_loss", "7.2", "Both directions"
    names = ("get_symmetric_contrastive_loss",)
    tests = (
        Test("question to passage", 1, ("forward.loss", "forward.dY", "forward.real", "forward.far", "forward.copies"), "With f = 0 this is the in-batch loss of exercise 4.1: over all passages of the batch, hard negatives and copies too. Scores may be several hundred, of either sign."),
        Test("passage to question", 2, ("backward.loss", "backward.dX", "backward.dY", "backward.real", "backward.far", "backward.copies"), "With f = 1 each question's positive passage chooses among the questions of the batch: take the positives' columns, and let the softmax run over the questions. Scores may be several hundred, of either sign."),
        Test("the mixture", 1, ("mixed.loss", "mixed.dX", "default.loss", "mixed.works", "mixed.input", "dropout.same"), "The loss is (1 - f) times question to passage plus f times passage to question, each a mean over B; f is 1/3 unless it is given."),
        Test("number correct", 1, ("counts.num_correct",), "num_correct is what it was in stage 04: the questions whose best passage in the batch is the gold one."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        loss_fn = objects["get_symmetric_contrastive_loss"]
        batches = [self._draw(rng, [0, 2, 3, 5], 8) for _ in range(4)]
        cases = self._cases(rng, batches)
        for probe, f in (("forward", 0.0), ("backward", 1.0), ("mixed", 0.25), ("default", None)):
            model, batch = batches[0].case(rng)
            other, share = batches[3].case(rng), () if f is None else (f,)
            before = [t.clone() for t in batch]
            with o.probe(probe):
                loss, _ = loss_fn(model, batch, *share)
                o[f"{probe}.loss"] = array(loss)
                o[f"{probe}.dX"], o[f"{probe}.dY"] = gradients(model, loss)
                o[f"{probe}.tensor"], o[f"{probe}.training"] = int(isinstance(loss, torch.Tensor)), int(model.training)
                o[f"{probe}.input"] = int(all(map(torch.equal, before, batch)))
                for part in ("real", "copies", "far"):
                    o[f"{probe}.{part}"] = [float(loss_fn(*case, *share)[0]) for case in cases.get((probe, part), cases[part])]
                with mixed_precision():
                    o[f"{probe}.works"] = int(torch.isfinite(loss_fn(*other, *share)[0]))
        counted = [self._draw(rng, [1], 3).case(rng)] + [self._draw(rng, [0, 2, 4, 6, 8, 10], 12).case(rng) for _ in range(24)]
        with o.probe("counts"):
            o["counts.num_correct"] = [float(array(loss_fn(*c, 0.5)[1]).squeeze()) for c in counted]
        b, kept = self._draw(rng, [0, 2, 3, 5], 8), torch.tensor(rng.permutation([0.0, 2.0] * 4), dtype=batches[0].X.dtype)
        _, batch = b.case(rng)
        with o.probe("dropout"):
            o["dropout.same"] = self._same_vectors(loss_fn, b, batch, kept)
        return o

    @staticmethod
    def _same_vectors(loss_fn, b, batch, kept):
        """Return 1 if the student's loss uses the same vector of a text in both directions, and 0 if it does not.

        The vectors of a model with dropout are those of the Batch `b` when a text is encoded for the first time; later they are
        multiplied by `kept` (8,). The loss must equal that of a model without dropout that has, on each side, one of these two sets.
        """
        loss, _ = loss_fn(DropoutVectors(b.X, b.Y, *batch[:4], kept=kept), batch, 0.25)
        fixed = [FixedVectors(X, Y, *batch[:4]) for X in (b.X, b.X * kept) for Y in (b.Y, b.Y * kept)]
        return int(any(np.isclose(float(loss), float(loss_fn(model, batch, 0.25)[0]), rtol=1e-5) for model in fixed))

    @staticmethod
    @drawn
    def _draw(rng, labels, N):
        """Draw a Batch of N passages with the given `labels`. No row and no column of its scores (B, N) has two equal numbers."""
        # `observe` passes labels without a fixed distance, so that a solution cannot take every second row of P, for example.
        while True:
            X, Y = dyadic(rng, len(labels), 8) / 2, dyadic(rng, N, 8) / 2
            S = X @ Y.T
            if all((s.sort().values.diff() != 0).all() for s in (S, S.T)):
                return Batch(X, Y, *distinct_ids(rng, N), torch.tensor(labels))

    def _cases(self, rng, batches):
        """Return {name: list of (model, batch)}: further inputs on which the student's loss is called.

        real    scores near 256 or -256
        copies  passages that occur twice
        far     positives that score hundreds less than the best passage or question

        Inputs that are meant for one direction of the loss have the key (direction, name), such as ("forward", "far").
        """
        twice, first = batches[1], torch.tensor([0, 1, 2, 3, 0, 2, 6, 7])  # rows 4 and 5 are copies of rows 0 and 2
        twice = replace(twice, Y=twice.Y[first], P=twice.P[first], P_mask=twice.P_mask[first])
        turned = raised(replace(batches[2], X=batches[2].Y, Y=batches[2].X), 1, -1)  # scores of neighbouring passages lie 512 apart
        apart = {"forward": raised(batches[2], 1, -1), "backward": replace(batches[2], X=turned.Y, Y=turned.X)}
        near = [raised(batches[1], 1), raised(batches[2], -1)]

        def behind(S, labels):
            positives = S[:, labels]
            return positives.max(0).values - positives.diag()

        def draw(rng):
            return self._draw(rng, [0, 2, 3, 5], 8)

        far = {"forward": spread_batch(rng, draw, 256, 200, 600), "backward": spread_batch(rng, draw, 256, 200, 600, behind)}
        cases = {"real": near, "copies": [twice], "far": list(far.values())}
        cases |= {(p, "real"): [*near, b] for p, b in apart.items()} | {(p, "far"): [b] for p, b in far.items()}
        return {name: [b.case(rng) for b in listed] for name, listed in cases.items()}

    def finding(self, test, seen, expected):
        if test.name == "number correct":
            return numbers(seen["counts.num_correct"], expected["counts.num_correct"], "num_correct")
        if (
            "dropout.same" in test.keys
            and all(agree(seen[k], expected[k]) for k in ("mixed.loss", "default.loss"))
            and not seen["dropout.same"]
        ):
            return "The loss is right for a model without dropout. With dropout, a text gets another vector each time that it is encoded, and the two directions then use different vectors. Encode each text once: both directions are made of the same scores."
        for probe, f, given in (("forward", 0.0, "With f = 0"), ("backward", 1.0, "With f = 1"), ("mixed", 0.25, "With f = 0.25"), ("default", 1 / 3, "Without f")):  # fmt: skip
            if f"{probe}.loss" not in test.keys:
                continue
            if not seen.get(f"{probe}.input", 1):
                return "The batch that was passed in is changed by the call. Leave its tensors as they are."
            if said := about_weights(seen, expected, probe, f, given):
                return f"{said} {test.hint}"
            if agree(seen[f"{probe}.loss"], expected[f"{probe}.loss"]):
                said = about_gradient(seen, expected, probe) if f"{probe}.dX" in expected and f"{probe}.dY" in expected else ""
                return said or self._about_inputs(seen, expected, probe, test.hint)
        return ""

    @staticmethod
    def _about_inputs(seen, expected, probe, hint):
        """Return a sentence on the kind of batch for which the loss is wrong; "" if none is found. probe: "forward" or "backward"."""
        if f"{probe}.real" not in expected:
            return ""
        if not np.allclose(seen[f"{probe}.copies"], expected[f"{probe}.copies"], rtol=1e-4):
            return f"The loss is right, except where a passage is in the batch twice: this loss masks no copies. {hint}"
        if probe == "forward" and np.isnan(seen["forward.real"]).any() and not np.isfinite(seen["backward.far"]).all():
            return f"With f = 0 the loss is NaN where passage to question is infinite: 0 times infinity is not a number. {hint}"
        both = (
            {f"{part}.loss": np.ravel(x[f"{probe}.{part}"])[:2] for part in ("loss", "real", "copies", "far")}
            for x in (seen, expected)
        )
        said = about_scale(*both, probes=("loss", "real", "copies", "far"))
        return f"{said} {hint}" if said else ""
