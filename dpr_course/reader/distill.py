"""The batch and two losses that train a retriever on a reader's scores of passages (Izacard and Grave 2021)."""

import math

import torch
import torch.nn.functional as F


def ranked(samples, scores):
    """Return copies of the samples in which every passage in "ctxs" has got a "score", and the passages are sorted, best first.

    Row i of `scores` (N, n) holds the scores of sample i's passages, in their order in "ctxs". Passages after the n-th are left
    out. If a sample has fewer than n passages, the scores at the end of its row are not used.
    """
    out = []
    for sample, row in zip(samples, torch.as_tensor(scores).tolist(), strict=True):
        ctxs = [{**p, "score": score} for p, score in zip(sample["ctxs"], row)]
        out.append({**sample, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    return out


def distillation_loss(model, batch):
    """Return the KL divergence of the retriever from the reader, over each question's own n passages, and num_correct.

    The batch is (Q, Q_mask, P, P_mask, scores). Q and Q_mask are (B, T); P and P_mask are (B·n, T'), with the n passages of
    question 0 first; scores (B, n) are the reader's. The retriever's scores are dot products divided by the square root of the
    vectors' number of dimensions. num_correct is the number of questions for which retriever and reader have the same best
    passage.
    """
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (B·n, d)
    S = (X[:, None] * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))  # (B, n)
    loss = F.kl_div(S.log_softmax(1), scores.softmax(1), reduction="batchmean")
    return loss, (S.argmax(1) == scores.argmax(1)).sum()


def in_batch_distillation_loss(model, batch):
    """Return what `distillation_loss` returns, but over all passages of the batch: other questions' passages are negatives.

    The reader's probability of a negative is 0. A passage of another question that has the same tokens as one of a question's own
    passages is not a negative: it is left out of this question's softmax.
    """
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    (B, n), device = scores.shape, X.device
    S = X @ Y.T / math.sqrt(X.size(1))  # (B, B·n)
    own = torch.eye(B, dtype=torch.bool, device=device).repeat_interleave(n, 1)  # (B, B·n)
    same = (P[:, None] == P[None]).all(2)  # (B·n, B·n): the same tokens
    copies = same.view(B, n, B * n).any(1) & ~own
    T = torch.zeros_like(S).masked_scatter(own, scores.softmax(1).to(S.dtype))
    loss = F.kl_div(S.masked_fill(copies, torch.finfo(S.dtype).min / 2).log_softmax(1), T, reduction="batchmean")
    return loss, (S.argmax(1) == T.argmax(1)).sum()


def tensorize_candidates(samples, tokenizer, max_length=100):
    """Return the batch (Q, Q_mask, P, P_mask, scores) of B samples, each with n scored passages in "ctxs".

    Q and Q_mask are (B, T), P and P_mask (B·n, T'), scores (B, n). A passage is tokenized as the pair of its title and text.
    Scores in the samples may be strings, as in published files. Raises ValueError if the samples have different numbers of
    passages, or if a passage has no score.
    """
    n = len(samples[0]["ctxs"])
    for s in samples:
        if len(s["ctxs"]) != n:
            raise ValueError(f"question {s['question']!r} has {len(s['ctxs'])} passages, the first of the batch has {n}")
        if any("score" not in p for p in s["ctxs"]):
            raise ValueError(f'question {s["question"]!r} has a passage without "score": let a reader score it first')
    options = dict(padding=True, truncation=True, max_length=max_length, return_tensors="pt")
    passages = [p for s in samples for p in s["ctxs"]]
    questions = tokenizer([s["question"] for s in samples], **options)
    pairs = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    scores = torch.tensor([[float(p["score"]) for p in s["ctxs"]] for s in samples])
    return questions.input_ids, questions.attention_mask, pairs.input_ids, pairs.attention_mask, scores
