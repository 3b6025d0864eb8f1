"""Computes the misfit of each assumption about the training: how far its recomputed losses are from the recorded ones."""

import math

from dpr_course.diagnose import thresholds as t

NOISE = {"start": 0.1, "end": 0.25}  # standard deviation of the logarithm of a recomputed loss
SMALL = {"start": 0.05, "end": 0.2}  # added to both losses: about as much as one more wrong question adds to a batch's loss
NOISE_RIGHT = 0.15  # standard deviation of a recomputed share of right questions
WORST = 100.0  # largest misfit at the start, at the end, or of the first step


def fits(m):
    """Return {assumption: misfit} for all assumptions about how the run was trained; {} if no loss could be recomputed.

    `m` is the dict that `measure` returned. A misfit compares two recomputed numbers with the recorded ones: the logarithm of
    the loss, and the share of the questions whose gold passage scores highest. Their deviations, in units of their noise, are
    squared and added up over the start and the end of training. A misfit of 0 is a perfect fit. The assumptions are:

    declared    the run was trained as its settings say
    8           (or another number) only this number of questions shares a softmax, not the whole batch
    in order    the labels are 0, 1, 2, ..., although hard negatives lie between the gold passages
    in order S  the same, but only in the share S of the batches, such as "in order 0.5"
    any         the labels are drawn at random
    any S       the same, but only in the share S of the batches
    cosine      the scores are cosines, without a temperature
    divide T    the scores are divided by the number T in addition to the declared temperature
    way NAME    texts become vectors by the Way of this name, see `ways_of`

    If one or more assumptions give the recorded loss of the first step exactly, WORST is added to the misfits of the other
    assumptions that were tried on that step, and to the misfit of every "divide T".
    """
    total, parts, first = {}, m.get("replay", {}), m.get("first step", {})
    if exactly(m) and first["travel"] > t.TRAVEL_START:
        # The later steps did not have the untrained weights.
        parts = {when: part for when, part in parts.items() if when != "start"}
    for when, part in parts.items():
        recorded = part["recorded"]["loss"]
        if not math.isfinite(recorded) or recorded < 0:
            return {}
        largest = max(part["chunks"], key=int)
        named = {n: v for n, v in part["chunks"].items() if n != largest}
        named |= {n: part[n] for n in ("in order", "any", "cosine") if n in part}
        named |= {n: v for n, v in part.items() if n.startswith("divide ")}
        named |= {f"way {n}": v for n, v in part.get("ways", {}).items()} | {"declared": part["chunks"][largest]}
        for wrong in ("in order", "any"):  # labels that are wrong in a share of the batches
            if wrong in part:
                for share in (0.25, 0.5, 0.75):
                    mixed = {k: (1 - share) * named["declared"][k] + share * part[wrong][k] for k in ("loss", "accuracy")}
                    named[f"{wrong} {share}"] = mixed
        for name, value in named.items():
            total.setdefault(name, {})[when] = _misfit(part["recorded"], value, when)
    if exact := exactly(m):
        for name in total.keys() & (first["tried"].keys() | {n for n in total if n.startswith("divide ")}):
            total[name]["first"] = 0 if name in exact else WORST
    own = total.get("declared", {})
    return {name: sum(values.get(when, own[when]) for when in own) for name, values in total.items()}


def exactly(m):
    """Return the list of assumptions that give the recorded loss of the first step exactly, see `measure_first_step`.

    The list is empty if no assumption does, or if the first step was not measured.
    """
    return m.get("first step", {}).get("exact", [])


def proved(m, assumption):
    """Return whether the first step proves `assumption`, which gives the recorded loss exactly while "declared" does not."""
    exact = exactly(m)
    return assumption in exact and "declared" not in exact


def _misfit(recorded, value, when):
    """Return how badly the recomputed numbers `value` fit the recorded ones, both {"loss", "accuracy"}. 0 is a perfect fit.

    `when` is "start" or "end" and decides how much noise is assumed.
    """
    if not math.isfinite(value["loss"]):
        return WORST
    off = math.log((recorded["loss"] + SMALL[when]) / (value["loss"] + SMALL[when])) / NOISE[when]
    right = 0 if recorded["accuracy"] is None else (recorded["accuracy"] - value["accuracy"]) / NOISE_RIGHT
    return min(off * off + right * right, WORST)


def contradicted(m, way):
    """Return whether the recorded losses show that the run was not trained with the Way named `way`.

    A Way is one choice of how texts become vectors, see `ways_of`.
    """
    fit = fits(m)
    if (exact := exactly(m)) and f"way {way}" in m["first step"]["tried"]:
        return f"way {way}" not in exact
    return f"way {way}" in fit and fit[f"way {way}"] > fit["declared"] + t.EVIDENCE / 2


def supported(m, way):
    """Return whether the recorded losses show that the run was trained with the Way named `way`, and not as the case declares.

    A Way is one choice of how texts become vectors, see `ways_of`.
    """
    if exactly(m):
        return proved(m, f"way {way}")
    fit = fits(m)
    own = fit.get(f"way {way}")
    return own is not None and own < fit["declared"] - 2 * t.EVIDENCE and own <= min(fit.values()) + 2
