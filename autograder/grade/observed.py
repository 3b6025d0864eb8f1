"""The values of a wrong answer that a check observed and that failed, or the errors instead of them, small enough for a result.

`observed` of a result is {key: value} for the keys of the tests that fail on the published inputs. A value is a text (what the code
returned as text, or its error without the line), or {"shape": [2, 3], "values": "1 0.25 nan ..."}: at most MOST numbers of an
array, evenly spaced, in four digits of the largest. Two answers with the same mistake have the same values, whatever their code.
Results that were written before values were recorded have no `observed`.
"""

import numpy as np

from dpr_course.checks.compare import TOLERANCE, difference, error_key, what

MOST = 48  # numbers kept of an array
TEXT = 200  # characters kept of a text
CLOSE = 10 * TOLERANCE  # relative; values are rounded when they are kept, so those of two machines may differ in the last digit


def observed(check, observation, expected):
    """Return the values of an observation that differ from the expected ones, a dictionary as described above."""
    wrong = [t for t in check.tests if any(difference(observation, expected, k) for k in t.keys)]
    keys = dict.fromkeys(k for t in wrong for k in t.keys if difference(observation, expected, k))
    return {key: kept(observation[key]) if key in observation else _error(observation, key) for key in keys}


def _error(observation, key):
    return what(observation.get(error_key(key), ""))[:TEXT] or "nothing was returned"


def kept(value):
    """Return a value of an observation as it is kept: text, or shape and numbers."""
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
    """Return whether two `observed` hold the same keys and values, up to rounding."""
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
