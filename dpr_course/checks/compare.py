"""Compares a student's observation with the expected one: finds the difference, the known mistake behind it, and the advice.

An observation is what a check recorded about a solution: {key: array, number or string}, see core. A known mistake is a dict
with the "name", the "message" and the "observation" of a wrong solution.
"""

import numpy as np

from dpr_course.checks.own_work import SHIPPED

TOLERANCE = 1e-4  # relative to the largest absolute value of the expected array
NEAR = 0.01  # a smaller relative difference is reported as a lack of precision
NOT_SOLVED = "NotImplementedError"


def first_problem(observation, expected, keys):
    """Return the most informative difference between two observations at `keys` as (kind, detail), or None if they agree.

    The most informative kind is "unsolved", then "shipped" (a finished solution was used), then "error", then any other: see
    `difference`.
    """
    telling = ("unsolved", "shipped", "error")
    found = [d for d in (difference(observation, expected, key) for key in keys) if d]
    return min(found, key=lambda d: telling.index(d[0]) if d[0] in telling else len(telling), default=None)


def noted(observation, expected, keys):
    """Return the first note (a sentence, see Observation.note) on a wrong value at one of `keys`; "" if there is none."""
    notes = (observation[f"{k}.note"] for k in keys if f"{k}.note" in observation and difference(observation, expected, k))
    return str(next(notes, ""))


def explain(problem, hint, known, note="", finding=""):
    """Return the text that the student reads about a failed test.

    problem  (kind, detail), see `difference`
    hint     the hint of the test; it is shown if nothing more exact is known about the failure, and after a note
    known    the known mistake that explains the failure, or None; if there is one, its message replaces note and finding
    note     sentence that the check kept about the result, or ""; if there is one, it replaces the finding
    finding  sentences that `Check.finding` returned, or ""
    """
    kind, detail = problem
    if kind == "unsolved":
        return "Not solved yet: write your code in the exercise cell, run it, then run this check again."
    if kind == "shipped":
        return detail
    advice = f"This is what you get if {known['message']}" if known else finding or hint
    if kind == "error":
        return f"Your code stopped with {detail}. {advice}"
    if known:
        return advice
    if note:
        return f"{note} {hint}"
    if kind == "near":
        return f"Nearly right, but not exact ({detail}): is something rounded, or computed in half precision? If not: {hint}"
    if finding:
        return finding
    return f"{hint} ({detail})" if detail else hint


def difference(observation, expected, key, tolerance=TOLERANCE):
    """Return None if `observation[key]` agrees with `expected[key]`, and otherwise (kind, detail).

    `kind` is "unsolved", "shipped" (a finished solution was used), "error", "missing", "shape", "near" (wrong by less than 1 %)
    or "value". `detail` is text for the student, possibly empty, that never holds an expected value.
    """
    if key not in observation:
        error = observation.get(error_key(key))
        if error == NOT_SOLVED:
            return "unsolved", ""
        if error and error.startswith(SHIPPED):
            return "shipped", error
        return ("error", error) if error else ("missing", "nothing was returned: is there a return statement?")
    have, want = observation[key], expected[key]
    if isinstance(want, str) or isinstance(have, str):
        return None if isinstance(have, str) and isinstance(want, str) and have == want else ("value", "")
    have, want = np.asarray(have), np.asarray(want)
    if have.shape != want.shape:
        return "shape", f"the shape is {have.shape}"
    if want.size == 0:
        return None
    if want.dtype.kind in "biu":
        return None if np.array_equal(have, want) else ("value", "")
    if not np.isfinite(have[np.isfinite(want)]).all():
        return "value", "some values are not finite"
    finite = np.isfinite(want)
    if not np.array_equal(have[~finite], want[~finite], equal_nan=True):
        return "value", ""
    scale = max(np.abs(want[finite]).max() if finite.any() else 0.0, 1e-12)
    gap = np.abs(have[finite].astype(float) - want[finite]) / scale
    if not (gap > tolerance).any():
        return None
    if gap.max() < NEAR:
        return "near", f"off by {gap.max():.2%}"
    return "value", pattern(have[finite], want[finite]) or (
        "" if want.size == 1 else f"{(gap > tolerance).sum()} of {gap.size} values are off"
    )


def pattern(have, want):
    """Return a text on the one error that all numbers share, such as "all values are 3 times too large"; "" if there is none.

    `have` and `want` are flat arrays of finite numbers, the student's and the expected ones. If fewer than three numbers of
    `want` are clearly different from 0, the result is "". The text holds no expected value.
    """
    have, scale = have.astype(float), np.abs(want).max(initial=1e-12)
    telling = np.abs(want) > NEAR * scale
    if telling.sum() < 3:
        return ""
    if not have.any():
        return "all values are 0"
    times = float(np.median(have[telling] / want[telling]))
    if np.abs(have - times * want).max() <= TOLERANCE * scale * max(1.0, abs(times)):
        n = round(times if abs(times) > 1 else 1 / times) if times else 0
        if abs(times + 1) < TOLERANCE:
            return "all values have the wrong sign"
        if n > 1 and min(abs(times / n - 1), abs(times * n - 1)) < TOLERANCE:
            return f"all values are {n} times too {'large' if times > 1 else 'small'}"
        return "all values are wrong by the same factor"
    if np.ptp(have - want) <= TOLERANCE * scale:
        return f"all values are too {'large' if have.sum() > want.sum() else 'small'} by the same number"
    if np.ptp(want) > NEAR * scale and np.abs(np.sort(have) - np.sort(want)).max() <= TOLERANCE * scale:
        return "the right values, but at other positions"
    return ""


def error_key(key):
    """Return the key of the error that stopped the probe which records `key`: "plain.error" for the key "plain.loss"."""
    return f"{key.split('.')[0]}.error"


def same(observation, other, key):
    """Return whether two observations agree on `key`: they have the same value or, if neither has one, the same error.

    The error is the one that stopped the probe which records `key`.
    """
    if key in observation and key in other:
        return difference(observation, other, key) is None
    errors = [what(o.get(error_key(key), "")) for o in (observation, other)]
    return key not in observation and key not in other and errors[0] == errors[1]


def what(error):
    """Return `error`, the text that `describe_error` made of an exception, without the line of code at its end."""
    return error.split(" (at `")[0]


def recognise(observation, expected, mistakes, keys):
    """Return the known mistake, one of `mistakes`, that explains the student's wrong values at `keys`; None if none does.

    A mistake explains them if two things hold. Its observation equals the student's at every wrong key of `keys`. And at every
    key of the exercise where the mistake's observation differs from the expected one, the student's equals the mistake's. If
    several mistakes explain the values, the one that agrees with the student at the most keys of the exercise is returned. If
    several agree at equally many keys and have different messages, None is returned.
    """
    wrong = [k for k in keys if difference(observation, expected, k)]
    shown = []
    for m in mistakes:
        seen = m["observation"]
        if all(same(observation, seen, k) for k in wrong) and all(
            same(observation, seen, k) for k in expected if difference(seen, expected, k)
        ):
            shown.append((sum(same(observation, seen, k) for k in expected), m))
    best = [m for n, m in shown if n == max(n for n, _ in shown)]
    return best[0] if len({m["message"] for m in best}) == 1 else None
