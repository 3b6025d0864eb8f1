"""The Case: everything about one training run that a diagnosis can use.

A field whose value is not known is None or empty, and the measures that need it are left out.
"""

import copy
from dataclasses import dataclass, field

import torch
from torch import nn
from transformers import PreTrainedModel

from dpr_course.errors import CourseError

SIDES = ("query_encoder", "passage_encoder")


class DiagnoseError(CourseError):
    """Raised if a run cannot be diagnosed. The message says what is missing, where, and what to do."""


@dataclass
class Settings:
    """The settings that a training run was meant to have. None means that a setting is not known."""

    batch_size: int | None = None  # intended number of questions per step, all in one softmax
    hard: bool | None = None  # whether a batch has a hard negative per question; None: it has if the samples have
    learning_rate: float | None = None
    tied: bool | None = None  # whether one encoder is meant to serve both sides
    seed: int = 0
    epochs: int | None = None
    temperature: float = 1.0  # the number that divides the scores in the loss


@dataclass
class Case:
    """One training run, with its model, data, settings and results.

    model       the retriever: (Q, Q_mask, P, P_mask) -> X (B, d), Y (N, d); the arguments of one side may be None
    tokenizer   the tokenizer with which the evaluation reads texts
    style       how a passage is tokenized: "pair" (title, text), "joined" (title and text as one string) or "text" (no title)
    train       the samples that were trained on
    held_out    the samples on which the best epoch was chosen; empty: not known
    validation  the samples whose R@k is reported, each with its gold passage in `passages`
    passages    the passages that are searched
    settings    the Settings that the run was intended to have
    history     the History of the run, its record of steps and epochs; None: not known
    start       the model before training, which is called in the same way as `model`; None: not known
    start_tokenizer  the tokenizer that belongs to `start`; None: not known
    collate     list of samples -> (Q, Q_mask, P, P_mask, labels), as the run used it; None: that of dpr-course train
    loss_fn     (model, batch) -> loss, number of questions whose gold passage scores highest; None: not known
    masks_copies  whether the loss leaves copies of a question's gold passage out of its softmax; None: inferred from the losses
    loss_cosine  whether the loss compares vectors by cosine; None: it compares them as `score` says
    given       the evaluation's two functions (list of strings -> X, list of passages -> Y); None: the evaluation calls `model`
    reported    {k: R@k in percent} that the run reported
    hits        {question id: [(passage id, score), ...]}, best first: the search results that were evaluated
    vectors     pipeline.vectors.Vectors: the passage vectors that were searched
    memory      a cache in which `measure_replay` keeps vectors made by `start`; cases with the same start may share it
    notes       {name: value}: observations made while the Case was put together
    """

    model: nn.Module
    tokenizer: object
    name: str = "this run"
    max_length: int = 100
    style: str = "pair"
    score: str = "dot"  # "dot" or "cosine": how the evaluation compares two vectors
    train: list = field(default_factory=list)
    held_out: list = field(default_factory=list)
    validation: list = field(default_factory=list)
    passages: list = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    history: object = None
    start: nn.Module | None = None
    start_tokenizer: object = None
    collate: object = None
    loss_fn: object = None
    masks_copies: bool | None = None
    loss_cosine: bool | None = None
    given: tuple | None = None
    reported: dict | None = None
    hits: dict | None = None
    vectors: object = None
    question_prefix: str = ""
    passage_prefix: str = ""
    memory: dict = field(default_factory=dict, repr=False)
    notes: dict = field(default_factory=dict)


def side_of(model, side):
    """Return the module of one side ("query_encoder" or "passage_encoder"); None if the model has no part of that name."""
    return getattr(model, side, None)


def backbone_of(model, side):
    """Return the transformer in one side of the model, with an output `last_hidden_state` (B, T, d); None if there is none."""
    module = side_of(model, side)
    if module is None:
        return None
    return next((m for m in module.modules() if isinstance(m, PreTrainedModel)), None)


def is_tied(model):
    """Return whether both sides of the model, query encoder and passage encoder, are one and the same module."""
    return side_of(model, SIDES[0]) is side_of(model, SIDES[1])


def started_from(model, load):
    """Return a copy of `model` in which each side's transformer has the untrained weights of an encoder that `load()` returns.

    `load` is called once for each side. Return None if `model` has no transformers, or if the weights do not fit them.
    """
    if backbone_of(model, SIDES[0]) is None:
        return None
    try:
        start = copy.deepcopy(model)
        for side in SIDES:
            backbone_of(start, side).load_state_dict(load().state_dict())
    except (RuntimeError, AttributeError, TypeError, OSError, NotImplementedError):
        return None
    return start.eval()


def model_device(model):
    """Return the device of the model's first parameter, or the CPU for a model without one."""
    return next((p.device for p in model.parameters()), torch.device("cpu"))
