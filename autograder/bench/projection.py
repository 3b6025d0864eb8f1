"""Projects costs to more passages than were measured. A law says how the cost grows, such as "proportional to N".

A law is also tried, to show how good it is: the cost at the largest measured size is projected from the costs at the smaller
sizes. A size is a number N of passages. In this file, `measured` is always {N: cost}, the costs at the measured sizes.
"""

import math

import numpy as np

WIKIPEDIA = 21_015_324  # number of passages of 100 words in DPR's Wikipedia of December 2018


def linear(measured, n):
    """Return the cost of n passages, projected from the largest measured size. The cost is assumed to grow as N."""
    last = max(measured)
    return measured[last] * n / last


def sorting(measured, n):
    """Return the cost of n passages, projected from the largest measured size. The cost is assumed to grow as N log N."""
    last = max(measured)
    return measured[last] * n * math.log(n) / (last * math.log(last))


def logarithmic(measured, n):
    """Return the cost of n passages, assumed to be a + b log N. a and b are fitted by least squares to all sizes (two or more)."""
    b, a = np.polyfit(np.log(list(measured)), list(measured.values()), 1)
    return float(a + b * math.log(n))


def power(measured, n):
    """Return the cost of n passages, assumed to grow as a power of N. The two largest measured sizes determine the power."""
    (size, cost), (last, most) = sorted(measured.items())[-2:]
    return most * (n / last) ** (math.log(most / cost) / math.log(last / size))


def projected(law, measured, n=WIKIPEDIA):
    """Project a cost to n passages by `law`, one of the functions above, and try the law. Returns a dict:

    n         the given number of passages
    cost      projected cost of n passages
    tried_at  the largest measured size
    tried     cost at the size `tried_at`, as projected from the smaller sizes
    measured  cost at the size `tried_at`, as measured

    "cost" or "tried" is None if there are too few measured sizes for the law.
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
