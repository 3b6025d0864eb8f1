"""Checks of the first two exercises of stage 01: the encoder and the dual encoder. The third exercise is checked in tying."""

import contextlib

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
        Test("padding changes nothing", 1, ("padded.vectors",), "The vector of a text must not depend on the other texts of its batch, nor on how far the batch is padded. It is the vector of the first place, even if the id of [CLS] comes again later in the text. Does the backbone get the mask, and every token of every text?"),
        Test("it can be trained", 1, ("gradient.embeddings", "gradient.training"), "The gradient must flow from the vectors back into the backbone, and the backbone must stay in its mode, training or evaluation. Is something detached, under no_grad, or switched to eval()?"),
    )  # fmt: skip

    def observe(self, objects, seed):
        rng, o = generator(seed), Observation()
        backbone, other = (tiny_backbone(rng, layers=2) for _ in range(2))
        ids, mask = padded_ids(rng, [6, 6, 6])
        # The longest text is neither first nor last. The permutation that sorts by length differs from the one that undoes it.
        short, short_mask = padded_ids(rng, [4, 9, 2, 6])
        short[short_mask == 0] = 3  # only the mask shows what is padding
        short[1, 5] = 2  # the first token is [CLS], whatever other tokens have the same id
        modes = []
        backbone.register_forward_pre_hook(lambda module, _: modes.append(int(module.training)))
        with o.probe("alone"):
            encoder, _ = (objects["Encoder"](b).eval() for b in (backbone, other))  # each encoder has its own backbone
            given = ids.clone(), mask.clone()
            o["alone.vectors"] = array(encoder(*given))
            o["alone.input"] = int(torch.equal(given[0], ids) and torch.equal(given[1], mask))
            o["alone.again"] = array(encoder(ids.clone(), mask.clone()))
            o["alone.own"] = sum(p.numel() for p in encoder.parameters()) - sum(p.numel() for p in backbone.parameters())
        with o.probe("single"):
            o["single.vectors"] = array(objects["Encoder"](backbone).eval()(ids[:1, :2], mask[:1, :2]))
        with o.probe("padded"):
            encoder = objects["Encoder"](backbone).eval()
            o["padded.vectors"] = array(encoder(short.int(), short_mask.int()))  # int32, as in the features files of stage 07
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
    """A small encoder with random token vectors. Its output for a text is the sum of the vectors of the tokens with mask 1.

    Two objects of this class give different outputs, so an output shows which of the two encoders a student's model used.
    `modes` records the encoder's mode at each call: 1 for training, 0 for evaluation.
    """

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
        Test("questions and passages", 1, ("both.X", "both.Y", "both.trains", "both.learns", "both.mode", "alike.X", "alike.Y", "eval.X", "eval.Y", "eval.trains", "tied.X", "tied.Y", "later.X", "later.Y"), "X must be the query encoder's vectors of Q, and Y the passage encoder's vectors of P, each with its own mask, and both must carry a gradient. This holds in eval mode too, for questions and passages of the same length, with one encoder for both sides, and after a change of the weights."),
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

        # All the ways in which the course calls the model: by position or by name, with or without None, with a batch of one text.
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
        self._observe_pairs(o, objects["DualEncoder"], (query_encoder, passage_encoder), (Q, Q_mask), (P, P_mask))
        for side, (name, ids, mask) in zip("XY", (("query", Q, Q_mask), ("passage", P, P_mask))):
            encoder = query_encoder if name == "query" else passage_encoder
            o[f"{side}.unmasked"] = array(encoder(ids, torch.ones_like(mask)))
        self._observe_later(rng, o, objects["DualEncoder"], (Q, Q_mask, P, P_mask))
        return o

    @staticmethod
    def _observe_later(rng, o, dual, texts):
        """Record in `o`, as "later.X" and "later.Y", the vectors of texts whose encoders have changed since an earlier call.

        The weights change as in a step of an optimiser. The texts are the same in all calls. The model of the student's class
        `dual` is first in training mode, then in evaluation mode.
        """
        encoders = _Side(rng), _Side(rng)
        steps = [[dyadic(rng, 40, 8) for _ in encoders] for _ in range(2)]
        with o.probe("later"):
            model, rows = dual(*encoders), []
            for training, step in zip((True, False), steps):
                model.train(training)
                with contextlib.suppress(Exception):
                    model(*texts)
                with torch.no_grad():
                    for encoder, change in zip(encoders, step):
                        encoder.table.weight += change
                rows.append(model(*texts))
            for side, vectors in zip("XY", zip(*rows)):
                o[f"later.{side}"] = "None" if any(v is None for v in vectors) else array(list(vectors))

    @staticmethod
    def _observe_pairs(o, dual, encoders, questions, passages):
        """Record in `o` the vectors X and Y for three special calls of the student's model.

        In "alike", the ids of questions and passages have the same shape; in "eval", the model is in evaluation mode; in
        "tied", one encoder serves both sides.

        dual                  the student's class
        encoders              (encoder of questions, encoder of passages)
        questions, passages   (ids, mask), of shapes (B, T) and (N, T')
        """
        first = [t[: len(questions[0])] for t in passages]
        for probe, pair, training, inputs in (
            ("alike", encoders, True, (*(t.flip(0) for t in first), *first)),  # as many passages as questions, equally long
            ("eval", encoders, False, (*questions, *passages)),
            ("tied", encoders[:1] * 2, True, (*questions, *passages)),
        ):
            with o.probe(probe):
                vectors = dual(*pair).train(training)(*inputs)
                o[f"{probe}.X"], o[f"{probe}.Y"] = ("None" if v is None else array(v) for v in vectors)
                o[f"{probe}.trains"] = [int(v is not None and v.requires_grad) for v in vectors]
        for encoder in encoders:
            encoder.train()

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
        if probe == "both" and not all(seen.get("eval.trains", (1,))):
            return "In eval mode the vectors carry no gradient. eval() switches dropout off and nothing else: whoever needs no gradient says so with no_grad."
        if probe == "both" and not seen.get("both.mode", 1):
            return "forward switches the model or an encoder to eval(). Leave the choice of mode to the caller."
        return self._about_pairs(seen, expected, test.hint) if probe == "both" else ""

    @staticmethod
    def _about_pairs(seen, expected, hint):
        """Return sentences on the first call of `_observe_pairs` or `_observe_later` whose X or Y is wrong; "" if none is.

        `hint` is added at the end, except to a sentence on `_observe_later`.
        """
        for probe, when in (
            ("alike", "questions and passages have the same shape"),
            ("eval", "the model is in eval mode"),
            ("tied", "one encoder serves both sides"),
        ):
            for side, given in (("X", "questions"), ("Y", "passages")):
                have, want = seen[f"{probe}.{side}"], expected[f"{probe}.{side}"]
                if isinstance(have, str):
                    return f"{side} is None where {when}, although {given} are given. {hint}"
                if not agree(have, want):
                    return f"{side} is right otherwise, but not where {when}. {hint}"
        for side in "XY":
            if not agree(seen[f"later.{side}"], expected[f"later.{side}"]):
                return f"{side} is right otherwise, but not where the weights have changed since a call with the same texts. Are old vectors kept? Encode the texts at each call."
        return ""
