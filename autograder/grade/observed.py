"""Shortens the wrong values that a check observed in a student's answer, so that the result can hold them.

The entry "observed" of an exercise's result is {key of the observation: value}. It holds only the keys whose values on the
published inputs are wrong. A value is one of these:

    text                                           a returned text, or an error without the line where it occurred
    {"shape": [2, 3], "values": "1 0.25 nan ..."}  an array: its shape and at most MOST of its numbers, taken at even distances and
                                                   rounded to the place of the largest number's fourth digit

Two answers with the same mistake have the same values, whatever their code. Results that were written before the course recorded
values lack this entry.
"""

import numpy as np

from dpr_course.checks.compare import TOLERANCE, difference, error_key, what

MOST = 48  # maximum number of numbers kept of an array
TEXT = 200  # maximum number of characters kept of a text
CLOSE = 10 * TOLERANCE  # relative tolerance: the rounded values of two machines may differ in the last digit


def observed(check, observation, expected):
    """Return the shortened values of `observation` that differ from `expected`: {key: value}, as in the module's docstring."""
    wrong = [t for t in check.tests if any(difference(observation, expected, k) for k in t.keys)]
    keys = dict.fromkeys(k for t in wrong for k in t.keys if difference(observation, expected, k))
    return {key: kept(observation[key]) if key in observation else _error(observation, key) for key in keys}


def _error(observation, key):
    return what(observation.get(error_key(key), ""))[:TEXT] or "nothing was returned"


def kept(value):
    """Return an observed value in its shortened form: a str, or {"shape": ..., "values": ...}."""
    if isinstance(value, str):
        return value[:TEXT]
    array = np.asarray(value, dtype=float)
    flat = (
        array.ravel()[np.unique(np.linspace(0, array.size - 1, min(MOST, array.size)).astype(int))] if array.size else array.ravel()
    )
    finite = np.abs(flat[np.isfinite(flat)])
    unit = 10.0 ** (np.floor(np.log10(finite.max())) - 3) if finite.size and finite.max() > 1e-290 else 1e-293
    return {"shape": list(array.shape), "values": " ".join(f"{np.round(v / unit) * unit:.4g}" for v in flat)}


def alike(a, b):
    """Return whether two dicts that `observed` returned have the same keys and, apart from rounding, the same values."""
    return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)


def _same(a, b):
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    if a == b:
        return True
    if a["shape"] != b["shape"]:
        return False
    x, y = (np.array([float(v) for v in kept["values"].split()]) for kept in (a, b))
    finite = np.isfinite(x) & np.isfinite(y)
    if not np.array_equal(x[~finite], y[~finite], equal_nan=True):
        return False
    scale = max(np.abs(x[finite]).max(initial=0.0), np.abs(y[finite]).max(initial=0.0), 1e-12)
    return bool((np.abs(x[finite] - y[finite]) <= CLOSE * scale).all())
