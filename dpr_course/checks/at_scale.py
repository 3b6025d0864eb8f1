"""Checks of stage 08."""

import weakref

import numpy as np
import torch
from torch import nn

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import dyadic, generator, make_passage, make_samples, padded_ids
from dpr_course.pipeline.distributed import simulate


class _SmallMemory:
    """A memory for the graphs of at most `size` texts at a time. A graph takes room until it is run backwards or deleted."""

    def __init__(self, size):
        self.size, self.used = size, 0

    def take(self, n):
        self.used += n
        if self.used > self.size:
            raise RuntimeError(f"out of memory: graphs of {self.used} texts at once, and chunk_size is {self.size}")


class _Graph(torch.autograd.Function):
    """Passes vectors through; its graph takes room in a _SmallMemory."""

    @staticmethod
    def forward(ctx, vectors, memory):
        memory.take(len(vectors))
        # Room is given back once: by backward, or when the graph is deleted.
        ctx.release = weakref.finalize(ctx, memory.take, -len(vectors))
        return vectors.clone()

    @staticmethod
    def backward(ctx, gradient):
        ctx.release()
        return gradient, None


class _NoisyDual(nn.Module):
    """A dual encoder whose noise shows whether the random state was replayed.

    Text i has the vector tanh(f_i W) * noise. In training the noise of a text is `first[i]` when it is encoded for the
    first time, and again whenever torch's random numbers are the same as then; otherwise it is `other[i]`. So the result
    of a right solution does not depend on the order in which it encodes.
    """

    def __init__(self, rng, texts, memory=None, d=6):
        super().__init__()
        self.texts, self.memory, self.drawn = texts, memory, {}
        n = [len(ids) for ids, _ in texts]
        self.features = [dyadic(rng, k, 5) / 2 for k in n]
        self.first, self.other = ([dyadic(rng, k, d) for k in n] for _ in range(2))
        self.query = nn.Parameter(dyadic(rng, 5, d) / 2)
        self.passage = nn.Parameter(dyadic(rng, 5, d) / 2)

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = None if Q is None else self._vectors(0, self.query, Q, Q_mask)
        return X, None if P is None else self._vectors(1, self.passage, P, P_mask)

    def _vectors(self, side, W, ids, mask):
        known, known_mask = self.texts[side]
        same = (ids[:, None] == known).all(2) & (mask[:, None] == known_mask).all(2)  # (n, N)
        if not same.any(1).all():
            raise ValueError("the model was given a text, or a mask, that is not in the batch")
        rows = same.int().argmax(1)
        V = torch.tanh(self.features[side][rows] @ W)  # (n, d)
        if self.training:
            draws = torch.rand(len(rows)).tolist()
            again = [self.drawn.setdefault((side, int(i)), u) == u for i, u in zip(rows, draws)]
            V = V * torch.where(torch.tensor(again)[:, None], self.first[side][rows], self.other[side][rows])
        return _Graph.apply(V, self.memory) if self.memory and V.requires_grad else V


def _hinge(model, batch):
    """A loss that uses all scores of the batch at once, and that is none of the course's losses."""
    X, Y = model(*batch[:4])
    S = X @ Y.T  # (B, N)
    gap = 1 + S - S.gather(1, batch[4][:, None])
    return gap.clamp(min=0).square().mean(), (S.argmax(1) == batch[4]).sum()


class GradientCacheStep(Check):
    exercise, number, title = "gradient_cache_step", "8.1", "Gradient cache"
    names = ("gradient_cache_step",)
    tests = (
        Test("loss", 1, ("loss.value", "loss.num_correct", "large.value", "loss.graph"), "Return the loss that loss_fn gives for the vectors of the whole batch, question rows and passage rows separately, without its graph, and num_correct. The whole batch may be one chunk."),
        Test("gradient, one chunk in memory at a time", 3, ("gradient.query", "gradient.passage"), "The call adds the gradient of the whole batch's loss to the gradients that the parameters have, as loss.backward() does. At no time may more than chunk_size texts have a graph."),
        Test("gradient with dropout", 2, ("dropout.query", "dropout.passage", "dropout.training"), "The second encoding of a chunk must use the same dropout as the first. What was the state of the random generator then?"),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        labels = torch.tensor([0, 2, 3, 5])  # ragged: samples 0, 2 and 3 have a hard negative
        Q, P = padded_ids(rng, [5, 4, 6, 3]), padded_ids(rng, [6, 7, 4, 6, 5, 7, 3])
        for ids in (Q[0], P[0]):
            ids[:, 1] = torch.tensor(rng.permutation(np.arange(5, 35))[: len(ids)])  # no text twice
        for probe, training, size, chunk in (
            ("loss", False, 100, 3), ("gradient", False, 3, 3), ("dropout", True, 3, 3), ("large", False, 100, 50),
        ):  # fmt: skip
            model = _NoisyDual(rng, (Q, P), _SmallMemory(size)).train(training)
            for p in model.parameters():
                p.grad = dyadic(rng, *p.shape) / 8  # of an earlier batch
            with o.probe(probe):
                loss, num_correct = objects["gradient_cache_step"](model, (*Q, *P, labels), _hinge, chunk)
                o[f"{probe}.graph"] = int(isinstance(loss, torch.Tensor) and loss.requires_grad)
                o[f"{probe}.value"] = array(loss).squeeze()
                o[f"{probe}.num_correct"] = array(num_correct).squeeze().astype(float)
                o[f"{probe}.training"] = int(model.training)
                for side in ("query", "passage"):
                    g = getattr(model, side).grad
                    o[f"{probe}.{side}"] = array(torch.zeros(5, 6) if g is None else g)
        return o


class CrossDeviceLoss(Check):
    exercise, number, title = "cross_device_loss", "8.2", "Negatives across devices"
    names = ("cross_device_loss",)
    tests = (
        Test("loss over the joint batch", 2, ("equal.loss", "alone.loss"), "Every rank must compute the loss of all ranks' questions over all ranks' passages; labels count from the first rank's first passage. There may be only one rank, and scores may be several hundred."),
        Test("blocks of different size", 1, ("ragged.loss",), "Ranks may bring different numbers of passages: a rank's labels move by the number of passages on the ranks before it."),
        Test("gradient through the rank's own block", 1, ("ragged.direction",), "Gathered copies have no graph, but the rank's own vectors have one: put those in their place, questions as well as passages."),
        Test("the average over the ranks", 2, ("ragged.average",), "Each rank's gradient is one part of the whole, and DistributedDataParallel divides their sum by the number of ranks."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        golds = {"equal": [[0, 1, 2], [0, 1, 2]], "ragged": [[0, 2], [0, 1, 3], [1, 2]], "alone": [[0, 2]]}
        sizes = {"equal": [3, 3], "ragged": [3, 5, 4], "alone": [4]}
        for probe in golds:
            W = [dyadic(rng, 4, 4) / 2 for _ in range(2)]
            questions = [dyadic(rng, len(g), 4) / 2 for g in golds[probe]]
            passages = [dyadic(rng, n, 4) / 2 for n in sizes[probe]]

            def on_rank(r, gather, scale=1.0, questions=questions, passages=passages, W=W, golds=golds[probe]):
                """Return this rank's loss, and the gradient of its own copy of the weights: (2, 4, 4)."""
                weights = [w.clone().requires_grad_() for w in W]
                X, Y = scale * questions[r] @ weights[0], scale * passages[r] @ weights[1]
                loss = objects["cross_device_loss"](X, Y, torch.tensor(golds[r]), r, gather)
                value = float(array(loss))
                if loss.requires_grad:
                    loss.backward()
                return value, torch.stack([torch.zeros(4, 4) if w.grad is None else w.grad for w in weights])

            with o.probe(probe):
                found = [zip(*simulate(lambda r, g, f=on_rank, s=scale: f(r, g, s), len(questions))) for scale in (0.0, 16.0, 1.0)]
                (level, _), (steep, _), (losses, gradients) = found
                # Relative to the loss of equal scores, so that a constant factor does not count here.
                o[f"{probe}.loss"] = [v / base if base else 0.0 for row in (losses, steep) for v, base in zip(row, level)]
                o[f"{probe}.direction"] = array([g / max(g.norm(), torch.tensor(1e-12)) for g in gradients])
                o[f"{probe}.average"] = array(sum(gradients) / len(gradients))
        return o


class MergeShards(Check):
    exercise, number, title = "merge_shards", "8.3", "Reduce"
    names = ("merge_shards",)
    tests = (
        Test("the best of all shards", 2, ("plain.ids", "plain.scores", "one.ids", "one.scores"), "The k highest scores over all shards, highest first, each with its own id."),
        Test("shards that hold less", 1, ("short.ids", "short.scores", "short.shape"), "A shard may have fewer than k results, or none, and all of them together may have fewer than k."),
        Test("ties as in one search", 1, ("ties.ids", "ties.scores"), "Among equal scores the earlier shard comes first, and within a shard the earlier result."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()

        def shards(widths, levels):
            """Results of 3 queries in shards of `widths` passages; scores drawn from `levels`, distinct if there are enough."""
            total = sum(widths)
            names = np.array([f"p{i}" for i in rng.permutation(9000)[: 3 * total] + 1000]).reshape(3, total)
            long = dict(zip(np.cumsum(widths), ("", "-of-a-later-part", "-end")))  # ids of one shard may be longer than another's
            scores = np.stack([rng.choice(levels, total, replace=len(levels) < total) for _ in range(3)]).astype(np.float32)
            results = []
            for end, n in zip(np.cumsum(widths), widths):
                part = -np.sort(-scores[:, end - n : end], axis=1)  # (3, n)
                results.append((part, np.char.add(names[:, end - n : end], long[end])))
            return results

        distinct = rng.permutation(4000)[:2000] / 8 - 200
        for probe, widths, levels, k in (
            ("plain", (5, 5, 5), distinct, 5),
            ("short", (4, 0, 2), distinct, 9),
            ("ties", (20, 15, 20), [0.5, 1.0, -2.0], 30),
            ("one", (6,), distinct, 4),
        ):
            results = shards(widths, levels)
            with o.probe(probe):
                scores, ids = objects["merge_shards"](results, k)
                o[f"{probe}.scores"] = array(scores).astype(float)
                o[f"{probe}.ids"] = "\n".join(" ".join(map(str, row)) for row in ids)
                o[f"{probe}.shape"] = list(array(scores).shape)
        return o


class AnswerAccuracy(Check):
    exercise, number, title = "answer_accuracy", "8.4", "Accuracy by answer"
    names = ("answer_accuracy",)
    tests = (
        Test("a hit in the text", 1, ("plain.accuracy",), "A question counts at k if one of its k best passages holds an answer in its text, whichever passage it is. has_answer decides; the title is not searched."),
        Test("best first", 1, ("order.accuracy",), "The higher the score, the better the passage. The order in which a run was written means nothing."),
        Test("all questions count", 1, ("missing.accuracy",), "A question that the run lacks, or that has no answers, counts as not answered. It still belongs to the total."),
        Test("any k", 1, ("deep.accuracy",), "k may be larger than the number of passages that were found, and k_values may come in any order."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        passages, samples = [make_passage(rng, i) for i in range(40)], make_samples(rng, 24)
        runs = {}
        for i, s in enumerate(samples):
            s["answers"] = [f"none{i}", f"answer{i} word"][:: rng.choice((1, -1))]
            hits = {rng.integers(0, 6)} | ({3} if rng.random() < 0.3 else set())  # places of answers among the four
            scores = -np.sort(-rng.choice(np.arange(-40, 40), 4, replace=False)) / 8
            runs[s["id"]] = {}
            for j, p in enumerate(passages[n] for n in rng.choice(40, 4, replace=False)):
                runs[s["id"]][p["id"]] = float(scores[j])
                if j in hits:
                    p["text"] += f" Answer{i}  Word"
                elif rng.random() < 0.5:  # no hits: the answer in the title, and letters of it in the text
                    p["title"], p["text"] = f"{p['title']} answer{i} word", f"{p['text']} answer{i} words"
        shuffled = {q: dict(rng.permutation(list(run.items())).tolist()) for q, run in runs.items()}
        shuffled = {q: {p: float(v) for p, v in run.items()} for q, run in shuffled.items()}
        lacking = {s["id"]: runs[s["id"]] for i, s in enumerate(samples) if i % 4}
        blank = [{**s, "answers": [] if i % 4 == 2 else s["answers"]} for i, s in enumerate(samples)]
        for probe, run, asked, k_values in (
            ("plain", runs, samples, (1, 3)),
            ("order", shuffled, samples, (1, 2)),
            ("missing", lacking, blank, (1, 3)),
            ("deep", runs, samples, (100, 2)),
        ):
            parts = np.split(rng.permutation(24), [5, 12, 13])  # groups of 5, 7, 1 and 11 questions
            with o.probe(probe):
                rows = []
                for part in parts:
                    questions = [asked[i] for i in part]
                    given = {s["id"]: run[s["id"]] for s in questions if s["id"] in run}
                    result = objects["answer_accuracy"](given, questions, passages, k_values)
                    if not isinstance(result, dict):
                        raise TypeError(f"expected a dict, got {type(result).__name__}")
                    rows.append([float(result[k]) for k in k_values])
                o[f"{probe}.accuracy"] = array(rows)
        return o
