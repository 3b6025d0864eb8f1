"""A case: everything about one training run that a diagnosis can look at. What is not known is None and is not measured."""

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
    """The settings that the run was meant to have. None: not known."""

    batch_size: int | None = None  # intended number of questions per step; all of them share a softmax
    hard: bool | None = None  # whether a batch holds a hard negative per question; None: as the samples have them
    learning_rate: float | None = None
    tied: bool | None = None  # whether one encoder is meant to serve both sides
    seed: int = 0
    epochs: int | None = None
    temperature: float = 1.0  # the number that divides the scores in the loss


@dataclass
class Case:
    """One training run.

    model       (Q, Q_mask, P, P_mask) -> X (B, d), Y (N, d), as in the course; either side may be None
    tokenizer   the tokenizer with which texts are read now
    style       how a passage is read: "pair" (title, text), "joined" (title and text as one string) or "text"
    train       the samples that were trained on
    held_out    the samples that chose the epoch; empty: none are known
    validation  the samples whose R@k is reported, each with its gold in `passages`
    start       the model before training, with the same interface; None: not known
    start_tokenizer  the tokenizer that belongs to the start; None: not known
    collate     list of samples -> (Q, Q_mask, P, P_mask, labels), as the run used it; None: that of dpr-course train
    loss_fn     (model, batch) -> loss, number of right questions; None: not known
    masks_copies  whether the loss leaves equal passages out of a question's softmax; None: not known, then read from the losses
    loss_cosine whether the loss compares cosines; None: as `score`
    given       (list of strings -> X, list of passages -> Y): how the evaluation makes its vectors; None: by the model
    reported    {k: R@k in percent}, as the run reported it
    hits        {question id: [(passage id, score), ...]} best first
    vectors     pipeline.vectors.Vectors of the passages, as they were searched
    memory      vectors of the start that were made for the replay; cases with the same start may share it
    notes       what was noticed while the case was put together, as {name: value}
    """

    model: nn.Module
    tokenizer: object
    name: str = "this run"
    max_length: int = 100
    style: str = "pair"
    score: str = "dot"  # or "cosine": how a question and a passage are compared
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
    """Return the transformer of one side, whose output has `last_hidden_state` (B, T, d); None if there is none."""
    module = side_of(model, side)
    if module is None:
        return None
    return next((m for m in module.modules() if isinstance(m, PreTrainedModel)), None)


def is_tied(model):
    """Return whether both sides are one and the same module."""
    return side_of(model, SIDES[0]) is side_of(model, SIDES[1])


def started_from(model, load):
    """Return a copy of `model` with the backbones that `load()` returns, one call for each side; None where their weights do not fit."""
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
