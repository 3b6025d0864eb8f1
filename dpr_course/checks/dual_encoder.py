"""Checks of stage 01."""

import copy
from unittest import mock

import numpy as np
import torch
from torch import nn

from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.fixtures import dyadic, generator, padded_ids, tiny_backbone


class EncoderForward(Check):
    exercise, number, title = "encoder_forward", "1.1", "The [CLS] vector"
    names = ("Encoder",)
    tests = (
        Test("one vector per text", 1, ("alone.vectors", "single.vectors"), "The result must be (B, d), also for a single text: for each text the last hidden state of its first token, from the backbone that this Encoder was given."),
        Test("padding changes nothing", 1, ("padded.vectors",), "The vector of a text must not depend on how far its batch is padded. Does the backbone get the mask?"),
        Test("it can be trained", 1, ("gradient.embeddings", "gradient.training"), "The gradient must flow from the vectors back into the backbone, and the backbone must stay in training mode. Is something detached, under no_grad, or switched to eval()?"),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        backbone, other = (tiny_backbone(rng, layers=2) for _ in range(2))
        ids, mask = padded_ids(rng, [6, 6, 6])
        short, short_mask = padded_ids(rng, [9, 4, 2])
        short[short_mask == 0] = 3  # only the mask shows what is padding
        with o.probe("alone"):
            encoder, _ = (objects["Encoder"](b).eval() for b in (backbone, other))  # each has its own
            o["alone.vectors"] = array(encoder(ids, mask))
        with o.probe("single"):
            o["single.vectors"] = array(objects["Encoder"](backbone).eval()(ids[:1, :2], mask[:1, :2]))
        with o.probe("padded"):
            encoder = objects["Encoder"](backbone).eval()
            o["padded.vectors"] = array(encoder(short.int(), short_mask.int()))  # int32, as features files have it
        with o.probe("gradient"):
            vectors = objects["Encoder"](backbone).train()(short, short_mask)
            o["gradient.training"] = int(backbone.training)
            weights = dyadic(generator(seed + 1), *vectors.shape)
            table = backbone.embeddings.word_embeddings.weight
            if vectors.requires_grad:
                (vectors * weights).sum().backward()
            gradient = torch.zeros_like(table) if table.grad is None else table.grad
            o["gradient.embeddings"] = array(gradient.norm(dim=1))
        return o


class _Side(nn.Module):
    """An encoder that is easy to tell from another one: its output is the masked sum of its own token vectors."""

    def __init__(self, rng):
        super().__init__()
        self.table = nn.Embedding(40, 8)
        self.table.weight.data = dyadic(rng, 40, 8)

    def forward(self, ids, mask):
        return (self.table(ids) * mask.unsqueeze(-1)).sum(1)


class DualEncoderForward(Check):
    exercise, number, title = "dual_encoder_forward", "1.2", "Two encoders, one model"
    names = ("DualEncoder",)
    tests = (
        Test("questions and passages", 1, ("both.X", "both.Y", "both.trains"), "X must be the query encoder's vectors of Q, and Y the passage encoder's vectors of P, each with its own mask, and both must carry a gradient."),
        Test("questions only", 1, ("questions.X", "questions.Y", "questions.trains"), "Without passages the model must return (X, None)."),
        Test("passages only", 1, ("passages.X", "passages.Y", "passages.trains"), "Without questions the model must return (None, Y)."),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        query_encoder, passage_encoder = _Side(rng), _Side(rng)
        Q, Q_mask = padded_ids(rng, [5, 3])
        P, P_mask = padded_ids(rng, [7, 4, 6])

        def vectors(v):
            return "None" if v is None else array(v)

        # All the ways in which the course calls it: by position, by name, with None and without. One question is a batch too.
        for probe, inputs, named in (
            ("both", (Q, Q_mask, P, P_mask), {}),
            ("questions", (Q[1:], Q_mask[1:], None, None), {}),
            ("passages", (), {"P": P, "P_mask": P_mask}),
        ):
            with o.probe(probe):
                X, Y = objects["DualEncoder"](query_encoder, passage_encoder)(*inputs, **named)
                o[f"{probe}.X"], o[f"{probe}.Y"] = vectors(X), vectors(Y)
                o[f"{probe}.trains"] = [int(v is not None and v.requires_grad) for v in (X, Y)]
        return o


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
        total = sum(p.numel() for p in pretrained.parameters())
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
