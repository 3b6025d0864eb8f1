"""Does the benchmark's tasks with this course."""

import torch

from autograder.bench.same_work import BATCH, CHUNK, LR, MAX_LENGTH, Loop, distinct_samples, per_second, random_vectors
from dpr_course.data import load_toy_nq


def own_batch():
    from dpr_course.pipeline.features import make_features
    from dpr_course.pipeline.retriever import Retriever

    model = Retriever.from_pretrained("toy", tied=True, max_length=MAX_LENGTH)
    return model, make_features(distinct_samples(), model.tokenizer, MAX_LENGTH)[0]


def train_own():
    from dpr_course.pipeline.features import take
    from dpr_course.pipeline.run import contrastive_loss
    from dpr_course.train import train

    model, features = own_batch()
    names = list(take(features, [0]))
    with torch.no_grad():
        proof = contrastive_loss(model, take(features, list(range(BATCH))))[0].item()

    def epoch():
        train(
            model, range(3 * BATCH), lambda rows: tuple(take(features, rows).values()),
            lambda m, batch: contrastive_loss(m, dict(zip(names, batch))), epochs=1, batch_size=BATCH, learning_rate=LR,
        )  # fmt: skip

    return per_second(epoch, 3, repeats=2), proof


def train_cached_own():
    from dpr_course.pipeline.features import take
    from dpr_course.pipeline.large_batch import CachedLoss

    model, features = own_batch()
    batch = take(features, list(range(2 * BATCH)))
    batch = (
        batch["questions_input_ids"], batch["questions_attention_mask"], batch["ctx_input_ids"].flatten(0, 1),
        batch["ctx_attention_mask"].flatten(0, 1), torch.arange(2 * BATCH) * 2,
    )  # fmt: skip

    def loss_fn(model, batch):
        X, Y = model(*batch[:4])
        S = X @ Y.T
        return torch.nn.functional.cross_entropy(S, batch[4]), (S.argmax(1) == batch[4]).sum()

    cached, loop = CachedLoss(loss_fn, CHUNK * MAX_LENGTH), Loop(model)
    proof = cached.backward(model.eval(), batch)[0].item()
    return per_second(lambda: loop.step(lambda: cached.backward(model, batch)), 1, repeats=2), proof


def encode_own():
    from dpr_course.pipeline.retriever import Retriever

    model, passages = Retriever.from_pretrained("toy", tied=True, max_length=MAX_LENGTH), load_toy_nq()[2]
    proof = model.encode_passages(passages[:BATCH]).abs().mean().item()
    return per_second(lambda: model.encode_passages(passages, BATCH), len(passages), repeats=3), proof


def search_own():
    from dpr_course.pipeline.search import search

    X, Y = random_vectors()
    return per_second(lambda: search(X, Y, 100), len(X), repeats=20), float(search(X, Y, 100)[0].mean())
