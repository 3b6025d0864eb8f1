"""Checks of stage 07."""

import numpy as np
import torch

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import distinct_ids, dyadic, generator, padded_ids, snapshot
from dpr_course.checks.loss import Batch, gradients, raised
from dpr_course.checks.notes import recall_note


class FlattenFeatures(Check):
    exercise, number, title = "flatten_features", "7.1", "From features to a batch"
    names = ("flatten_features",)
    tests = (
        Test("questions", 1, ("two.Q", "two.Q_mask"), "Q and Q_mask are the questions' ids and mask, as they are in the dictionary."),
        Test("passages", 1, ("two.P", "two.P_mask"), "P and P_mask are (2B, L), sample by sample: row 0 is the positive of question 0, row 1 its hard negative, row 2 the positive of question 1. Each row keeps its own mask."),
        Test("labels", 1, ("two.golds", "two.types"), "labels[i] is the row of P that holds question i's positive; labels are a tensor (B,) of int64, which the loss needs."),
        Test("any number of passages", 1, ("three.P", "three.golds", "single.P", "single.golds"), "Read from the shape how many passages a question has: with two hard negatives the tensors are (B, 3, L)."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        for probe, B, C in (("two", 5, 2), ("three", 4, 3), ("single", 1, 2)):
            Q, Q_mask = padded_ids(rng, [9, *rng.integers(2, 9, B - 1)])
            P, P_mask = padded_ids(rng, [9, *rng.integers(2, 9, B * C - 1)])
            features = {"questions_input_ids": Q, "questions_attention_mask": Q_mask}
            features |= {"ctx_input_ids": P.view(B, C, -1), "ctx_attention_mask": P_mask.view(B, C, -1)}
            features |= {k.replace("input_ids", "token_type_ids"): torch.zeros_like(v) for k, v in features.items() if "ids" in k}
            # int32, and cut from a wider array, as in `take`: the parts are not contiguous in memory.
            features = {k: torch.cat([v, torch.zeros_like(v)], dim=-1).int()[..., : v.shape[-1]] for k, v in features.items()}
            with o.probe(probe):
                *tensors, labels = objects["flatten_features"](features)
                for name, t in zip(("Q", "Q_mask", "P", "P_mask"), tensors, strict=True):
                    o[f"{probe}.{name}"] = array(t)
                is_tensor = isinstance(labels, torch.Tensor)
                o[f"{probe}.types"] = f"{labels.dtype} {tuple(labels.shape)}" if is_tensor else type(labels).__name__
                o[f"{probe}.golds"] = array(tensors[2])[array(labels)]  # the passages that the labels point to
        return o


class SymmetricLoss(Check):
    exercise, number, title = "get_symmetric_contrastive_loss", "7.2", "Both directions"
    names = ("get_symmetric_contrastive_loss",)
    tests = (
        Test("question to passage", 1, ("forward.loss", "forward.dY", "forward.real"), "With f = 0 this is the in-batch loss of stage 04: over all passages of the batch, hard negatives too. Scores may be several hundred, of either sign."),
        Test("passage to question", 2, ("backward.loss", "backward.dX", "backward.dY", "backward.real"), "With f = 1 each question's positive passage chooses among the questions of the batch: take the positives' columns, and let the softmax run over the questions."),
        Test("the mixture", 1, ("mixed.loss", "mixed.dX", "default.loss", "mixed.works"), "The loss is (1 - f) times question to passage plus f times passage to question, each a mean over B; f is 1/3 unless it is given."),
        Test("number correct", 1, ("counts.num_correct",), "num_correct is what it was in stage 04: the questions whose best passage in the batch is the gold one."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        loss_fn = objects["get_symmetric_contrastive_loss"]

        def draw(labels, N):
            """Draw a batch in which no two passages of a question, or questions of a passage, have equal scores."""
            while True:
                X, Y = dyadic(rng, len(labels), 8) / 2, dyadic(rng, N, 8) / 2
                S = X @ Y.T
                if all((s.sort().values.diff() != 0).all() for s in (S, S.T)):
                    return Batch(X, Y, *distinct_ids(rng, N), torch.tensor(labels))

        # Ragged, so that the positives are not every second row: samples 0, 2 and 3 have a hard negative.
        for probe, f in (("forward", 0.0), ("backward", 1.0), ("mixed", 0.25), ("default", None)):
            batches = [draw([0, 2, 3, 5], 7) for _ in range(4)]
            apart = raised(batches[1], 1, -1) if probe == "forward" else raised(batches[1], 1)  # changes the loss over questions
            (model, batch), above, below, other = (b.case(rng) for b in (batches[0], apart, raised(batches[2], -1), batches[3]))
            share = () if f is None else (f,)
            with o.probe(probe):
                loss, _ = loss_fn(model, batch, *share)
                o[f"{probe}.loss"] = array(loss)
                o[f"{probe}.dX"], o[f"{probe}.dY"] = gradients(model, loss)
                o[f"{probe}.real"] = [float(loss_fn(*case, *share)[0]) for case in (above, below)]
                with torch.autocast("cpu", torch.bfloat16):  # as training on a GPU does
                    o[f"{probe}.works"] = int(torch.isfinite(loss_fn(*other, *share)[0]))
        cases = [draw([1], 3).case(rng)] + [draw([0, 2, 4, 6, 8, 10], 12).case(rng) for _ in range(24)]
        with o.probe("counts"):
            o["counts.num_correct"] = [float(array(loss_fn(*c, 0.5)[1]).squeeze()) for c in cases]
        return o


class IndexRecall(Check):
    exercise, number, title = "index_recall", "7.3", "What the approximate index misses"
    names = ("index_recall",)
    tests = (
        Test("share of the exact passages", 2, ("plain.recall", "single.recall"), "For each question: how many of the exact search's passages did the index find, in whatever order, out of how many? Then the mean over the questions, in percent."),
        Test("nothing found is -1", 2, ("holes.recall", "holes.kept"), "A -1 is not a passage and cannot be a hit. What the index did not find still counts in the denominator. Neither array may be changed."),
        Test("fewer passages than k", 1, ("small.recall",), "If the whole index holds fewer than k passages, the exact search has -1 too. These count neither as hits nor as missing."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()

        def rows(B, n, k):
            """B rankings of k out of n passages."""
            return np.stack([rng.permutation(n)[:k] for _ in range(B)])

        def case(probe):
            B, n = 5, 14
            if probe == "single":
                return rows(1, n, 4), rows(1, n, 4)
            if probe == "small":  # both have -1 at the end, and the index has missed some more
                exact = np.concatenate([rows(B, 6, 6), np.full((B, 3), -1)], axis=1)
                found = np.concatenate([rows(B, 6, 6), np.full((B, 3), -1)], axis=1)
                found[0, int(rng.integers(1, 6)) :] = -1
                found[1, int(rng.integers(2, 6)) :] = -1
                exact[2, int(rng.integers(2, 5)) :] = -1  # the mean is one over questions, not over passages
                return found, exact
            exact, found = rows(B, n, 8), rows(B, n, 8)
            if probe == "holes":  # the walk came back with fewer than k passages
                for i in range(1, B):
                    found[i, int(rng.integers(1, 8)) :] = -1
            return found, exact

        for probe in ("plain", "holes", "small", "single"):
            cases = [case(probe) for _ in range(8)]
            before = snapshot(cases)
            with o.probe(probe):
                o[f"{probe}.recall"] = [float(array(objects["index_recall"](*c)).squeeze()) for c in cases]
                o[f"{probe}.kept"] = int(snapshot(cases) == before)
                o.note(f"{probe}.recall", recall_note(cases, objects["index_recall"]))
        return o
