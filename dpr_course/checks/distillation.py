"""Checks of stage 10, except its last exercise, which is checked in one_round.

The stage is about distillation: a retriever (the pupil) learns from the scores that the reader (the teacher) gives to passages.
"""

import numpy as np
import torch

from dpr_course.checks.batches import LEVEL
from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree
from dpr_course.checks.fixtures import FixedVectors, distinct_ids, drawn, dyadic, generator, snapshot
from dpr_course.checks.loss import gradients
from dpr_course.checks.notes import ranking_note

FAR = -10_000.0  # what some models add to the logits of padding


class PassageScores(Check):
    exercise, number, title = "passage_scores", "10.1", "A passage's score"
    names = ("passage_scores",)
    tests = (
        Test("mean logit", 2, ("plain.scores", "single.scores"), "The score of a passage is the mean of the logits over layers, heads and its tokens, before any softmax: (B, n). Position n*L + t is token t of passage n."),
        Test("padding", 2, ("ragged.scores", "ragged.real", "ragged.kept", "blank.kept", "holes.scores"), "Only real tokens count, those with mask 1 wherever they are, both in the sum and in the number by which the sum is divided. Logits at padding mean nothing. Neither logits nor mask may be changed."),
        Test("a passage without tokens", 1, ("blank.scores", "blank.real", "blank.share"), "A passage that is all padding has no mean: its score is -inf, so that the softmax over the passages gives it 0 and the others their share. Tell it by the number of its tokens, not by its score."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        for probe, (B, layers, heads, n, L), blank in (
            ("plain", (3, 2, 5, 4, 7), ()), ("single", (1, 1, 1, 3, 5), ()), ("ragged", (2, 3, 4, 5, 8), ()), ("blank", (3, 2, 4, 4, 6), ((0, 3), (2, 1))), ("holes", (2, 2, 3, 4, 7), ()),
        ):  # fmt: skip
            lengths = rng.integers(2, L, (B, n)) if probe in ("ragged", "blank") else np.full((B, n), L)
            for row in blank:
                lengths[row] = 0
            mask = torch.tensor(np.arange(L) < lengths[..., None]).long()  # (B, n, L)
            if probe == "holes":  # padding before and between the real tokens
                mask = torch.tensor(rng.permuted(np.tile([0, 0, 0, 1, 1, 1], (B, n, 1)), axis=2))
                mask = torch.cat([mask, torch.ones_like(mask[..., :1])], dim=2)
            # Logits differ by passage, layer, head and token, so that a mean over a part of them is not the mean of all.
            logits = dyadic(rng, B, layers, heads, n, L) * 4 + dyadic(rng, 1, layers, heads, 1, 1) + dyadic(rng, B, 1, 1, n, 1)
            logits[:, :, :, 0, 0] = 0.0  # a real token with the logit 0
            if heads % 2 == 0:  # a passage of the last question, whose heads have opposite logits
                logits[-1, :, 1::2, 1] = -logits[-1, :, 0::2, 1]
            logits = logits.masked_fill(mask[:, None, None] == 0, FAR).reshape(B, layers, heads, n * L)
            given = logits.clone(), mask.clone()
            with o.probe(probe):
                G = objects["passage_scores"](*given)
                G = torch.as_tensor(G)
                o[f"{probe}.kept"] = int(snapshot(given) == snapshot((logits, mask)))
                o[f"{probe}.real"] = array(float("-inf") != G).astype(int)
                o[f"{probe}.scores"] = array(G.masked_fill(float("-inf") == G, 0.0))  # no -inf: the tolerance is relative
                o[f"{probe}.share"] = array(G.softmax(-1))
        return o

    def finding(self, test, seen, expected):
        if test.name == "padding" and agree(seen["ragged.scores"], expected["ragged.scores"]) and not agree(seen["holes.scores"], expected["holes.scores"]):  # fmt: skip
            return "The scores are right where padding comes last in each passage, but not where it comes before or between the real tokens. The mask says of each token whether it is real; the number of real tokens does not say where they are."
        if test.name == "a passage without tokens":
            have, real = seen["blank.scores"], expected["blank.real"] == 1
            values = have[~real]
            if agree(have[real], expected["blank.scores"][real]) and np.isfinite(values).all() and seen["blank.real"][~real].all():
                return f"The scores are right, except that a passage without tokens gets {values[0]:.6g} where it must get -inf. {test.hint}"
        return ""


class DistillationLoss(Check):
    exercise, number, title = "distillation_loss", "10.2", "The loss of the pupil"
    names = ("distillation_loss",)
    tests = (
        Test("loss", 2, ("plain.loss", "real.loss", "one.loss"), "The loss is the KL divergence between two softmaxes over a question's own n passages, the retriever's and the reader's, which is the target. It is the mean over the B questions, also if B is 1. The scores of both may be several hundred."),
        Test("the root of d", 1, ("wide.loss",), "The retriever's scores are dot products divided by the root of d; the reader's are not."),
        Test("a share of nothing", 1, ("blank.loss", "blank.num_correct", "blank.kept"), "A passage without tokens has the score -inf and the reader's share 0. It adds nothing to the loss, which stays finite. The batch stays as it is."),
        Test("number correct", 1, ("plain.num_correct", "real.num_correct"), "num_correct counts the questions whose best passage is the same for the reader and the retriever."),
        Test("gradient", 1, ("plain.dX", "plain.dY", "blank.dY", "plain.training"), "The gradient must reach the vectors of questions and passages, be finite, and leave the model in its mode."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        for probe, d in (("plain", 8), ("real", 9), ("wide", 64), ("blank", 8), ("one", 8)):
            cases = [self._draw(rng, probe, d) for _ in range(6)]
            before = snapshot([batch for _, batch in cases])
            with o.probe(probe):
                losses, counts = [], []
                for model, batch in cases:
                    loss, num_correct = objects["distillation_loss"](model, batch)
                    losses.append(array(loss).squeeze())
                    counts.append(array(num_correct).squeeze().astype(float))
                o[f"{probe}.loss"], o[f"{probe}.num_correct"] = np.array(losses), np.array(counts)
                o[f"{probe}.training"] = int(model.training)
                o[f"{probe}.kept"] = int(snapshot([batch for _, batch in cases]) == before)
                o[f"{probe}.dX"], o[f"{probe}.dY"] = gradients(model, loss)
        return o

    @staticmethod
    @drawn
    def _draw(rng, probe, d):
        """Draw (model, batch) for B questions with n passages each. The model's vectors have `d` numbers.

        The batch is (Q, Q_mask, P, P_mask, G), where G (B, n) holds the reader's scores. For about half of the questions, reader
        and model have the same best passage. `probe` names the kind of input, such as "real" for large scores.
        """
        while True:
            B, n = 1 if probe == "one" else int(rng.integers(3, 6)), int(rng.integers(3, 7))
            B += n == B
            Q, P = distinct_ids(rng, B), distinct_ids(rng, B * n)
            X, Y = dyadic(rng, B, d), dyadic(rng, B * n, d)
            S = (X[:, None] * Y.view(B, n, d)).sum(2) / d**0.5
            best = torch.tensor(rng.permutation(np.arange(B) % 2)).bool()  # questions for which reader and model agree on the best
            G = dyadic(rng, B, n)
            G += torch.eye(n, dtype=G.dtype)[torch.where(best, S.argmax(1), S.argmin(1))] * 3
            if probe == "real":  # scores that are several hundred apart and several hundred away from zero
                X = 64 * X
                X[:, -1], Y[:, -1] = 3 * LEVEL, 3 * LEVEL
                G = 2 * G - 500
            if probe == "blank":
                G[torch.arange(B), torch.where(best, S.argmin(1), S.argmax(1))] = float("-inf")
            if all((two[:, 0] > two[:, 1]).all() for two in (S.topk(2).values, G.topk(2).values)):  # each has one best passage
                break
        return FixedVectors(X, Y, *Q, *P).train(), (*Q, *P, G)


class CompareRankings(Check):
    exercise, number, title = "compare_rankings", "10.3", "Does the pupil rank as the teacher does?"
    names = ("compare_rankings",)
    tests = (
        Test("inversions", 2, ("pairs.inversions", "ends.inversions"), "An inversion is a pair of passages that reader and retriever put in opposite order. Each pair is counted once."),
        Test("average top-k", 1, ("pairs.average",), "The share of the retriever's first k that are among the reader's first k: a number from 0 to 1."),
        Test("index top-k", 2, ("pairs.index", "ends.index"), "How many passages of the retriever's list must be taken, from the top, until all of the reader's first k are among them. The first passage is number 1."),
        Test("scores as they come", 1, ("ties.inversions", "ties.average", "ties.index", "lists.inversions", "lists.average", "lists.index", "lists.plain", "ties.kept"), "Scores may be negative, equal, or in any order; equal ones keep their order. The result is three plain numbers, and the scores stay as they are."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()

        kept = []

        def compared(teacher, student, k):
            given = torch.tensor(teacher), torch.tensor(student)
            values = [array(v).squeeze().astype(float) for v in objects["compare_rankings"](*given, k)]
            kept.append(snapshot(given) == snapshot((torch.tensor(teacher), torch.tensor(student))))
            return values

        def draw(n):
            return rng.permutation(n).astype(float) / 8 - 1, rng.permutation(n).astype(float) * 3 - 7

        def recorded(probe, cases, rows):
            """Record each measure under a key of its own, so that a mistake in one is named whatever the others are."""
            for i, key in enumerate(("inversions", "average", "index")):
                o[f"{probe}.{key}"] = np.array(rows)[:, i]
                o.note(f"{probe}.{key}", ranking_note(cases, rows, i))

        with o.probe("pairs"):
            cases = [(*draw(n), int(rng.integers(1, n))) for n in rng.integers(4, 9, 12).tolist()]
            recorded("pairs", cases, [compared(*c) for c in cases])
        with o.probe("ends"):
            ends = [
                (np.arange(n) * s, np.arange(n) * t, k) for n in (2, 5) for s in (-1.0, 1.0) for t in (-1.0, 1.0) for k in (1, n)
            ]
            ends += [(np.array([2.0]), np.array([-1.0]), 1)]
            rows = np.array([compared(*ends[i]) for i in rng.permutation(len(ends))])
            o["ends.inversions"], o["ends.index"] = rows[:, 0], rows[:, 2]
        with o.probe("ties"):
            tied = [(rng.integers(0, 3, 6).astype(float), rng.integers(-2, 1, 6).astype(float), 3) for _ in range(6)]
            recorded("ties", tied, [compared(*c) for c in tied])
            o["ties.kept"] = int(all(kept))
        with o.probe("lists"):
            case = (*draw(5), 2)
            values = list(objects["compare_rankings"](*(torch.tensor(v) for v in case[:2]), 2))
            recorded("lists", [case], [[float(v) for v in values]])
            o["lists.plain"] = [float(not isinstance(v, torch.Tensor)) for v in values]
        return o
