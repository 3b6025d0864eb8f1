"""Distil the reader into the retriever over several seeds, beside its controls: part of `python -m autograder bands`.

All recipes of a seed read the same passages, BM25's first five for each training question, in the same order and with the
same dropout. "_in_batch" means that the passages of a batch's other questions are negatives too. No recipe without "nce" in
its name sees a gold passage; the reader is trained on questions, answers and BM25's passages.
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

N, EPOCHS = 5, 2  # passages per question; passes over the questions
LOSSES = {"": distillation_loss, "_in_batch": in_batch_distillation_loss}


def trained_reader(samples, passages, seed):
    """Return a tokenizer and a reader after one epoch on BM25's first three passages of each sample, as in stage 10."""
    tokenizer, reader = load_reader("toy")
    lessons = with_passages(samples, passages, k=3)
    train(reader, lessons, lambda part: reader_batch(tokenizer, part, 3), answer_loss, epochs=1, batch_size=4, learning_rate=5e-4, seed=seed)  # fmt: skip
    return tokenizer, reader


def reader_scores(tokenizer, reader, samples, batch_size=8):
    """Return the reader's scores of the passages in each sample's "ctxs": (N, n)."""
    rows = []
    for a in range(0, len(samples), batch_size):
        ids, mask, _ = reader_batch(tokenizer, samples[a : a + batch_size], N)
        with torch.inference_mode():
            rows.append(passage_scores(first_token_logits(reader, *fuse(reader, ids, mask)), mask))
    return torch.cat(rows)


def first_right(samples, scores):
    """Return the percentage of samples with the gold among "ctxs" whose gold has the highest of `scores` (N, n)."""
    rows = [[p["id"] for p in s["ctxs"]].index(s["gold_context"]["id"]) if holds_gold(s) else -1 for s in samples]
    there = [(best, row) for best, row in zip(scores.argmax(1).tolist(), rows) if row >= 0]
    return 100 * sum(best == row for best, row in there) / len(there)


def holds_gold(sample):
    return any(p["id"] == sample["gold_context"]["id"] for p in sample["ctxs"])


def one_seed(recipes, seed):
    """Train every recipe with one seed. Return {name: R@1 in percent}, and the teachers' own rate as "gold_first_NAME"."""
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
