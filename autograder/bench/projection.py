"""Projections of a cost to more passages than were measured, and what they are worth: each is first tried on the largest size measured.

A cost is given as {N: cost}, measured at several numbers N of passages.
"""

import math

import numpy as np

WIKIPEDIA = 21_015_324  # passages of 100 words in DPR's Wikipedia of December 2018


def linear(measured, n):
    """Return the cost of n passages if it grows as N, from the largest size that was measured."""
    last = max(measured)
    return measured[last] * n / last


def sorting(measured, n):
    """Return the cost of n passages if it grows as N log N, from the largest size that was measured."""
    last = max(measured)
    return measured[last] * n * math.log(n) / (last * math.log(last))


def logarithmic(measured, n):
    """Return the cost of n passages if it is a + b log N, with a and b by least squares. Needs two sizes."""
    b, a = np.polyfit(np.log(list(measured)), list(measured.values()), 1)
    return float(a + b * math.log(n))


def power(measured, n):
    """Return the cost of n passages if it grows as N to a power, through the two largest sizes. Needs two sizes."""
    (size, cost), (last, most) = sorted(measured.items())[-2:]
    return most * (n / last) ** (math.log(most / cost) / math.log(last / size))


def projected(law, measured, n=WIKIPEDIA):
    """Project a cost, and try the same law on the largest size that was measured, from the smaller ones.

    law: one of the functions above

    Returns {"n", "cost"; "tried_at", "tried", "measured"}: the cost of n passages, the largest size, and its cost as projected from
    the smaller ones and as measured. What the law cannot give is None, since too few sizes were measured.
    """
    least, last = 2 if law in (logarithmic, power) else 1, max(measured)
    smaller = {size: cost for size, cost in measured.items() if size < last}
    return {
        "n": n,
        "cost": law(measured, n) if len(measured) >= least else None,
        "tried_at": last,
        "tried": law(smaller, last) if len(smaller) >= least else None,
        "measured": measured[last],
    }
