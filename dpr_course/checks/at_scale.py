"""Checks of stage 08's exercises on training: gradient cache, and negatives across devices."""

import weakref

import numpy as np
import torch
from torch import nn

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import dyadic, generator, padded_ids, snapshot
from dpr_course.checks.notes import ranks_note
from dpr_course.pipeline.distributed import simulate


class _SmallMemory:
    """A simulated memory, which has room for the autograd graphs of at most `size` texts at a time.

    `take(n)` reserves room for n texts, and raises RuntimeError if there is not enough; `release(n)` frees it. A graph takes
    room until the backward pass has run through the graph, or until the graph is deleted.
    """

    def __init__(self, size):
        self.size, self.used = size, 0

    def take(self, n):
        self.used += n
        if self.used > self.size:
            raise RuntimeError(f"out of memory: {self.used} texts have a graph at once, but chunk_size is {self.size}")

    def release(self, n):
        self.used -= n


class _Graph(torch.autograd.Function):
    """An autograd function that returns `vectors` unchanged. Its graph takes the room of one text per vector in `memory`."""

    @staticmethod
    def forward(ctx, vectors, memory):
        memory.take(len(vectors))
        # Room is given back once: by backward, or when the graph is deleted.
        ctx.release = weakref.finalize(ctx, memory.release, len(vectors))
        return vectors.clone()

    @staticmethod
    def backward(ctx, gradient):
        ctx.release()
        return gradient, None


class _NoisyDual(nn.Module):
    """A dual encoder that shows whether a solution uses the same dropout when it encodes a text for the second time.

    Text i, with the fixed features f_i, has the vector tanh(f_i W). In training mode this vector is multiplied by a noise that
    stands for dropout. At the first encoding of text i the noise is `first[i]`. At a later encoding it is `first[i]` if torch
    draws the same random number as at the first, and otherwise `other[i]`. A right solution restores the random state before
    it encodes a text again, and so always gets `first[i]`, whatever the order of the texts.
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
    """Return (loss, num_correct) of a hinge loss, unlike the course's. num_correct is the number of scores below the gold score."""
    X, Y = model(*batch[:4])
    S = X @ Y.T  # (B, N)
    gap = 1 + S - S.gather(1, batch[4][:, None])
    return gap.clamp(min=0).square().mean(), (gap < 0.99).sum()


class GradientCacheStep(Check):
    exercise, number, title = "gradient_cache_step", "8.1", "Gradient cache"
    names = ("gradient_cache_step",)
    tests = (
        Test("loss", 1, ("loss.value", "loss.num_correct", "large.value", "loss.graph"), "Return the loss, without its graph, and num_correct as loss_fn gives them for the whole batch: X holds the vectors of all questions, Y those of all passages. The whole batch may be one chunk."),
        Test("gradient, one chunk in memory at a time", 3, ("gradient.query", "gradient.passage", "large.query", "large.passage"), "The call adds the gradient of the whole batch's loss to the gradients that the parameters have, as loss.backward() does. At no time may more than chunk_size texts have a graph."),
        Test("gradient with dropout", 2, ("dropout.query", "dropout.passage", "dropout.training", "fresh.dropout"), "The second encoding of a chunk must use the same dropout as the first. What was the state of the random generator then?"),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        labels = torch.tensor([0, 2, 3, 5])  # ragged: samples 0, 2 and 3 have a hard negative
        Q, P = padded_ids(rng, [5, 4, 6, 3]), padded_ids(rng, [6, 7, 4, 6, 5, 7, 3])
        for ids in (Q[0], P[0]):
            ids[:, 1] = torch.tensor(rng.permutation(np.arange(5, 35))[: len(ids)])  # no text twice
        drawn = {}  # the random numbers of each probe's first encodings
        for probe, training, size, chunk in (
            ("loss", False, 100, 3), ("gradient", False, 3, 3), ("dropout", True, 3, 3), ("large", False, 100, 50), ("fresh", True, 100, 3),
        ):  # fmt: skip
            model = _NoisyDual(rng, (Q, P), _SmallMemory(size)).train(training)
            for p in model.parameters():
                p.grad = None if probe == "large" else dyadic(rng, *p.shape) / 8  # the gradient of an earlier batch
            with o.probe(probe):
                loss, num_correct = objects["gradient_cache_step"](model, (*Q, *P, labels), _hinge, chunk)
                o[f"{probe}.graph"] = int(isinstance(loss, torch.Tensor) and loss.requires_grad)
                o[f"{probe}.value"] = array(loss).squeeze()
                o[f"{probe}.num_correct"] = array(num_correct).squeeze().astype(float)
                o[f"{probe}.training"] = int(model.training)
                drawn[probe] = model.drawn
                o[f"{probe}.dropout"] = int(drawn.get("dropout") != model.drawn)  # 0 in "fresh": the dropout of "dropout" again
                for side in ("query", "passage"):
                    g = getattr(model, side).grad
                    o[f"{probe}.{side}"] = array(torch.zeros(5, 6) if g is None else g)
        return o


class CrossDeviceLoss(Check):
    exercise, number, title = "cross_device_loss", "8.2", "Negatives across devices"
    names = ("cross_device_loss",)
    tests = (
        Test("loss over the joint batch", 2, ("equal.loss", "alone.loss", "equal.kept"), "Every rank must compute the loss of all ranks' questions over all ranks' passages; labels count from the first rank's first passage. There may be only one rank, and scores may be several hundred."),
        Test("blocks of different size", 1, ("ragged.loss",), "Ranks may bring different numbers of passages: a rank's labels move by the number of passages on the ranks before it."),
        Test("gradient through the rank's own block", 1, ("ragged.direction",), "Gathered copies have no graph, but the rank's own vectors have one: put those in their place, questions as well as passages."),
        Test("the average over the ranks", 2, ("ragged.average", "ragged.value"), "Each rank's gradient is one part of the whole, and DistributedDataParallel divides their sum by the number of ranks. Return the loss times the right factor: its value changes too, not only its gradient."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        golds = {"equal": [[0, 1, 2], [0, 1, 2]], "ragged": [[0, 2], [0, 1, 3], [1, 2]], "alone": [[0, 2]]}
        sizes = {"equal": [3, 3], "ragged": [3, 5, 4], "alone": [4]}
        changed = dict.fromkeys(golds, False)
        for probe in golds:
            W = [dyadic(rng, 4, 4) / 2 for _ in range(2)]
            questions = [dyadic(rng, len(g), 4) / 2 for g in golds[probe]]
            passages = [dyadic(rng, n, 4) / 2 for n in sizes[probe]]

            def on_rank(r, gather, scale=1.0, questions=questions, passages=passages, W=W, golds=golds[probe], probe=probe):
                """Run the student's loss on rank (process) `r`. Return (loss, gradients (2, 4, 4) of the rank's two weight matrices).

                The rank's question and passage vectors are multiplied by `scale`, so the scores are multiplied by its square.
                """
                weights = [w.clone().requires_grad_() for w in W]
                X, Y = scale * questions[r] @ weights[0], scale * passages[r] @ weights[1]
                given = X, Y, torch.tensor(golds[r])
                before = snapshot(given)
                loss = objects["cross_device_loss"](*given, r, gather)
                changed[probe] |= snapshot(given) != before
                value = float(array(loss))
                if loss.requires_grad:
                    loss.backward()
                return value, torch.stack([torch.zeros(4, 4) if w.grad is None else w.grad for w in weights])

            with o.probe(probe):
                found = [zip(*simulate(lambda r, g, f=on_rank, s=scale: f(r, g, s), len(questions))) for scale in (0.0, 16.0, 1.0)]
                (level, _), (steep, _), (losses, gradients) = found
                # Losses are divided by the loss of scores that are all 0, so a constant factor does not count in this test.
                o[f"{probe}.loss"] = [v / base if base else 0.0 for row in (losses, steep) for v, base in zip(row, level)]
                o[f"{probe}.value"] = list(losses)
                o[f"{probe}.direction"] = array([g / max(g.norm(), torch.tensor(1e-12)) for g in gradients])
                o[f"{probe}.average"] = array(sum(gradients) / len(gradients))
                o[f"{probe}.kept"] = int(not changed[probe])
                o.note(f"{probe}.loss", ranks_note(losses))
            if probe == "ragged":
                with o.probe("turns"):  # the ranks one after another
                    o["turns.calls"] = self._calls(objects, questions, passages, golds[probe])
        return o

    @staticmethod
    def _calls(objects, questions, passages, golds):
        """Return as text what each rank passes to `gather`, one line per rank: "float2 int1" for two calls.

        Each rank runs alone: its `gather` acts as if all ranks passed the same tensor, so that no rank waits for another.
        """
        rows = []

        def alone(tensor):
            rows[-1].append(f"{'float' if tensor.is_floating_point() else 'int'}{tensor.dim()}")
            return [tensor.detach().clone() for _ in golds]

        for r, own in enumerate(golds):
            rows.append([])
            objects["cross_device_loss"](questions[r], passages[r], torch.tensor(own), r, alone)
        return "\n".join(" ".join(row) for row in rows)

    def finding(self, test, seen, expected):
        rows = [row.split() for row in seen.get("turns.calls", "").split("\n")]
        if all(row == rows[0] for row in rows):
            return ""
        numbers = [len(row) for row in rows]
        said = "The ranks pass different tensors to gather, or in another order."
        if min(numbers) < max(numbers):
            said = f"The ranks call gather differently often: {', '.join(f'rank {r} {n} times' for r, n in enumerate(numbers))}."
        return f"{said} A call of gather waits for all ranks and returns what they pass in the same call. Every rank must make the same calls, in the same order."  # fmt: skip
