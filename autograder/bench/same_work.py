"""Gives all contenders of the benchmark (this course and other systems) the same inputs, and measures their time in the same way."""

import time

import numpy as np
import torch

from dpr_course.data import load_toy_nq

BATCH, MAX_LENGTH, LR, CHUNK = 64, 100, 1e-5, 32


def per_second(step, units, repeats, warmup=1):
    """Return how many units of work the function `step` does per second. One call of `step` does `units` units of work.

    The time of a call is the median over `repeats` calls. Before them, `warmup` calls are made that do not count.
    """
    times = []
    for _ in range(warmup + repeats):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return units / float(np.median(times[warmup:]))


def distinct_samples():
    """Return 192 training samples, each with a hard negative.

    Each passage occurs only once in these samples, so no contender gets a false negative.
    """
    samples = list({s["gold_context"]["id"]: s for s in load_toy_nq()[0]}.values())
    return [{**s, "hard_negative": other["gold_context"]} for s, other in zip(samples[: 3 * BATCH], samples[3 * BATCH :])]


class Loop:
    """The part of a training step that is the same for all contenders.

    This part is AdamW with weight decay on matrices only, gradient clipping, and a linear learning-rate schedule.
    """

    def __init__(self, model):
        from dpr_course.train import adamw, linear_schedule

        self.model, self.optimizer = model, adamw(model, LR, 0.01)
        self.schedule = linear_schedule(self.optimizer, 1000)

    def step(self, backward):
        self.model.train()
        self.optimizer.zero_grad(set_to_none=True)
        backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()


def random_vectors():
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal((n, 256), dtype=np.float32) for n in (1000, 100_000))
