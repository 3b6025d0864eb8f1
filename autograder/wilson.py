"""Computes the 95 % confidence interval of a share, such as 470 of 480, for the tables of audit/ and bench/."""

from math import sqrt


def bounds(k, n):
    """Return the 95 % confidence interval of the share k / n, in percent, as (low, high). If n is 0, return (0, 100).

    It is Wilson's score interval (1927), which is also valid near 0 and 100 %.
    """
    if n == 0:
        return 0.0, 100.0
    z, p = 1.959964, k / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return tuple(100 * max(0.0, min(1.0, (middle + sign * half) / (1 + z * z / n))) for sign in (-1, 1))


def share(k, n):
    """Return the share k / n and its 95 % interval as text, such as "470 of 480: 97.9 % (96.2 to 98.9)"."""
    low, high = bounds(k, n)
    return f"{k} of {n}: {100 * k / max(1, n):.1f} % ({low:.1f} to {high:.1f})"
