"""Checks of stage 06."""

import torch
from torch import nn

from dpr_course.checks.core import Check, Observation, Test
from dpr_course.checks.fixtures import generator, tiny_backbone


class _Dual(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder, self.passage_encoder = query_encoder, passage_encoder


class ParameterGroups(Check):
    exercise, number, title = "get_parameter_groups", "6.1", "Groups for the optimiser"
    names = ("get_parameter_groups",)
    tests = (
        Test("every parameter once", 1, ("untied.times", "tied.times"), "Each parameter must be in exactly one group, also where two encoders share it."),
        Test("weight decay", 2, ("untied.decayed", "tied.decayed"), "Matrices get the weight decay; biases and layer norms get none. DistilBERT calls its layer norms sa_layer_norm and output_layer_norm."),
        Test("two learning rates", 1, ("untied.rates", "tied.rates"), "The passage encoder learns at learning_rate * passage_scale, everything else, what both encoders share included, at learning_rate."),
        Test("an optimiser takes them", 1, ("untied.optimiser", "tied.optimiser"), "torch.optim.AdamW(groups) must accept the list: dicts with 'params', 'lr' and 'weight_decay'."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        q, p = tiny_backbone(rng), tiny_backbone(rng)
        for probe, model in (("untied", _Dual(q, p)), ("tied", _Dual(q, q))):
            with o.probe(probe):
                groups = [dict(g) for g in objects["get_parameter_groups"](model, 0.25, 0.125, 0.5)]
                # AdamW takes one tensor in place of a list, and pairs (name, tensor); so does this check.
                seen = {}
                for g in groups:
                    g["params"] = [g["params"]] if isinstance(g["params"], torch.Tensor) else list(g["params"])
                    for param in g["params"]:
                        param = param[1] if isinstance(param, tuple) else param
                        seen.setdefault(id(param), []).append((g.get("weight_decay", -1.0), g.get("lr", -1.0)))
                named = list(model.named_parameters())  # a shared parameter is listed once
                o[f"{probe}.times"] = [len(seen.get(id(param), [])) for _, param in named]
                o[f"{probe}.decayed"] = [float(seen[id(param)][0][0]) if id(param) in seen else -1.0 for _, param in named]
                o[f"{probe}.rates"] = [float(seen[id(param)][0][1]) if id(param) in seen else -1.0 for _, param in named]
                o[f"{probe}.optimiser"] = len(torch.optim.AdamW([g for g in groups if g["params"]]).param_groups) > 0
        return o
