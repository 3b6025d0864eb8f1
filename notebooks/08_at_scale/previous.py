"""What the earlier stages built, as this stage needs it. Reference versions: read them, use them."""

import numpy as np
import torch
import torch.nn.functional as F
from dpr_course.candidates import make_candidates
from dpr_course.text import has_answer
from dpr_course.track import get_track
from torch import nn


# From stage 01_dual_encoder


track = get_track()  # the toy world, or DPR_TRACK=distilbert


tokenizer = track.load_tokenizer()


class Encoder(nn.Module):
    """Text to vector: a transformer and its [CLS] vector."""

    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        """ids, mask: (B, T). Returns (B, d)."""
        H = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state  # (B, T, d)
        return H[:, 0]  # (B, d)


class DualEncoder(nn.Module):
    """A query encoder and a passage encoder."""

    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        """Q, Q_mask: (B, T) or None. P, P_mask: (N, T') or None. Returns X (B, d) or None, Y (N, d) or None."""
        X = self.query_encoder(Q, Q_mask) if Q is not None else None  # (B, d)
        Y = self.passage_encoder(P, P_mask) if P is not None else None  # (N, d)
        return X, Y


def make_dual_encoder(tie_encoders=False):
    """A new DualEncoder with pre-trained weights on both sides; tied: one encoder serves both."""
    query_encoder = Encoder(track.load_encoder())
    passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)


# From stage 02_collate


MAX_LENGTH = track.max_length  # tokens


def tensorize_contrastive(samples, use_hard_negative=False):
    """Samples to Q (B, T), Q_mask (B, T), P (N, T'), P_mask (N, T'), labels (B,): tensors of int64.

    Masks are 1 on tokens and 0 on padding, which is on the right. The samples are not changed.
    """
    passages, labels = [], []
    for s in samples:
        labels.append(len(passages))
        passages.append(s["gold_context"])
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    questions = tokenizer([s["question"] for s in samples], **options)
    pairs = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return questions.input_ids, questions.attention_mask, pairs.input_ids, pairs.attention_mask, torch.tensor(labels)


# From stage 03_recall_at_k


def get_topk_candidates(X, Y, samples, passages, k):
    """The k best passages of each sample.

    X (B, d): vectors of the samples' questions. Y (N, d): vectors of the passages. Returns `make_candidates(...)`.
    """
    S = X @ Y.T  # (B, N)
    topk_values, topk_indices = torch.topk(S, min(k, len(passages)), dim=1)  # (B, k) each
    return make_candidates(samples, passages, topk_indices, topk_values)


def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    """R@k in percent for each k, and "num_queries". by: "id" or "title"."""
    result = {"num_queries": len(candidates)}
    for k in k_values:
        hits = sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates)
        result[k] = 100 * hits / len(candidates)
    return result


# From stage 04_in_batch_loss


def get_in_batch_contrastive_loss(model, batch):
    """model: DualEncoder. batch: (Q, Q_mask, P, P_mask, labels). Returns loss (scalar tensor), num_correct.

    Scores may be several hundred, positive or negative: the loss must still be finite.
    """
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    loss = F.cross_entropy(S, labels)
    num_correct = (S.argmax(dim=1) == labels).sum()
    return loss, num_correct


def get_masked_contrastive_loss(model, batch):
    """Like get_in_batch_contrastive_loss, but further copies of a question's gold passage are not counted as negatives."""
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(dim=2)  # (B, N)
    copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T).masked_fill(copies, float("-inf"))  # (B, N)
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()


# From stage 05_hard_negatives


def mine_hard_negatives(samples, candidates, passages):
    """Add the key "hard_negative" (a passage) to each sample with a usable candidate. candidates[i] belongs to samples[i].

    Returns new dicts. The inputs are not changed, and the passage is put into the sample unchanged, with all its keys.
    """
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
                break
        mined.append(s)
    return mined


# From stage 06_experiments


def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    """Parameter groups for AdamW. model has query_encoder and passage_encoder, which may share parameters or be one module."""
    groups = {}
    for name, p in model.named_parameters():  # a shared parameter is listed once, under the query encoder
        decay = weight_decay if p.ndim > 1 else 0.0
        rate = learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate
        groups.setdefault((decay, rate), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]


# From stage 07_vector_index


def flatten_features(features):
    """Make a batch from the features of B questions, whose ctx tensors are (B, C, L).

    Returns Q (B, L), Q_mask (B, L), P (C*B, L), P_mask (C*B, L), labels (B,): the row of each question's own positive.
    """
    ids, mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    B, C, L = ids.shape
    labels = torch.arange(B) * C  # (B,)
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    return Q, Q_mask, ids.reshape(B * C, L), mask.reshape(B * C, L), labels


def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    """model: DualEncoder. batch: (Q, Q_mask, P, P_mask, labels). f: weight of the second direction. Returns loss, num_correct."""
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    forward = F.cross_entropy(S, labels)
    backward = F.cross_entropy(S[:, labels].T, torch.arange(len(labels), device=S.device))
    return (1 - f) * forward + f * backward, (S.argmax(dim=1) == labels).sum()


def index_recall(found, exact):
    """found, exact: (B, k) arrays of row numbers, -1 for nothing. Returns the mean percentage of exact that is in found.

    A question for which nothing was found counts as 0. Neither array is changed.
    """
    shares = []
    for a, b in zip(found, exact):
        wanted = set(b.tolist()) - {-1}
        shares.append(len(wanted & set(a.tolist())) / len(wanted))
    return 100 * sum(shares) / len(shares)
