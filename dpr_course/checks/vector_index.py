"""Checks of stage 07's exercises on data: the batch from features, and the recall of an approximate index."""

import numpy as np
import torch
import torch.nn.functional as F

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import dtype, numbers
from dpr_course.checks.fixtures import generator, padded_ids, snapshot
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
                said = self._from_questions(seen, expected, probe, name) if name.startswith("P") else ""
                if said := said or (numbers(seen[key], expected[key], name) if name.startswith(("Q", "P")) else ""):
                    return f"{said} {test.hint}"
        return ""

    @staticmethod
    def _from_questions(seen, expected, probe, name):
        """Return a sentence if `name`, "P" or "P_mask" (B*C, L), holds the rows of the questions' tensor (B, L), repeated; else ""."""
        C, rows = seen[f"{probe}.sizes"][1], expected.get(f"{probe}.{name.replace('P', 'Q')}")
        if rows is None:  # this probe records no questions
            return ""
        what = "mask" if name == "P_mask" else "ids"
        if any(np.array_equal(seen[f"{probe}.{name}"], m) for m in (np.repeat(rows, C, axis=0), np.tile(rows, (C, 1)))):
            return (
                f"{name} holds the {what} of the questions: the passages have {'a mask' if what == 'mask' else what} of their own."
            )
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
        text = f"For {batch} the labels are {', '.join(map(str, labels.tolist()))}"
        if len(labels) and labels[0] and (labels - labels[0] == np.arange(B) * C).all():
            return f"{text}: they begin at {labels[0]}. They count the rows of the P that comes back, from 0 in each call."
        return f"{text}."


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
