"""Checks of stage 07's exercises: the batch from features, the symmetric loss, and the recall of an approximate index."""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree, dtype, numbers
from dpr_course.checks.fixtures import distinct_ids, drawn, dyadic, generator, padded_ids, snapshot
from dpr_course.checks.loss import Batch, gradients, raised, spread_batch
from dpr_course.checks.loss_findings import about_gradient, about_scale
from dpr_course.checks.notes import recall_note


class FlattenFeatures(Check):
    exercise, number, title = "flatten_features", "7.1", "From features to a batch"
    names = ("flatten_features",)
    tests = (
        Test("questions", 1, ("two.Q", "two.Q_mask", "single.Q", "two.input"), "Q and Q_mask are the questions' ids and mask, as they are in the dictionary, also for a single question."),
        Test("passages", 1, ("two.P", "two.P_mask"), "P and P_mask are (2B, L), sample by sample: row 0 is the positive of question 0, row 1 its hard negative, row 2 the positive of question 1. Each row keeps its own mask."),
        Test("labels", 1, ("two.labels", "two.types", "two.golds"), "labels[i] is the row of question i's own positive in P; labels are a tensor (B,) of int64, which the loss needs."),
        Test("any number of passages", 1, ("three.P", "three.labels", "single.P", "single.labels", "lone.P", "lone.labels"), "Read from the shape how many passages a question has: with two hard negatives the tensors are (B, 3, L), with none (B, 1, L)."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        for probe, B, C in (("two", 5, 2), ("three", 4, 3), ("single", 1, 2), ("lone", 3, 1)):
            Q, Q_mask = padded_ids(rng, [9, *rng.integers(2, 9, B - 1)])
            P, P_mask = padded_ids(rng, [9, *rng.integers(2, 9, B * C - 1)])
            if B > 3 and C > 1:  # question 2's positive is question 0's hard negative; questions 0 and 3 have one positive
                for ids in (P, P_mask):
                    ids[2 * C], ids[3 * C] = ids[1], ids[0]
            # All texts are shorter than L, as in a real file.
            Q, Q_mask, P, P_mask = (F.pad(t, (0, 3)) for t in (Q, Q_mask, P, P_mask))
            features = {"questions_input_ids": Q, "questions_attention_mask": Q_mask}
            features |= {"ctx_input_ids": P.view(B, C, -1), "ctx_attention_mask": P_mask.view(B, C, -1)}
            features |= {k.replace("input_ids", "token_type_ids"): torch.zeros_like(v) for k, v in features.items() if "ids" in k}
            # int32, and cut from a wider array, as in `take`: the parts are not contiguous in memory.
            features = {k: torch.cat([v, torch.zeros_like(v)], dim=-1).int()[..., : v.shape[-1]] for k, v in features.items()}
            before = {k: v.clone() for k, v in features.items()}
            o[f"{probe}.sizes"] = [B, C]
            with o.probe(probe):
                *tensors, labels = objects["flatten_features"](features)
                for name, t in zip(("Q", "Q_mask", "P", "P_mask"), tensors, strict=True):
                    o[f"{probe}.{name}"] = array(t)
                is_tensor = isinstance(labels, torch.Tensor)
                o[f"{probe}.types"] = f"{labels.dtype} {tuple(labels.shape)}" if is_tensor else type(labels).__name__
                rows, o[f"{probe}.labels"] = array(tensors[2]), array(labels)
                inside = array(labels).size and 0 <= array(labels).min() <= array(labels).max() < len(rows)
                o[f"{probe}.golds"] = rows[array(labels)][..., :9] if inside else "no such row"
                o[f"{probe}.input"] = int(
                    features.keys() == before.keys() and all(torch.equal(v, before[k]) for k, v in features.items())
                )
        return o

    def finding(self, test, seen, expected):
        if test.name == "questions" and not seen.get("two.input", 1):
            return "The dictionary that was passed in, or one of its tensors, is changed by the call. Leave it as it is."
        if test.name == "labels" and seen["two.types"].split()[0] != "torch.int64":
            return f"{dtype(seen['two.types'], expected['two.types'], 'labels')} {test.hint}"
        for key in test.keys:
            if key in seen and not np.array_equal(seen[key], expected[key]):
                probe, name = key.split(".")
                if name == "labels":
                    return self._about_labels(np.asarray(seen[key]), *seen[f"{probe}.sizes"]) + f" {test.hint}"
                if name.startswith(("Q", "P")) and (said := numbers(seen[key], expected[key], name)):
                    return f"{said} {test.hint}"
        return ""

    @staticmethod
    def _about_labels(labels, B, C):
        """Return a sentence on what is wrong with the labels of a batch of B questions with C passages each."""
        batch = f"B = {B} questions with C = {C} passages each"
        if labels.shape != (B,):
            return f"For {batch} the shape of labels is {labels.shape}: it must be ({B},), one label per question."
        steps = np.unique(np.diff(labels))
        if len(steps) == 1 and steps[0] != C:
            return f"For {batch} the labels rise by {steps[0]} from question to question: each question has {C} rows of P."
        return f"For {batch} the labels are {', '.join(map(str, labels.tolist()))}."


class SymmetricLoss(Check):
    exercise, number, title = "get_symmetric_contrastive_loss", "7.2", "Both directions"
    names = ("get_symmetric_contrastive_loss",)
    tests = (
        Test("question to passage", 1, ("forward.loss", "forward.dY", "forward.real", "forward.far", "forward.copies"), "With f = 0 this is the in-batch loss of exercise 4.1: over all passages of the batch, hard negatives and copies too. Scores may be several hundred, of either sign."),
        Test("passage to question", 2, ("backward.loss", "backward.dX", "backward.dY", "backward.real", "backward.far", "backward.copies"), "With f = 1 each question's positive passage chooses among the questions of the batch: take the positives' columns, and let the softmax run over the questions. Scores may be several hundred, of either sign."),
        Test("the mixture", 1, ("mixed.loss", "mixed.dX", "default.loss", "mixed.works", "mixed.input"), "The loss is (1 - f) times question to passage plus f times passage to question, each a mean over B; f is 1/3 unless it is given."),
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
                with torch.autocast("cpu", torch.bfloat16):  # as training on a GPU does
                    o[f"{probe}.works"] = int(torch.isfinite(loss_fn(*other, *share)[0]))
        counted = [self._draw(rng, [1], 3).case(rng)] + [self._draw(rng, [0, 2, 4, 6, 8, 10], 12).case(rng) for _ in range(24)]
        with o.probe("counts"):
            o["counts.num_correct"] = [float(array(loss_fn(*c, 0.5)[1]).squeeze()) for c in counted]
        return o

    @staticmethod
    @drawn
    def _draw(rng, labels, N):
        """Draw a Batch of N passages with these gold rows. No row and no column of its scores (B, N) has two equal numbers."""
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
        for probe, f, given in (("forward", 0.0, "With f = 0"), ("backward", 1.0, "With f = 1"), ("mixed", 0.25, "With f = 0.25"), ("default", 1 / 3, "Without f")):  # fmt: skip
            if f"{probe}.loss" not in test.keys:
                continue
            if not seen.get(f"{probe}.input", 1):
                return "The batch that was passed in is changed by the call. Leave its tensors as they are."
            if said := _about_weights(seen, expected, probe, f, given):
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


def _about_weights(seen, expected, probe, f, given):
    """Return a sentence if the loss is a weighted sum of the two directions with weights other than 1 - f and f; "" otherwise.

    `given` is how the sentence begins, such as "With f = 0".
    """

    def values(x, p):
        return np.array([float(x[f"{p}.loss"]), *np.ravel(x[f"{p}.real"])[:2], *np.ravel(x[f"{p}.copies"])])

    have, parts = values(seen, probe), np.stack([values(expected, p) for p in ("forward", "backward")], axis=1)
    weights = np.linalg.lstsq(parts, have, rcond=None)[0]
    if not np.isfinite(have).all() or not agree(parts @ weights, have) or np.allclose(weights, (1 - f, f), atol=1e-3):
        return ""
    return (
        f"{given}, the loss is {weights[0]:.4g} times question to passage plus {weights[1]:.4g} times passage to question: the weights "
        f"must be {1 - f:.4g} and {f:.4g}."
    )


class IndexRecall(Check):
    exercise, number, title = "index_recall", "7.3", "What the approximate index misses"
    names = ("index_recall",)
    tests = (
        Test("share of the exact passages", 2, ("plain.recall", "single.recall"), "For each question: how many of the exact search's passages did the index find, in whatever order, out of how many? Then the mean over the questions, in percent."),
        Test("nothing found is -1", 2, ("holes.recall", "holes.kept", "small.kept", "none.recall"), "A -1 is not a passage and cannot be a hit. What the index did not find still counts in the denominator, and a question for which it found nothing at all counts as 0 %. Neither array may be changed."),
        Test("fewer passages than k", 1, ("small.recall",), "If the whole index holds fewer than k passages, the exact search has -1 too. These count neither as hits nor as missing."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()

        def rows(B, n, k):
            """Return an array (B, k): for each of B questions, k different passage numbers below n in random order."""
            return np.stack([rng.permutation(n)[:k] for _ in range(B)])

        def case(probe):
            B, n = 5, 14
            if probe == "single":
                return rows(1, n, 4), rows(1, n, 4)
            if probe == "small":  # fewer than k passages: both arrays end in -1, and the index misses some more
                exact = np.concatenate([rows(B, 6, 6), np.full((B, 3), -1)], axis=1)
                found = np.concatenate([rows(B, 6, 6), np.full((B, 3), -1)], axis=1)
                found[0, int(rng.integers(1, 6)) :] = -1
                found[1, int(rng.integers(2, 6)) :] = -1
                exact[2, int(rng.integers(2, 5)) :] = -1  # a mean over questions then differs from one over passages
                return found, exact
            exact, found = rows(B, n, 8), rows(B, n, 8)
            if probe == "none":  # the index found nothing for some questions
                found[rng.permutation(B)[: int(rng.integers(1, 4))]] = -1
            if probe == "holes":  # the index found fewer than k passages
                for i in range(1, B):
                    found[i, int(rng.integers(1, 8)) :] = -1
            return found, exact

        for probe in ("plain", "holes", "small", "single", "none"):
            cases = [case(probe) for _ in range(8)]
            before = snapshot(cases)
            with o.probe(probe):
                o[f"{probe}.recall"] = [float(array(objects["index_recall"](*c)).squeeze()) for c in cases]
                o[f"{probe}.kept"] = int(snapshot(cases) == before)
                o.note(f"{probe}.recall", recall_note(cases, objects["index_recall"]))
        return o
