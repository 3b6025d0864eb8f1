"""Trains retrievers by distillation from the reader, and other retrievers for comparison: part of `python -m autograder bands`.

In distillation, the retriever learns to score passages as a teacher does. The teacher is the reader, the model that answers a
question from passages. For comparison, retrievers are also trained with BM25 as the teacher, with a teacher that gives all
passages the same score ("uniform"), and without a teacher ("nce").

A recipe is one way to train. All distillation recipes with the same seed train on the same passages, BM25's first five for each
training question, in the same order and with the same dropout. If the name of a recipe ends in "_in_batch", the passages of the
other questions in a batch are also used as negatives. Only recipes with "nce" in the name use the labels that say which passages
are gold. The reader is trained on questions, answers and BM25's first three passages.
"""

import copy

import torch

from dpr_course.bm25 import bm25_candidates
from dpr_course.reader.attention import first_token_logits, passage_scores
from dpr_course.reader.batch import reader_batch
from dpr_course.reader.distill import distillation_loss, in_batch_distillation_loss, ranked, tensorize_candidates
from dpr_course.reader.fit import answer_loss
from dpr_course.reader.fusion import fuse
from dpr_course.reader.model import load_reader
from dpr_course.reader.samples import with_passages
from dpr_course.train import train

N, EPOCHS = 5, 2  # N: passages per question; EPOCHS: passes over the questions
LOSSES = {"": distillation_loss, "_in_batch": in_batch_distillation_loss}


def trained_reader(samples, passages, seed):
    """Train the small reader for one epoch, with BM25's first three passages for each sample. Return (tokenizer, reader)."""
    tokenizer, reader = load_reader("toy")
    lessons = with_passages(samples, passages, k=3)
    train(reader, lessons, lambda part: reader_batch(tokenizer, part, 3), answer_loss, epochs=1, batch_size=4, learning_rate=5e-4, seed=seed)  # fmt: skip
    return tokenizer, reader


def reader_scores(tokenizer, reader, samples, batch_size=8):
    """Return the reader's score of each passage in "ctxs", a sample's passages: a tensor of shape (samples, passages per sample)."""
    rows = []
    for a in range(0, len(samples), batch_size):
        ids, mask, _ = reader_batch(tokenizer, samples[a : a + batch_size], N)
        with torch.inference_mode():
            rows.append(passage_scores(first_token_logits(reader, *fuse(reader, ids, mask)), mask))
    return torch.cat(rows)


def first_right(samples, scores):
    """Return the percentage of samples whose gold passage has the highest score among the passages in "ctxs".

    Samples without their gold passage in "ctxs" are not counted. scores: a tensor of shape (samples, passages per sample).
    """
    rows = [[p["id"] for p in s["ctxs"]].index(s["gold_context"]["id"]) if holds_gold(s) else -1 for s in samples]
    there = [(best, row) for best, row in zip(scores.argmax(1).tolist(), rows) if row >= 0]
    return 100 * sum(best == row for best, row in there) / len(there)


def holds_gold(sample):
    return any(p["id"] == sample["gold_context"]["id"] for p in sample["ctxs"])


def one_seed(recipes, seed):
    """Train every recipe with one seed. Return {name of the recipe: R@1 (recall at 1) on the validation questions, in percent}.

    The dictionary also has the keys "gold_first_bm25" and "gold_first_reader": the percentage of training samples in which BM25 or
    the reader gives the gold passage the highest score (see `first_right`). recipes: a `bands.Recipes`, which holds the data.
    """
    lessons = with_passages(recipes.fit, recipes.passages, k=N)
    teachers = {
        "uniform": torch.zeros(len(lessons), N),
        "bm25": torch.tensor([c["topk_values"] for c in bm25_candidates(recipes.fit, recipes.passages, k=N)]),
        "reader": reader_scores(*trained_reader(recipes.fit, recipes.passages, seed), lessons),
    }
    found = {f"gold_first_{name}": first_right(lessons, scores) for name, scores in teachers.items() if name != "uniform"}

    def taught(scores, loss_fn, model=None):
        model = model or recipes.ref["make_dual_encoder"]()
        collate = lambda part: tensorize_candidates(part, recipes.tokenizer, recipes.track.max_length)  # noqa: E731
        train(
            model, ranked(lessons, scores), collate, loss_fn, epochs=EPOCHS,
            batch_size=recipes.track.batch_size, learning_rate=recipes.track.learning_rate, seed=seed,
        )  # fmt: skip
        return model

    def recall(model):
        return round(recipes.recall(model, recipes.val, recipes.passages, 1), 2)

    for ending, loss_fn in LOSSES.items():
        for name, scores in teachers.items():
            found[name + ending] = recall(taught(scores, loss_fn))
    nce = recipes.fitted(recipes.fit, seed)
    found["nce"] = recall(nce)
    found["nce_longer"] = recall(recipes.fitted(recipes.fit, seed, epochs=EPOCHS, model=copy.deepcopy(nce)))
    found["nce_then_reader"] = recall(taught(teachers["reader"], distillation_loss, nce))
    return found
