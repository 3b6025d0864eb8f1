"""The functions that run the milestones of stages 09 and 10, with the reader: a T5 that answers questions from passages.

A milestone's function takes two arguments: `own`, the student's code as {name: function or class} (see
dpr_course.milestones.student_code), and a seed. It returns a Result.
"""

import random

import torch

from dpr_course.milestones.entry import Result
from dpr_course.milestones.runs import recall, search, world
from dpr_course.reader.attention import first_token_logits
from dpr_course.reader.decode import spans_of, word_starts, write
from dpr_course.reader.distill import tensorize_candidates
from dpr_course.reader.model import load_reader
from dpr_course.reader.samples import with_passages
from dpr_course.runtime import best_device, device_of, set_seed
from dpr_course.train import train

LESSONS, ASKED, N = 250, 200, 5  # questions to train on, questions to answer, passages per question


def trained_reader(own, seed, n=3):
    """Train the toy reader for one epoch with the student's `reader_batch` and `fuse`. Return (tokenizer, reader).

    The reader reads the `n` best passages by BM25 for each training question.
    """
    _, _, train_samples, _, passages = world()
    tokenizer, reader = load_reader("toy")

    def loss_fn(model, batch):
        ids, mask, labels = batch
        encoded, mask = own["fuse"](model, ids, mask)
        out = model(encoder_outputs=encoded, attention_mask=mask, labels=labels)
        right = (out.logits.argmax(2) == labels) | (labels == -100)  # (B, T)
        return out.loss, right.all(1).sum()

    lessons = with_passages(train_samples[:LESSONS], passages, n)
    train(
        reader.to(best_device()), lessons, lambda part: own["reader_batch"](tokenizer, part, n), loss_fn,
        epochs=1, batch_size=4, learning_rate=5e-4, seed=seed,
    )  # fmt: skip
    return tokenizer, reader


def encoded(own, tokenizer, reader, samples, n, size=8):
    """Yield, for each batch of up to `size` samples: (samples, what the student's `fuse` returned, mask (B, n, L)).

    `n` is the number of passages per question, and L the number of tokens of a text.
    """
    for a in range(0, len(samples), size):
        ids, mask, _ = (t.to(device_of(reader)) for t in own["reader_batch"](tokenizer, samples[a : a + size], n))
        with torch.inference_mode():
            yield samples[a : a + size], own["fuse"](reader, ids, mask), mask


def fusion_in_decoder(own, seed):
    *_, samples, passages = world()
    asked = with_passages(random.Random(0).sample(samples, ASKED), passages, N)
    tokenizer, reader = load_reader("toy")
    starts, right = word_starts(tokenizer), 0
    for part, fused, _ in encoded(own, tokenizer, reader, asked, N):
        answers = write(reader, tokenizer, *fused, [spans_of(tokenizer, s["ctxs"], starts) for s in part])
        right += sum(bool(own["exact_match"](answer, s["answers"])) for answer, s in zip(answers, part))
    return Result(100 * right / len(asked))


def distillation(own, seed):
    track, retriever_tokenizer, train_samples, samples, passages = world()
    tokenizer, reader = trained_reader(own, seed)
    lessons = with_passages(train_samples[:LESSONS], passages, N)
    set_seed(seed)
    pupil = own["make_dual_encoder"]().to(best_device())

    def read(part):
        parts = encoded(own, tokenizer, reader, part, N)
        return torch.cat([own["passage_scores"](first_token_logits(reader, *fused), mask).cpu() for _, fused, mask in parts])

    def learn(model, part):
        train(
            model, part, lambda batch: tensorize_candidates(batch, retriever_tokenizer, track.max_length), own["distillation_loss"],
            epochs=2, batch_size=track.batch_size, learning_rate=track.learning_rate, seed=seed,
        )  # fmt: skip

    def retrieve(model, part):
        return [[passages[i] for i in c["topk_indices"]] for c in search(own, model, part, passages, N)]

    own["one_round"](pupil, lessons, read, learn, retrieve)
    return Result(
        recall(own, search(own, pupil, samples, passages, 1)), "without a label; with equal shares in place of the reader: below 1"
    )
