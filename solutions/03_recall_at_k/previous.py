"""What the earlier stages built, as this stage needs it. Reference versions: read them, use them."""

import torch
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
