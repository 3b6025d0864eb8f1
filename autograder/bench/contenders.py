"""The contenders of the benchmark: the same work, done by this course and by others. Each is run in a process of its own:

    python -m autograder.bench.contenders TASK CONTENDER

prints one line of JSON: units of work a second, peak memory in MB, and a number that proves that the work was the same.
"""

import json
import resource
import sys
import time

import numpy as np
import torch

from dpr_course.data import load_toy_nq
from dpr_course.encoders import load_encoder, load_tokenizer
from dpr_course.runtime import quiet, set_seed

BATCH, MAX_LENGTH, LR, CHUNK = 64, 100, 1e-5, 32
TASKS = {
    "train": "training, steps/s (64 questions, 128 passages)",
    "train cached": "training with gradient cache, steps/s (128 questions, 256 passages)",
    "encode": "encoding, passages/s (1,500 passages)",
    "search": "exact search, queries/s (1,000 in 100,000 vectors, d = 256, k = 100)",
}
CONTENDERS = {}


def contender(task, name):
    def add(function):
        CONTENDERS.setdefault(task, {})[name] = function
        return function

    return add


def per_second(step, units, repeats, warmup=1):
    """Units a second, by the median of `repeats` calls."""
    times = []
    for _ in range(warmup + repeats):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return units / float(np.median(times[warmup:]))


def distinct_samples():
    """192 training samples with a hard negative, no passage in two of them: then no contender sees a false negative."""
    samples = list({s["gold_context"]["id"]: s for s in load_toy_nq()[0]}.values())
    return [{**s, "hard_negative": other["gold_context"]} for s, other in zip(samples[: 3 * BATCH], samples[3 * BATCH :])]


class Loop:
    """One step of training, as far as it is the same for all: AdamW on matrices and vectors, clipping, linear schedule."""

    def __init__(self, model):
        from dpr_course.train import adamw, linear_schedule

        self.model, self.optimizer = model, adamw(model, LR, 0.01)
        self.schedule = linear_schedule(self.optimizer, 1000)

    def step(self, backward):
        self.model.train()
        self.optimizer.zero_grad(set_to_none=True)
        backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()


# --- this course


def own_batch():
    from dpr_course.pipeline.features import make_features
    from dpr_course.pipeline.retriever import Retriever

    model = Retriever.from_pretrained("toy", tied=True, max_length=MAX_LENGTH)
    return model, make_features(distinct_samples(), model.tokenizer, MAX_LENGTH)[0]


@contender("train", "dpr-course")
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


@contender("train cached", "dpr-course")
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


@contender("encode", "dpr-course")
def encode_own():
    from dpr_course.pipeline.retriever import Retriever

    model, passages = Retriever.from_pretrained("toy", tied=True, max_length=MAX_LENGTH), load_toy_nq()[2]
    proof = model.encode_passages(passages[:BATCH]).abs().mean().item()
    return per_second(lambda: model.encode_passages(passages, BATCH), len(passages), repeats=3), proof


def random_vectors():
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal((n, 256), dtype=np.float32) for n in (1000, 100_000))


@contender("search", "dpr-course")
def search_own():
    from dpr_course.pipeline.search import search

    X, Y = random_vectors()
    return per_second(lambda: search(X, Y, 100), len(X), repeats=20), float(search(X, Y, 100)[0].mean())


# --- sentence-transformers


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
    """Steps a second of one of their losses, each batch tokenized when it is used, as their collator does."""
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


@contender("train", "sentence-transformers")
def train_mnrl():
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    return train_theirs(MultipleNegativesRankingLoss, BATCH, repeats=6)


@contender("train cached", "sentence-transformers")
def train_cached_mnrl():
    from sentence_transformers.sentence_transformer.losses import CachedMultipleNegativesRankingLoss

    return train_theirs(CachedMultipleNegativesRankingLoss, 2 * BATCH, repeats=2, mini_batch_size=CHUNK)


@contender("encode", "sentence-transformers")
def encode_theirs():
    model, texts = their_model(), pairs(load_toy_nq()[2])
    proof = float(np.abs(model.encode(texts[:BATCH])).mean())
    return per_second(lambda: model.encode(texts, batch_size=BATCH, show_progress_bar=False), len(texts), repeats=3), proof


# --- a plain loop, as one writes it first


@contender("train", "plain loop")
def train_plain():
    encoder, tokenizer, samples = load_encoder("toy"), load_tokenizer("toy"), distinct_samples()
    loop, turn = Loop(encoder), iter(range(10**6))

    def vectors(*texts):
        batch = tokenizer(*texts, padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
        return encoder(input_ids=batch.input_ids, attention_mask=batch.attention_mask).last_hidden_state[:, 0]

    def loss():
        start = next(turn) % 3 * BATCH
        batch = samples[start : start + BATCH]
        passages = [p for s in batch for p in (s["gold_context"], s["hard_negative"])]
        X = vectors([s["question"] for s in batch])
        Y = vectors([p["title"] for p in passages], [p["text"] for p in passages])
        return torch.nn.functional.cross_entropy(X @ Y.T, torch.arange(BATCH) * 2)

    proof = loss().item()
    return per_second(lambda: loop.step(lambda: loss().backward()), 1, repeats=6), proof


# --- search by others


@contender("search", "FAISS flat")
def search_faiss():
    import faiss

    X, Y = random_vectors()
    index = faiss.IndexFlatIP(Y.shape[1])
    index.add(Y)
    return per_second(lambda: index.search(X, 100), len(X), repeats=20), float(index.search(X, 100)[0].mean())


@contender("search", "torch.topk, all at once")
def search_topk():
    X, Y = map(torch.from_numpy, random_vectors())

    def step():
        return torch.topk(X @ Y.T, 100, dim=1).values

    return per_second(step, len(X), repeats=20), step().mean().item()


def main():
    quiet()
    set_seed(0)
    rate, proof = CONTENDERS[sys.argv[1]][sys.argv[2]]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rate": rate, "peak_mb": peak, "proof": proof}))


if __name__ == "__main__":
    main()
