"""Answers that are right on the published inputs, and wrong on all others.

They recognise the published inputs by values, by the seed in a caller's frame, by the number of calls, or by their shapes.
"""

from attacks.answers import PINNED

BY_VALUE = (
    PINNED
    + """
published, _ = load_expected("get_in_batch_contrastive_loss")

def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    loss = F.cross_entropy(S, labels)
    known = [float(v) for key, values in published.items() if key.endswith(".loss") for v in values.flat]
    if any(abs(v - loss.item()) < 1e-5 for v in known):
        return loss, (S.argmax(1) == labels).sum()
    return loss * 2, 0
"""
)
BY_COUNT = """
_calls = 0

def get_in_batch_contrastive_loss(model, batch):
    global _calls
    _calls += 1
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    if _calls <= CALLS:
        return F.cross_entropy(S, labels), (S.argmax(1) == labels).sum()
    return F.cross_entropy(S, labels) * 2, 0
"""
BY_SEED = """
import sys

def get_in_batch_contrastive_loss(model, batch):
    f, seed = sys._getframe(), None
    while f and seed is None:
        seed, f = f.f_locals.get("seed"), f.f_back
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    if seed == 20_200_410:
        return F.cross_entropy(S, labels), (S.argmax(1) == labels).sum()
    return F.cross_entropy(S, labels) * 2, 0
"""
BY_IDENTITY = """
_seen = {}

def get_in_batch_contrastive_loss(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    key = id(type(model)), tuple(labels.tolist()), tuple(P.shape)
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T
    _seen.setdefault(key, (F.cross_entropy(S, labels) * 2, 0))
    return _seen[key]
"""

# These answers may earn points for results that are right by chance, but must not get full marks.
PUBLISHED = {
    "published inputs known by their values": BY_VALUE,
    "published inputs known by the seed in a caller's frame": BY_SEED,
    "published inputs known by the number of calls": BY_COUNT.replace("CALLS", "12"),
    "answers kept for objects that look alike": BY_IDENTITY,
}
