"""The check of stage 01's third exercise: make a model of two encoders (untied), or of one encoder for both sides (tied)."""

import copy
from unittest import mock

import numpy as np
import torch

from dpr_course.checks.compare import NEAR, TOLERANCE
from dpr_course.checks.core import Check, Observation, Test, array
from dpr_course.checks.findings import agree
from dpr_course.checks.fixtures import dyadic, generator, padded_ids, tiny_backbone


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
            """Return the model's number of trainable parameters, divided by that of one encoder: 2 if untied, 1 if tied."""
            return round(sum(p.numel() for p in model.parameters() if p.requires_grad) / total, 2)

        def change(model):
            with torch.no_grad():
                for encoder, weights in ((model.query_encoder, A), (model.passage_encoder, B)):
                    for p, value in zip(encoder.parameters(), weights, strict=True):
                        p.copy_(value)

        def from_pretrained(*args, output_loading_info=False, **kwargs):
            model = copy.deepcopy(pretrained)
            return (model, {"missing_keys": []}) if output_loading_info else model

        # Weights made from the seed replace those of the track's encoder, so that the vectors cannot be known beforehand.
        with mock.patch("transformers.AutoModel.from_pretrained", from_pretrained):
            for probe, options in (("untied", {"tie_encoders": False}), ("tied", {"tie_encoders": True})):
                with o.probe("start"):
                    o[f"start.{probe}"] = np.stack(vectors(objects["make_dual_encoder"](**options)))
                    o.note(f"start.{probe}", _near(o[f"start.{probe}"], pretrained, ids, mask))
                with o.probe(probe):
                    model = objects["make_dual_encoder"](**options)
                    sides = [list(e.parameters()) for e in (model.query_encoder, model.passage_encoder)]
                    o[f"{probe}.shapes"] = [int([p.shape for p in side] == shapes) for side in sides]
                    o[f"{probe}.memory"] = sum(a.data_ptr() == b.data_ptr() and a is not b for a, b in zip(*sides))
                    o[f"{probe}.shared"] = sum(a is b for a, b in zip(*sides)) / len(shapes)
                    o[f"{probe}.frozen"] = sum(not p.requires_grad for side in sides for p in side)
                    o[f"{probe}.encoders"] = encoders(model)
                    change(model)
                    o[f"{probe}.X"], o[f"{probe}.Y"] = vectors(model)
            with o.probe("default"):
                model = objects["make_dual_encoder"]()
                o["default.encoders"] = encoders(model)
                change(model)
            with o.probe("start"):  # all models made before were changed
                again = [
                    objects["make_dual_encoder"](**options) for options in ({}, {"tie_encoders": False}, {"tie_encoders": True})
                ]
                o["start.again"] = np.stack([vectors(model) for model in again])
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
                "The two encoders have separate parameters that lie in the same memory (p.data = q.data). Each has its own "
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


def _near(seen, pretrained, ids, mask):
    """Return a sentence if vectors of a new model are nearly, but not exactly, those of its pre-trained weights; "" otherwise.

    seen        (query encoder's vectors, passage encoder's vectors) of the same texts `ids` with `mask`
    pretrained  the backbone with the pre-trained weights
    """
    with torch.no_grad():
        start = array(copy.deepcopy(pretrained).eval()(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0])
    for side, have in zip(("query", "passage"), seen):
        if have.shape == start.shape and TOLERANCE < np.abs(have - start).max() / np.abs(start).max() < NEAR:
            return (
                f"The {side} encoder must start from the pre-trained weights, and it starts only near them: is something added to "
                "them, such as noise, or are they rounded?"
            )
    return ""
