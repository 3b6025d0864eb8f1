"""A small dual encoder for tests of large batches. Its dropout masks are recorded and can be used again."""

import torch
from torch import nn

from dpr_course.checks.fixtures import generator, padded_ids

VOCABULARY, D = 80, 6


class TinySide(nn.Module):
    """One encoder: the masked sum of token vectors, tanh, dropout, a linear map.

    Dropout masks that are drawn under `torch.no_grad` are kept in `seen`, {tuple of the text's token ids: mask}. If `replay` is
    True, they are used again.
    """

    def __init__(self, dropout):
        super().__init__()
        self.table, self.out = nn.Embedding(VOCABULARY, D), nn.Linear(D, D)
        self.dropout, self.seen, self.replay = dropout, {}, False

    def forward(self, ids, mask):
        H = torch.tanh((self.table(ids) * mask.unsqueeze(-1)).sum(1))  # (B, d)
        keys = [tuple(row[m.bool()].tolist()) for row, m in zip(ids, mask)]
        if self.replay:
            keep = torch.stack([self.seen[k] for k in keys])
        else:
            keep = torch.empty_like(H).bernoulli_(1 - self.dropout)
            if not torch.is_grad_enabled():
                self.seen.update(zip(keys, keep))
        return self.out(H * keep / (1 - self.dropout))


class TinyDual(nn.Module):
    def __init__(self, tied=False, dropout=0.0, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.query_encoder = TinySide(dropout)
        self.passage_encoder = self.query_encoder if tied else TinySide(dropout)

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = None if Q is None else self.query_encoder(Q, Q_mask)
        return X, None if P is None else self.passage_encoder(P, P_mask)

    def gradients(self):
        return {name: p.grad.clone() for name, p in self.named_parameters()}


def tiny_batch(seed, B, with_negative=(), longest=7):
    """Return a random batch (Q, Q_mask, P, P_mask, labels) of B questions. No two of its texts are equal.

    Texts have 2 to `longest` tokens. with_negative: the indices of the questions that bring a hard negative.
    """
    rng, labels, N = generator(seed), [], 0
    for i in range(B):
        labels.append(N)
        N += 2 if i in with_negative else 1
    lengths = rng.integers(2, longest + 1, B + N).tolist()
    Q, Q_mask = padded_ids(rng, lengths[:B], VOCABULARY)
    P, P_mask = padded_ids(rng, lengths[B:], VOCABULARY)
    Q[:, 1], P[:, 1] = torch.arange(5, 5 + B), torch.arange(5 + B, 5 + B + N)
    return Q, Q_mask, P, P_mask, torch.tensor(labels)


def distance(a, b):
    """Return the largest difference between two dicts of gradients, divided by the largest gradient in `b`."""
    assert a.keys() == b.keys()
    a, b = ({k: v.detach() for k, v in values.items()} for values in (a, b))
    scale = max(g.abs().max() for g in b.values())
    return float(max((a[k] - b[k]).abs().max() for k in a) / scale)
