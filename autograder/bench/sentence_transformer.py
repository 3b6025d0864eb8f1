"""Does the benchmark's tasks with sentence-transformers."""

import numpy as np
import torch

from autograder.bench.same_work import BATCH, CHUNK, MAX_LENGTH, Loop, distinct_samples, per_second
from dpr_course.data import load_toy_nq


def their_model():
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    from dpr_course.encoders import TOY_ENCODER

    transformer = Transformer(str(TOY_ENCODER), max_seq_length=MAX_LENGTH, model_kwargs={"dtype": torch.float32})
    pooling = Pooling(transformer.get_embedding_dimension(), pooling_mode="cls")
    return SentenceTransformer(modules=[transformer, pooling], device="cpu", similarity_fn_name="dot")


def pairs(passages):
    return [(p["title"], p["text"]) for p in passages]


def train_theirs(loss_class, size, repeats, **options):
    """Train with a loss of sentence-transformers. Return (training steps per second, loss of the first batch before training).

    loss_class  class of the loss; `options` are its keyword arguments
    size        questions per batch
    repeats     number of steps that are timed

    The loss of the first batch shows that all contenders do the same work. Each batch is tokenized when it is used, as in the data
    collator of sentence-transformers.
    """
    from sentence_transformers.util import dot_score

    model, samples = their_model(), distinct_samples()
    loss = loss_class(model, scale=1.0, similarity_fct=dot_score, **options)
    loop = Loop(model)

    def columns(batch):
        texts = [s["question"] for s in batch], *(pairs(s[key] for s in batch) for key in ("gold_context", "hard_negative"))
        return [model.preprocess(column) for column in texts]

    model.eval()
    proof = loss(columns(samples[:size]), torch.arange(size)).item()
    turn = iter(range(10**6))

    def step():
        start = next(turn) % (len(samples) // size) * size
        features = columns(samples[start : start + size])
        loop.step(lambda: loss(features, torch.arange(size)).backward())

    return per_second(step, 1, repeats), proof


def train_mnrl():
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    return train_theirs(MultipleNegativesRankingLoss, BATCH, repeats=6)


def train_cached_mnrl():
    from sentence_transformers.sentence_transformer.losses import CachedMultipleNegativesRankingLoss

    return train_theirs(CachedMultipleNegativesRankingLoss, 2 * BATCH, repeats=2, mini_batch_size=CHUNK)


def encode_theirs():
    model, texts = their_model(), pairs(load_toy_nq()[2])
    proof = float(np.abs(model.encode(texts[:BATCH])).mean())
    return per_second(lambda: model.encode(texts, batch_size=BATCH, show_progress_bar=False), len(texts), repeats=3), proof
