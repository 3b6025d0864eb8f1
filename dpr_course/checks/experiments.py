"""The check of stage 06's exercise: parameter groups for the optimiser."""

import copy
import types

import numpy as np
import torch
from torch import nn

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import dyadic, generator, tiny_backbone


class _Dual(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder, self.passage_encoder = query_encoder, passage_encoder


class _LayerNorm(nn.Module):
    """A layer norm like T5's: it has a weight but no bias, and is not an instance of torch's LayerNorm."""

    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))


class _Other(nn.Module):
    """An encoder whose parameters have unusual names and classes, so that a solution cannot find their groups by name.

    It has a matrix outside any Linear layer (`mix`), a bias called in_proj_bias, and layer norms called ln_1 and 1. As in BERT,
    one of its layers is called `query`, even if this module serves as the passage encoder.
    """

    def __init__(self, dim):
        super().__init__()
        self.tokens = nn.Embedding(12, dim)
        self.attention = nn.MultiheadAttention(dim, 2)
        self.ln_1 = _LayerNorm(dim)
        self.feed = nn.Sequential(nn.Linear(dim, dim), nn.LayerNorm(dim))
        self.query = nn.Linear(dim, dim)
        self.mix = nn.Parameter(torch.ones(dim, dim))


class ParameterGroups(Check):
    exercise, number, title = "get_parameter_groups", "6.1", "Groups for the optimiser"
    names = ("get_parameter_groups",)
    tests = (
        Test("every parameter once", 1, ("untied.times", "tied.times", "around.times", "partly.times", "alike.times", "other.times", "default.times", "zero.times", "still.times", "thin.times"), "Each parameter must be in exactly one group, even if two encoders share it. Two parameters with the same values are still two."),
        Test("weight decay", 2, ("untied.decayed", "tied.decayed", "around.decayed", "partly.decayed", "other.decayed", "default.decayed", "thin.decayed"), "Matrices get the weight decay; biases and layer norms get none, whatever their names and classes are."),
        Test("two learning rates", 1, ("untied.rates", "tied.rates", "around.rates", "partly.rates", "alike.rates", "default.rates", "other.rates", "still.rates"), "The passage encoder learns at learning_rate * passage_scale. Everything else, including what both encoders share, learns at learning_rate. The scale may be 0."),
        Test("an optimiser takes them", 1, ("untied.optimiser", "tied.optimiser", "around.optimiser", "partly.optimiser"), "torch.optim.AdamW(groups) must accept the list: dicts with 'params', 'lr' and 'weight_decay'."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        q, p, r = (tiny_backbone(rng, dim=8, layers=int(rng.integers(1, 4))) for _ in range(3))
        decay, rate, scale = np.array([0.25, 0.0625, 0.5]) * (1 + rng.integers(1, 2**20, 3) / 2**21)
        shared, wrapped = copy.deepcopy(q), copy.deepcopy(q)
        p.embeddings.position_embeddings = r.embeddings.position_embeddings  # the encoders of "partly" share nothing else
        models = {
            "untied": _Dual(q, copy.deepcopy(p)), "tied": _Dual(shared, shared),
            "around": _Dual(nn.Sequential(wrapped), nn.Sequential(wrapped)), "partly": _Dual(r, p),
            "alike": _Dual(copy.deepcopy(q), copy.deepcopy(q)), "other": _Dual(_Other(8), _Other(8)),
        }  # fmt: skip
        # In "default" passage_scale is left out, in "zero" the weight decay is 0, and in "still" passage_scale is 0.
        models |= {"default": models["untied"], "zero": models["alike"], "still": models["untied"]}
        models["thin"] = _Dual(*(nn.Sequential(nn.Linear(8, 1), nn.Linear(1, 8)) for _ in range(2)))
        for probe, model in models.items():
            named = list(model.named_parameters())  # a shared parameter is listed once
            # Two random numbers per parameter, a value and a gradient. The recorded counts, decays and rates are multiplied by
            # them, so that the record cannot be guessed without the seed.
            values, gradients = 1 + rng.integers(0, 2**8, (2, len(named))) / 2**8
            table = next(param for _, param in named)
            step = dyadic(rng, *table.shape)
            given = [float(decay), float(rate), float(scale)][: 2 if probe == "default" else 3]
            given[0] *= probe != "zero"
            if probe == "still":
                given[2] = 0.0
            both = {id(x) for x in model.passage_encoder.parameters()} & {id(x) for x in model.query_encoder.parameters()}
            o[f"{probe}.kinds"] = ";".join(_kind(name, param, id(param) in both) for name, param in named)
            with o.probe(probe):
                groups = [dict(g) for g in objects["get_parameter_groups"](model, *given)]
                # Like AdamW, this check accepts one tensor instead of a list, and pairs (name, tensor). AdamW refuses a set.
                seen = {}
                o[f"{probe}.late"] = int(any(_late(g["params"]) for g in groups))
                for g in groups:
                    g["params"] = [g["params"]] if isinstance(g["params"], torch.Tensor) else g["params"]
                    g["params"] = g["params"] if isinstance(g["params"], (set, frozenset)) else list(g["params"])
                    for param in g["params"]:
                        param = param[1] if isinstance(param, tuple) else param
                        seen.setdefault(id(param), []).append((g.get("weight_decay", -1.0), g.get("lr", -1.0)))
                o[f"{probe}.lacks"] = " and ".join(k for k in ("lr", "weight_decay") if any(k not in g for g in groups))
                o[f"{probe}.strange"] = int(_strange(groups, model))
                found = [seen.get(id(param), []) for _, param in named]
                o[f"{probe}.times"] = values * [len(f) for f in found]
                o[f"{probe}.decayed"] = values * [float(f[0][0]) if f else -1.0 for f in found]
                o[f"{probe}.rates"] = gradients * [float(f[0][1]) if f else -2.0 for f in found]  # -1.0: no "lr"
                o[f"{probe}.set"] = int(any(isinstance(g["params"], (set, frozenset)) for g in groups))
                o[f"{probe}.optimiser"] = self._step(table, groups, step)
        return o

    def finding(self, test, seen, expected):
        if any(seen.get(f"{p}.strange") for p in MODELS):
            return (
                "The groups hold tensors that are not the model's parameters (copies, or detached as in state_dict()): training would "
                "change nothing."
            )
        said = self._about_groups(test, seen, expected)
        if any(seen.get(f"{p}.late") for p in MODELS):
            late = 'The "params" of a group are a generator, filter or map. It runs only after your function has returned, when the variables that it reads have their last values: make a list of it.'
            return f"{late} {said}".strip()
        return said

    @staticmethod
    def _about_groups(test, seen, expected):
        """Return sentences on the first mistake in the groups that `test` is about; "" if none is found."""
        part = {"every parameter once": "times", "weight decay": "decayed", "two learning rates": "rates"}.get(test.name)
        if lacks := next(filter(None, (seen.get(f"{p}.lacks") for p in ("untied", "tied"))), ""):
            return f"Some groups have no {lacks}: AdamW then uses its own default."
        if part is None and any(seen.get(f"{p}.set") for p in ("untied", "tied", "around", "partly")):
            return 'AdamW refuses a group whose "params" are a Python set, since a set has no fixed order. Give it a list.'
        for key in [k for k in test.keys if k.endswith(part or "times")]:
            probe = key.split(".")[0]
            times, once = seen[f"{probe}.times"], expected.get(f"{probe}.times", expected[key])
            if f"{probe}.times" in expected:
                for wrong, words in ((times < 0.5 * once, "are in no group"), (times > 1.5 * once, "are in more than one group")):
                    if wrong.any():
                        return f"{MODELS[probe]}, these {words}: {_which(seen, probe, wrong)}. {test.hint}"
            if part in ("decayed", "rates"):
                wrong = ~np.isclose(seen[key], expected[key], rtol=1e-4)
                if wrong.any():
                    what = "weight decay" if part == "decayed" else "learning rate"
                    return f"{MODELS[probe]}, these have the wrong {what}: {_which(seen, probe, wrong)}. {test.hint}"
        return ""

    @staticmethod
    def _step(table, groups, gradient):
        """Take one step of AdamW on the student's `groups`, and return the sums of the columns of `table`.

        `table` is a parameter in these groups, and `gradient` is its gradient. Learning rate and weight decay are set to fixed
        numbers, since they have tests of their own.
        """
        optimizer = torch.optim.AdamW([g for g in groups if g["params"]])
        for g in optimizer.param_groups:
            g["lr"], g["weight_decay"] = 0.125, 0.0
        table.grad = gradient
        optimizer.step()
        return array(table.sum(0))


MODELS = {
    "untied": "In a model of two encoders", "tied": "In a model whose encoders are one module",
    "around": "In a model of two modules around one encoder", "partly": "In a model whose encoders share their position embeddings",
    "alike": "In a model of two encoders that start from the same weights", "zero": "With a weight decay of 0",
    "other": "In a model with other names and classes than DistilBERT's", "default": "Without passage_scale, which is then 1", "still": "With a passage_scale of 0",
    "thin": "In a model whose matrices have only one row or one column",
}  # fmt: skip


def _late(params):
    """Return whether `params` is a generator (or filter, or map) that reads variables of the function in which it was made."""
    if isinstance(params, types.GeneratorType):
        return bool(params.gi_code.co_freevars)
    return isinstance(params, (filter, map)) and bool(getattr(params.__reduce__()[1][0], "__closure__", None))


def _strange(groups, model):
    """Return whether the groups hold tensors, and none of them is a parameter of `model`."""
    held = [p[1] if isinstance(p, tuple) else p for g in groups for p in g["params"]]
    own = {id(p) for p in model.parameters()}
    return bool(held) and all(isinstance(p, torch.Tensor) and id(p) not in own for p in held)


def _kind(name, p, shared):
    """Return as text the encoder to which the parameter `p` belongs, and its kind: for example "the query encoder's biases".

    `name` is the parameter's name in the model. `shared` is true if both encoders have the parameter.
    """
    kind = "biases" if name.endswith("bias") else "layer norms" if p.ndim < 2 else "embeddings" if "embed" in name else "matrices"
    return f"the shared {kind}" if shared else f"the {name.split('_')[0]} encoder's {kind}"


def _which(seen, probe, wrong):
    """Return as text the kinds of the parameters for which the boolean array `wrong` is true, separated by commas.

    If `wrong` is true for only some parameters of a kind, "some of" stands before the kind, as in "some of the shared biases".
    """
    kinds = np.array(seen[f"{probe}.kinds"].split(";"))
    return ", ".join(("" if wrong[kinds == k].all() else "some of ") + k for k in dict.fromkeys(kinds[wrong].tolist()))
