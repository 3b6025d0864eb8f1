"""Measures the weights of both sides: how far each moved in training, whether one did not move, whether both are the same."""

import torch

from dpr_course.diagnose.case import SIDES, is_tied, side_of

STILL = 1e-6  # relative distance below which a tensor has not moved; weight decay alone only shrinks it


def measure_sides(case):
    """Return measures of the two sides, the query encoder and the passage encoder; {} if the model has no parts of these names.

    tied       whether both sides are one module
    shared     whether they are two modules with the same weights
    trainable  {side: share of its weights that take a gradient}
    moved      {side: distance of its weights from those before training, divided by the norm of those before training}
    still      {side: share of its weights that are in tensors that did not move, or only shrank by weight decay}
    layers     {side: {name of a weight matrix: what `moved` is for this matrix alone}}

    "moved", "still" and "layers" are absent if the weights before training are not known.
    """
    a, b = (side_of(case.model, side) for side in SIDES)
    if a is None or b is None:
        return {}
    found = {"tied": is_tied(case.model), "shared": a is not b and _share(a, b)}
    found["trainable"] = {side: _trainable(side_of(case.model, side)) for side in SIDES}
    if case.start is not None:
        pairs = {side: _weights(side_of(case.model, side), side_of(case.start, side)) for side in SIDES}
        found["moved"] = {side: _moved(pair) for side, pair in pairs.items()}
        found["still"] = {side: _still(pair) for side, pair in pairs.items()}
        found["layers"] = {side: {name: _moved([(w, v)]) for name, w, v in _named(case, side)} for side in SIDES}
    return found


def _share(a, b):
    """Return whether two modules hold the same weights, in the same memory or as equal numbers."""
    A, B = dict(a.named_parameters()), dict(b.named_parameters())
    return A.keys() == B.keys() and bool(A) and all(A[n].shape == B[n].shape and torch.equal(A[n], B[n]) for n in A)


def _trainable(module):
    sizes = [(p.numel(), p.requires_grad) for p in module.parameters()]
    return sum(n for n, r in sizes if r) / max(1, sum(n for n, _ in sizes))


def _weights(module, start):
    """Return a list of pairs (now, before), one per tensor of the module; `start` is the module before training.

    The list is empty if names or shapes of the tensors differ.
    """
    A, B = dict(module.named_parameters()), dict(start.named_parameters())
    if A.keys() != B.keys() or any(A[n].shape != B[n].shape for n in A):
        return []
    return [(A[n].detach().cpu().float(), B[n].detach().cpu().float()) for n in A]


def _named(case, side):
    """Yield (name, weights now, weights before training) for each weight matrix of one side, in the order of the model."""
    A, B = (dict(side_of(m, side).named_parameters()) for m in (case.model, case.start))
    for name in A:
        if name in B and A[name].ndim > 1 and A[name].shape == B[name].shape:
            yield name, A[name].detach().cpu().float(), B[name].detach().cpu().float()


def _moved(pairs):
    """Return how far the tensors in `pairs`, (now, before), moved, divided by their norm before; None if `pairs` is empty."""
    if not pairs:
        return None
    far = sum(float((w - v).double().square().sum()) for w, v in pairs)
    return (far / max(1e-30, sum(float(v.double().square().sum()) for _, v in pairs))) ** 0.5


def _still(pairs):
    """Return the share of weights in tensors that stayed equal, except for a common factor; None if `pairs` is empty.

    Weight decay without a gradient multiplies all numbers of a tensor by a common factor.
    """
    if not pairs:
        return None
    fixed = 0
    for w, v in pairs:
        factor = float((w * v).sum() / v.square().sum().clamp(min=1e-30))
        if float((w - factor * v).norm()) <= STILL * float(v.norm()) + 1e-9 and 0.5 < factor < 1.0 + 1e-6:
            fixed += w.numel()
    return fixed / max(1, sum(w.numel() for w, _ in pairs))
