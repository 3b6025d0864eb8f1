"""A retriever that needs no training: the vector of a text is the mean of fixed vectors of its words.

It quickly finds gold passages that share words with the question. The tests of `diagnose` use it as a healthy run.
"""

import copy

import torch
from torch import nn

from dpr_course.data import load_toy_nq
from dpr_course.diagnose.case import Case, Settings
from dpr_course.encoders import load_tokenizer


class Bag(nn.Module):
    """One encoder: the weighted mean of the words' vectors, times the matrix `turned` (d, d), plus a bias.

    weights: one per token, low for common tokens. If `heeds` is set to False, the encoder ignores the mask and so reads padding.
    """

    def __init__(self, table, weights, turned, bias=0.0):
        super().__init__()
        self.table, self.weights = nn.Embedding.from_pretrained(table, freeze=False), nn.Parameter(weights)
        self.turned, self.heeds = nn.Parameter(turned), True
        self.bias = nn.Parameter(bias * torch.ones(turned.shape[1]))

    def forward(self, ids, mask):
        m = (mask if self.heeds else torch.ones_like(mask)).unsqueeze(-1).float()  # (B, T, 1)
        w = self.weights[ids].unsqueeze(-1) * m  # (B, T, 1)
        return ((self.table(ids) * w).sum(1) / m.sum(1)) @ self.turned + self.bias  # (B, d)


class BagDual(nn.Module):
    """A dual encoder: one side multiplies mean word vectors by a matrix A, the other by the transposed inverse of A.

    So dot products are those of the mean word vectors. The passage encoder also adds one vector to all passages, which changes no
    ranking. If the two encoders are exchanged, this vector is added to the questions instead, and they find little.
    """

    def __init__(self, vocabulary=10_000, d=256, seed=0, weights=None):
        super().__init__()
        g = torch.Generator().manual_seed(seed)
        table = 0.35 * torch.randn(vocabulary, d, generator=g)  # a scale at which a softmax over the scores fits the data
        weights = torch.ones(vocabulary) if weights is None else weights
        A = torch.diag(torch.logspace(-1, 1, d)) @ torch.linalg.qr(torch.randn(d, d, generator=g))[0]
        self.query_encoder = Bag(table, weights, A)
        self.passage_encoder = Bag(table.clone(), weights.clone(), torch.linalg.inv(A).T.contiguous(), bias=3.0)

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        X = None if Q is None else self.query_encoder(Q, Q_mask)
        return X, None if P is None else self.passage_encoder(P, P_mask)


def idf(tokenizer, passages, size):
    """Return the weights (size,) of the tokens: high for rare tokens, 0 for special ones, and 9 for padding."""
    counts = torch.ones(size)
    texts = [f"{p['title']} {p['text']}" for p in passages]
    for row in tokenizer(texts, add_special_tokens=False, truncation=True, max_length=120).input_ids:
        counts[list(set(row))] += 1
    weights = torch.log(len(passages) / counts).clamp(min=0) ** 1.5
    weights[[i for i in tokenizer.all_special_ids if i is not None]] = 0.0
    weights[tokenizer.pad_token_id] = 9.0  # so that a model that reads padding gives other vectors
    return weights


def bag_case(questions=90, **changes):
    """Return a healthy Case (all that is known of a run): a BagDual on validation questions of the toy, and its initial weights.

    questions: number of questions. changes: fields of the Case to set.
    """
    train, validation, passages = load_toy_nq()
    some, tokenizer = validation[:questions], load_tokenizer()
    golds = {s["gold_context"]["id"] for s in some}
    passages = [p for p in passages if p["id"] in golds] + [p for p in passages if p["id"] not in golds][:questions]
    weights = idf(tokenizer, passages, 10_000)
    model = BagDual(weights=weights)
    start = copy.deepcopy(model)
    with torch.no_grad():
        for p in start.parameters():
            p += 0.05 * p.std() * torch.randn(p.shape, generator=torch.Generator().manual_seed(1))
    case = Case(
        model, tokenizer, train=train[:96], held_out=train[100:130], validation=some, passages=passages, start=start,
        start_tokenizer=tokenizer, settings=Settings(16, False, 1e-3, False), masks_copies=True,
    )  # fmt: skip
    for name, value in changes.items():
        setattr(case, name, value)
    return case
