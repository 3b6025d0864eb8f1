"""Does the benchmark's tasks by simple means: training with a plain loop, and search with FAISS and with torch.topk."""

import torch

from autograder.bench.same_work import BATCH, MAX_LENGTH, Loop, distinct_samples, per_second, random_vectors
from dpr_course.encoders import load_encoder, load_tokenizer


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


def search_faiss():
    import faiss

    X, Y = random_vectors()
    index = faiss.IndexFlatIP(Y.shape[1])
    index.add(Y)
    return per_second(lambda: index.search(X, 100), len(X), repeats=20), float(index.search(X, 100)[0].mean())


def search_topk():
    X, Y = map(torch.from_numpy, random_vectors())

    def step():
        return torch.topk(X @ Y.T, 100, dim=1).values

    return per_second(step, len(X), repeats=20), step().mean().item()
