"""Functions that say in a sentence how a wrong result differs from the right one. The `finding` methods of the checks use them.

Each sentence must be true of the student's result. A function returns "" if it has nothing to say.
"""

import numpy as np

from dpr_course.checks.compare import TOLERANCE


def agree(a, b):
    """Return whether the arrays `a` and `b` have the same shape and are equal up to the tolerance of the checks.

    The result is False if `a` has a value that is not finite.
    """
    if a.shape != b.shape or not np.isfinite(a).all():
        return False
    return not a.size or bool((np.abs(a - b) <= TOLERANCE * max(np.abs(b).max(), 1e-12)).all())


def numbers(have, want, name):
    """Return a sentence on what is wrong with the array `have` as a whole, compared with `want`; "" if there is nothing to say.

    The sentence is about shape, infinite values, a common factor, or order. `name` is what the student calls the numbers, with
    its article, such as "the loss".
    """
    have, want = np.asarray(have, dtype=float), np.asarray(want, dtype=float)
    Name = name[0].upper() + name[1:]
    if have.shape != want.shape:
        if have.size == want.size and agree(have.ravel(), want.ravel()):
            return f"The numbers are right, but the shape of {name} is {have.shape}: it must be {want.shape}."
        if have.ndim == 2 and agree(have.T, want):
            return f"{Name} is transposed: its shape is {have.shape} and must be {want.shape}."
        return f"The shape of {name} is {have.shape}: it must be {want.shape}."
    if not np.isfinite(have[np.isfinite(want)]).all():
        return f"{Name} has values that are infinite or not a number (NaN)."
    if have.size < 3 or agree(have, want):
        return ""
    if not have.any():
        return f"{Name} is 0 everywhere."
    return _scaled(have, want, name) or _moved(have, want, name)


def _scaled(have, want, name):
    """Return a sentence if `have` is a multiple of `want`, or each row of `have` a multiple of that row of `want`; else ""."""
    factor = (have * want).sum() / max((want * want).sum(), 1e-12)
    if agree(have, factor * want) and len(np.unique(want)) > 1:
        if abs(factor + 1) < TOLERANCE:
            return f"The sign of {name} is wrong everywhere."
        return f"All of {name} is {factor:.4g} times what it must be: a factor is missing or too many."
    if have.ndim == 2 and have.shape[1] > 2:
        lengths = np.linalg.norm(have, axis=1, keepdims=True), np.linalg.norm(want, axis=1, keepdims=True)
        if min(n.min() for n in lengths) > 0 and agree(have / lengths[0], want / lengths[1]):
            return f"Each row of {name} points the right way, but has another length: something scales it, for example to length 1."
    return ""


def _moved(have, want, name):
    """Return a sentence if `have` is `want` in reverse order, or with its rows in another order; "" otherwise."""
    if len(want) > 1 and agree(have[::-1], want):
        return f"{name[0].upper() + name[1:]} is in reverse order."
    if have.ndim == 2 and agree(have[np.lexsort(have.T)], want[np.lexsort(want.T)]):
        return f"The rows of {name} are right, but they are in another order."
    return ""


def dtype(types, wanted, name):
    """Return a sentence on how a value's type and shape differ from the right ones; "" if they do not.

    `types` and `wanted` are texts such as "torch.int64 (4,)". For a value that is not a tensor, `types` is only the name of its
    type, such as "list".
    """
    (first, _, shape), (right, _, right_shape) = types.partition(" "), wanted.partition(" ")
    if not shape:
        return f"{name} is of type {types}: it must be a tensor."
    if first != right:
        return f"{name} is a tensor of {first.removeprefix('torch.')}: it must be of {right.removeprefix('torch.')}."
    return "" if shape == right_shape else f"The shape of {name} is {shape}: it must be {right_shape}."


def lines(have, want, name):
    """Return a sentence if `have` has another number of lines than `want`, or the same lines in another order; "" otherwise.

    `have` and `want` are texts, in which each line stands for one row of a tensor. `name` is the tensor's name, such as "Q".
    """
    a, b = have.split("\n"), want.split("\n")
    if len(a) != len(b):
        return f"{name} has {len(a)} rows: it must have {len(b)}."
    return f"The rows of {name} are right, but they are in another order." if sorted(a) == sorted(b) and a != b else ""
