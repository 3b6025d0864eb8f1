"""The clinic, an exercise in diagnosis: a healthy run, and six runs made from it, named A to F, each with one fault."""

import copy
import random
from dataclasses import replace

import torch

from dpr_course.data import hold_out
from dpr_course.diagnose.case import Case, Settings
from dpr_course.diagnose.ways import Encoding, padded, passage_tokens
from dpr_course.pipeline.retriever import Retriever
from dpr_course.pipeline.vectors import Vectors
from dpr_course.runtime import best_device
from dpr_course.track import get_track
from dpr_course.train import train

BATCH, EPOCHS, RATE = 16, 3, 8e-4  # a short training, which takes a few seconds on the toy data
QUESTIONS = 240  # largest number of questions for training, and of questions for measuring
ANSWERS = {
    "A": "swapped-sides", "B": "mined-golds", "C": "title-missing", "D": "foreign-index", "E": "frozen-side", "F": "mask-ignored"
}  # fmt: skip


def healthy(loss_fn):
    """Train a small retriever on the data of the current track, and return its Case.

    `loss_fn` is (model, batch) -> loss, number of questions whose gold passage scores highest.
    """
    track = get_track()
    samples, validation, passages = track.load_data()
    fit, held_out = hold_out(samples, 50)
    fit, validation = fit[:QUESTIONS], validation[:QUESTIONS]
    golds = {s["gold_context"]["id"] for s in fit + validation}
    passages = [p for p in passages if p["id"] in golds]
    start = Retriever.from_pretrained(track.encoder, max_length=track.max_length)
    model = copy.deepcopy(start).to(best_device())

    def collate(some):
        options = dict(truncation=True, max_length=track.max_length)
        Q = model.tokenizer([s["question"] for s in some], **options).input_ids
        P = passage_tokens(model.tokenizer, [s["gold_context"] for s in some], "pair", "", options)
        pad = model.tokenizer.pad_token_id
        return (*padded(Q, max(map(len, Q)), pad), *padded(P, max(map(len, P)), pad), torch.arange(len(some)))

    rate = RATE if track.name == "toy" else track.learning_rate
    history = train(model, fit, collate, loss_fn, epochs=EPOCHS, batch_size=BATCH, learning_rate=rate, desc="the healthy run")
    return Case(
        model.cpu().eval(), model.tokenizer, name="the healthy run", max_length=track.max_length, train=fit, held_out=held_out,
        validation=validation, passages=passages, start=start.eval(), start_tokenizer=start.tokenizer, history=history,
        settings=Settings(BATCH, False, rate, False), masks_copies=True,
    )  # fmt: skip


def patients(case, seed=0):
    """Return {letter: Case}: six runs, "A" to "F", made from the healthy run `case`, each with one fault.

    ANSWERS names the faults. Look there only after your own diagnosis.
    """
    m, rng = case.model, random.Random(seed)
    turned = Retriever(m.passage_encoder, m.query_encoder, m.tokenizer, m.max_length).eval()
    half = Retriever(m.query_encoder, case.start.passage_encoder, m.tokenizer, m.max_length).eval()
    deaf = _Deaf(m)
    others = [s["gold_context"] for s in case.train[7:] + case.train[:7]]
    mined = [{**s, "hard_negative": s["gold_context"] if rng.random() < 0.2 else p} for s, p in zip(case.train, others)]
    untitled = [{**p, "title": ""} for p in case.passages]
    old = Encoding(replace(case, model=case.start)).vectors("passage", case.passages)  # (N, d)
    sick = {
        "A": replace(case, model=turned),
        "B": replace(case, train=mined, settings=replace(case.settings, hard=True), history=None),
        "C": replace(case, passages=untitled),
        "D": replace(case, vectors=Vectors([p["id"] for p in case.passages], old.numpy())),
        "E": replace(case, model=half, history=None),
        "F": replace(case, model=deaf, history=None),
    }
    return {letter: replace(run, name=f"run {letter}") for letter, run in sick.items()}


class _Deaf(torch.nn.Module):
    """A retriever that passes a mask of ones to its encoders, so that its encoders read padding as text."""

    def __init__(self, inner):
        super().__init__()
        self.query_encoder, self.passage_encoder, self.inner = inner.query_encoder, inner.passage_encoder, inner

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        ones = [None if mask is None else torch.ones_like(mask) for mask in (Q_mask, P_mask)]
        return self.inner(Q, ones[0], P, ones[1])
