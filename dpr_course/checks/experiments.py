"""Checks of stage 06."""

import copy

import numpy as np
import torch
from torch import nn

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import dyadic, generator, tiny_backbone


class _Dual(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder, self.passage_encoder = query_encoder, passage_encoder


class ParameterGroups(Check):
    exercise, number, title = "get_parameter_groups", "6.1", "Groups for the optimiser"
    names = ("get_parameter_groups",)
    tests = (
        Test("every parameter once", 1, ("untied.times", "tied.times", "around.times", "partly.times"), "Each parameter must be in exactly one group, even if two encoders share it."),
        Test("weight decay", 2, ("untied.decayed", "tied.decayed", "around.decayed", "partly.decayed"), "Matrices get the weight decay; biases and layer norms get none. DistilBERT calls its layer norms sa_layer_norm and output_layer_norm."),
        Test("two learning rates", 1, ("untied.rates", "tied.rates", "around.rates", "partly.rates"), "The passage encoder learns at learning_rate * passage_scale, everything else, including what both encoders share, at learning_rate."),
        Test("an optimiser takes them", 1, ("untied.optimiser", "tied.optimiser", "around.optimiser", "partly.optimiser"), "torch.optim.AdamW(groups) must accept the list: dicts with 'params', 'lr' and 'weight_decay'."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        q, p, r = (tiny_backbone(rng, dim=8, layers=int(rng.integers(1, 4))) for _ in range(3))
        decay, rate, scale = np.array([0.25, 0.0625, 0.5]) * (1 + rng.integers(1, 2**20, 3) / 2**21)
        shared, wrapped = copy.deepcopy(q), copy.deepcopy(q)
        p.embeddings.position_embeddings = r.embeddings.position_embeddings  # the encoders of "partly" share this much
        models = {
            "untied": _Dual(q, copy.deepcopy(p)), "tied": _Dual(shared, shared),
            "around": _Dual(nn.Sequential(wrapped), nn.Sequential(wrapped)), "partly": _Dual(r, p),
        }  # fmt: skip
        for probe, model in models.items():
            named = list(model.named_parameters())  # a shared parameter is listed once
            # The effect of one step, if each parameter had a value and a gradient drawn from the seed.
            values, gradients = 1 + rng.integers(0, 2**8, (2, len(named))) / 2**8
            table = next(param for _, param in named)
            step = dyadic(rng, *table.shape)
            with o.probe(probe):
                groups = [dict(g) for g in objects["get_parameter_groups"](model, float(decay), float(rate), float(scale))]
                # Like AdamW, this check accepts one tensor instead of a list, and pairs (name, tensor).
                seen = {}
                for g in groups:
                    g["params"] = [g["params"]] if isinstance(g["params"], torch.Tensor) else list(g["params"])
                    for param in g["params"]:
                        param = param[1] if isinstance(param, tuple) else param
                        seen.setdefault(id(param), []).append((g.get("weight_decay", -1.0), g.get("lr", -1.0)))
                found = [seen.get(id(param), []) for _, param in named]
                o[f"{probe}.times"] = values * [len(f) for f in found]
                o[f"{probe}.decayed"] = values * [float(f[0][0]) if f else -1.0 for f in found]
                o[f"{probe}.rates"] = gradients * [float(f[0][1]) if f else -1.0 for f in found]
                o[f"{probe}.optimiser"] = self._step(table, groups, step)
        return o

    @staticmethod
    def _step(table, groups, gradient):
        """Return the sums of the columns of a table of embeddings after one step of AdamW with fixed rates."""
        optimizer = torch.optim.AdamW([g for g in groups if g["params"]])
        for g in optimizer.param_groups:  # decay and rates have tests of their own
            g["lr"], g["weight_decay"] = 0.125, 0.0
        table.grad = gradient
        optimizer.step()
        return array(table.sum(0))
