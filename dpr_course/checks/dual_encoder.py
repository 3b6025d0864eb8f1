"""Checks of stage 01."""

import contextlib
import copy
from unittest import mock

import numpy as np
import torch
from torch import nn

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree, numbers
from dpr_course.checks.fixtures import dyadic, generator, padded_ids, tiny_backbone


class EncoderForward(Check):
    exercise, number, title = "encoder_forward", "1.1", "The [CLS] vector"
    names = ("Encoder",)
    tests = (
        Test("one vector per text", 1, ("alone.vectors", "single.vectors", "alone.input"), "The result must be (B, d), also for a single text: for each text the last hidden state of its first token, from the backbone that this Encoder was given."),
        Test("padding changes nothing", 1, ("padded.vectors",), "The vector of a text must not depend on the other texts of its batch, nor on how far the batch is padded. Does the backbone get the mask, and every token of every text?"),
        Test("it can be trained", 1, ("gradient.embeddings", "gradient.training"), "The gradient must flow from the vectors back into the backbone, and the backbone must stay in the mode in which it is. Is something detached, under no_grad, or switched to eval()?"),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        backbone, other = (tiny_backbone(rng, layers=2) for _ in range(2))
        ids, mask = padded_ids(rng, [6, 6, 6])
        short, short_mask = padded_ids(rng, [4, 9, 2])  # the longest text is neither the first nor the last
        short[short_mask == 0] = 3  # only the mask shows what is padding
        modes = []
        backbone.register_forward_pre_hook(lambda module, _: modes.append(int(module.training)))
        with o.probe("alone"):
            encoder, _ = (objects["Encoder"](b).eval() for b in (backbone, other))  # each has its own
            given = ids.clone(), mask.clone()
            o["alone.vectors"] = array(encoder(*given))
            o["alone.input"] = int(torch.equal(given[0], ids) and torch.equal(given[1], mask))
            o["alone.again"] = array(encoder(ids.clone(), mask.clone()))
            o["alone.own"] = sum(p.numel() for p in encoder.parameters()) - sum(p.numel() for p in backbone.parameters())
        with o.probe("single"):
            o["single.vectors"] = array(objects["Encoder"](backbone).eval()(ids[:1, :2], mask[:1, :2]))
        with o.probe("padded"):
            encoder = objects["Encoder"](backbone).eval()
            o["padded.vectors"] = array(encoder(short.int(), short_mask.int()))  # int32, as features files have it
            modes.append(2 * int(backbone.training))
        with o.probe("gradient"):
            encoder = objects["Encoder"](backbone).train()
            before = len(modes)
            vectors = encoder(short.clone(), short_mask.clone())
            o["gradient.training"] = [*modes[before:][:1], int(backbone.training), int(2 in modes[:before])]
            o["gradient.flows"] = int(vectors.requires_grad)
            weights = dyadic(generator(seed + 1), *vectors.shape)
            table = backbone.embeddings.word_embeddings.weight
            if vectors.requires_grad:
                (vectors * weights).sum().backward()
            gradient = torch.zeros_like(table) if table.grad is None else table.grad
            o["gradient.embeddings"] = array(gradient.norm(dim=1))
        return o

    def finding(self, test, seen, expected):
        if test.name == "it can be trained":
            if "gradient.training" in seen and list(seen["gradient.training"]) != [1, 1, 0]:
                return "The mode of the backbone is changed by forward, with train() or eval(): leave it to the caller."
            if not seen["gradient.flows"]:
                return "The vectors carry no gradient: they are detached, computed under no_grad, or built anew from numbers."
            if not np.any(seen["gradient.embeddings"]):
                return "The vectors carry a gradient, but none of it reaches the backbone that this Encoder was given."
        if seen.get("alone.own", 0) > 0:
            return "This Encoder has parameters besides those of its backbone. Return the hidden state as the backbone gives it."
        if "alone.again" in seen and not agree(seen["alone.vectors"], seen["alone.again"]):
            return "The same texts get other vectors at each call, in eval mode too: is there a dropout that is always active, or some other random step?"
        if test.name == "one vector per text" and not seen.get("alone.input", 1):
            return "The ids or the mask that were passed in are changed by forward. Leave them as they are."
        said = [numbers(seen[k], expected[k], "the result") for k in test.keys if k.endswith("vectors") and k in seen]
        return f"{said[0]} {test.hint}" if said and said[0] else ""


class _Side(nn.Module):
    """An encoder that is easy to tell from another one: its output is the masked sum of its own token vectors."""

    def __init__(self, rng):
        super().__init__()
        self.table = nn.Embedding(40, 8)
        self.table.weight.data = dyadic(rng, 40, 8)
        self.modes = []

    def forward(self, ids, mask):
        self.modes.append(int(self.training))
        return (self.table(ids) * mask.unsqueeze(-1)).sum(1)


class DualEncoderForward(Check):
    exercise, number, title = "dual_encoder_forward", "1.2", "Two encoders, one model"
    names = ("DualEncoder",)
    tests = (
        Test("questions and passages", 1, ("both.X", "both.Y", "both.trains", "both.learns", "both.mode"), "X must be the query encoder's vectors of Q, and Y the passage encoder's vectors of P, each with its own mask, and both must carry a gradient."),
        Test("questions only", 1, ("questions.X", "questions.Y", "questions.trains"), "Without passages the model must return (X, None): X as the query encoder gives it, and None itself."),
        Test("passages only", 1, ("passages.X", "passages.Y", "passages.trains"), "Without questions the model must return (None, Y): None itself, and Y as the passage encoder gives it."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        query_encoder, passage_encoder = _Side(rng), _Side(rng)
        Q, Q_mask = padded_ids(rng, [5, 3])
        P, P_mask = padded_ids(rng, [7, 4, 6])

        def vectors(v):
            return "None" if v is None else array(v)

        # All the ways in which the course calls it: by position, by name, with None and without. One text is a batch too.
        for probe, inputs, named in (
            ("both", (Q, Q_mask, P, P_mask), {}),
            ("questions", (Q[1:], Q_mask[1:], None, None), {}),
            ("passages", (), {"P": P[1:2], "P_mask": P_mask[1:2]}),
        ):
            with o.probe(probe):
                model = objects["DualEncoder"](query_encoder, passage_encoder)
                if probe != "both":
                    with contextlib.suppress(Exception):  # an earlier call must leave no trace
                        model(Q, Q_mask, P, P_mask)
                X, Y = model(*inputs, **named)
                o[f"{probe}.X"], o[f"{probe}.Y"] = vectors(X), vectors(Y)
                o[f"{probe}.trains"] = [int(v is not None and v.requires_grad) for v in (X, Y)]
                if probe == "both":
                    o["both.mode"] = int(all(m.training for m in (model, query_encoder, passage_encoder)))
                    sum(v.sum() for v in (X, Y) if v is not None and v.requires_grad).backward()
                    o["both.learns"] = [int(e.table.weight.grad is not None) for e in (query_encoder, passage_encoder)]
        for side, (name, ids, mask) in zip("XY", (("query", Q, Q_mask), ("passage", P, P_mask))):
            encoder = query_encoder if name == "query" else passage_encoder
            o[f"{side}.unmasked"] = array(encoder(ids, torch.ones_like(mask)))
        return o

    def finding(self, test, seen, expected):
        probe = {"questions and passages": "both"}.get(test.name, test.name.split()[0])
        for side, given, encoder in (("X", "questions", "query encoder"), ("Y", "passages", "passage encoder")):
            have, want = seen[f"{probe}.{side}"], expected[f"{probe}.{side}"]
            if isinstance(want, str) and not isinstance(have, str):
                return f"{side} must be None where no {given} are given, but it is a tensor of shape {np.shape(have)}."
            if isinstance(have, str) and not isinstance(want, str):
                return f"{side} is None, although {given} are given."
            if not isinstance(want, str):
                rows = {"both": slice(None), "questions": slice(1, None), "passages": slice(1, 2)}[probe]
                if np.shape(have) == want.shape and not agree(have, want) and agree(have, seen[f"{side}.unmasked"][rows]):
                    return (
                        f"The mask of the {given} has no effect: their padding counts as text. Pass it to the {encoder} as it is."
                    )
                if said := numbers(have, want, side):
                    return f"{said} Return what the {encoder} gives, as it is."
                if not seen[f"{probe}.trains"]["XY".index(side)]:
                    return f"{side} carries no gradient, so that the {encoder} never learns: it is detached, or computed under no_grad."
        if probe == "both" and not all(seen.get("both.learns", (1,))):
            return "The gradient does not reach the encoders that this model was given: does it use copies of them?"
        if probe == "both" and not seen.get("both.mode", 1):
            return "forward switches the model or an encoder to eval(). Leave the choice of mode to the caller."
        return ""


class MakeDualEncoder(Check):
    exercise, number, title = "make_dual_encoder", "1.3", "Tied or untied"
    names = ("make_dual_encoder",)
    tests = (
        Test("untied: two encoders", 1, ("untied.encoders", "untied.X", "untied.Y", "default.encoders"), "Untied encoders must not share a parameter: a change of one must leave the other as it is. Both are to be trained. Without an argument the encoders are untied."),
        Test("one starting point", 1, ("start.untied", "start.tied", "start.again"), "Both encoders of every new model must start from the pre-trained weights, whatever became of the models before it."),
        Test("tied: one encoder", 1, ("tied.encoders", "tied.X", "tied.Y"), "Tied encoders are one and the same module, under two names: a change of one is a change of the other."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        torch.manual_seed(seed % 2**63)  # so that a start from random weights is recognised
        pretrained = tiny_backbone(rng)
        total, shapes = sum(p.numel() for p in pretrained.parameters()), [p.shape for p in pretrained.parameters()]
        A, B = ([dyadic(rng, *p.shape) / 8 for p in pretrained.parameters()] for _ in range(2))
        ids, mask = padded_ids(rng, [6, 4])

        def vectors(model):
            with torch.no_grad():
                X, Y = model.eval()(ids, mask, ids, mask)
            return array(X), array(Y)

        def encoders(model):
            """Return how many encoders can be trained; parameters() counts shared ones once."""
            return round(sum(p.numel() for p in model.parameters() if p.requires_grad) / total, 2)

        def from_pretrained(*args, output_loading_info=False, **kwargs):
            model = copy.deepcopy(pretrained)
            return (model, {"missing_keys": []}) if output_loading_info else model

        # The seed's weights replace the track's, so that the vectors cannot be known beforehand.
        with mock.patch("transformers.AutoModel.from_pretrained", from_pretrained):
            for probe, options in (("untied", {"tie_encoders": False}), ("tied", {"tie_encoders": True})):
                with o.probe("start"):
                    o[f"start.{probe}"] = np.stack(vectors(objects["make_dual_encoder"](**options)))
                with o.probe(probe):
                    model = objects["make_dual_encoder"](**options)
                    sides = [list(e.parameters()) for e in (model.query_encoder, model.passage_encoder)]
                    o[f"{probe}.shapes"] = [int([p.shape for p in side] == shapes) for side in sides]
                    o[f"{probe}.memory"] = sum(a.data_ptr() == b.data_ptr() and a is not b for a, b in zip(*sides))
                    o[f"{probe}.shared"] = sum(a is b for a, b in zip(*sides)) / len(shapes)
                    o[f"{probe}.frozen"] = sum(not p.requires_grad for side in sides for p in side)
                    o[f"{probe}.encoders"] = encoders(model)
                    with torch.no_grad():
                        for encoder, weights in ((model.query_encoder, A), (model.passage_encoder, B)):
                            for p, value in zip(encoder.parameters(), weights, strict=True):
                                p.copy_(value)
                    o[f"{probe}.X"], o[f"{probe}.Y"] = vectors(model)
            with o.probe("default"):
                o["default.encoders"] = encoders(objects["make_dual_encoder"]())
            with o.probe("start"):
                o["start.again"] = np.stack(vectors(objects["make_dual_encoder"]()))
        return o

    def finding(self, test, seen, expected):
        probe = "tied" if test.name.startswith("tied") else "untied"
        for side, fits in zip(("query", "passage"), seen[f"{probe}.shapes"]):
            if not fits:
                return (
                    f"The {side} encoder is not built on a backbone that track.load_encoder() returned in this call: its parameters "
                    "have other shapes. Is it the notebook's `backbone`, or a model that was loaded in another way?"
                )
        if seen[f"{probe}.frozen"]:
            return (
                "Some parameters have requires_grad=False, so that they are never trained. Leave the encoders as they are loaded."
            )
        if seen[f"{probe}.memory"]:
            return (
                "The two encoders have parameters of their own that lie in the same memory (p.data = q.data). Each has its own "
                "gradient, and an optimiser steps both: tied encoders are one module, untied ones share nothing."
            )
        share = seen[f"{probe}.shared"]
        if 0 < share < 1:
            return (
                f"The two encoders share {share:.0%} of their parameters. Tied encoders share all of them, since they are one and the "
                "same; untied ones share none."
            )
        if test.name == "one starting point" and "start.again" in seen:
            for key, name in (("start.untied", "an untied model"), ("start.tied", "a tied model")):
                for i, side in enumerate(("query", "passage")):
                    if not agree(seen[key][i], expected[key][i]):
                        return f"The {side} encoder of {name} does not start from the pre-trained weights. {test.hint}"
            return f"Another model was made and changed before, and now a new one does not start from the pre-trained weights. {test.hint}"
        return ""
