"""Functions that say in a sentence what is wrong with a student's loss: its factor, its gradients, its values at large scores.

`seen` and `expected` are the observations ({key: value}, see core) of the student's loss and of the reference solution.
"""

import numpy as np

from dpr_course.checks.findings import agree


def about_scale(seen, expected, probes=("plain", "real", "wide", "far")):
    """Return a sentence if the loss is right for small scores, but wrong for larger ones or for scores far apart; "" otherwise.

    The losses are under the keys `<probe>.loss`. `probes` names four probes: small scores; scores near 256 or -256 (in the
    first two batches, all questions have the same sign); gold scores 20 to 60 below the best; gold scores hundreds below the
    best.
    """
    off = {p: ~np.isclose(seen[f"{p}.loss"], expected[f"{p}.loss"], rtol=1e-4) for p in probes}
    small, real, _, far = probes
    if off[small].any() or not any(o.any() for o in off.values()):
        return ""
    if off[real][:2].any():
        return (
            "The loss is right for small scores, but not where all of them are near 256 or -256. A number that is added to all "
            "scores of a question must not change the loss: does exp overflow, or is a score limited or rounded?"
        )
    if off[real].any():
        return (
            "The loss is right where all questions have scores of one size, but not where those of one question lie hundreds above "
            "those of another: is one maximum subtracted for all? Each row needs its own."
        )
    if not np.isfinite(seen[f"{far}.loss"]).all():
        return (
            "The loss is infinite or NaN where the gold passage scores hundreds less than the best one: its probability becomes 0, "
            "and the logarithm of 0 is infinite. Take softmax and logarithm in one step: cross_entropy, log_softmax or logsumexp."
        )
    return (
        "The loss is right where scores lie close together, but not where the gold passage scores far less than the best one: is a "
        "small number added before the logarithm, or a probability or a score limited?"
    )


def about_size(seen, expected, key):
    """Return a sentence if all numbers under `key` are the right ones times N, B, B / N, 1 / N or 1 / B; "" otherwise.

    B is the number of questions and N the number of passages of a batch, as recorded under `<probe>.rows`.
    """
    have, want = np.asarray(seen[key], float), np.asarray(expected[key], float)
    if have.shape != want.shape or len(have) != len(seen[f"{key.split('.')[0]}.rows"]):
        return ""
    B, N = np.asarray(seen[f"{key.split('.')[0]}.rows"], float).T
    name = "num_correct" if key.endswith("correct") else "The loss"
    for words, ratio in (("B", B), ("1 / B", 1 / B), ("B / N", B / N), ("1 / N", 1 / N), ("N", N)):
        if len(np.unique(ratio)) > 1 and np.allclose(have, want * ratio, rtol=1e-4):
            return f"{name} is {words} times what it must be, with B questions and N passages."
    return ""


def about_gradient(seen, expected, probe):
    """Return a sentence on what is wrong with the gradients of a loss, `<probe>.dX` and `<probe>.dY`; "" if nothing is."""
    if not seen[f"{probe}.tensor"]:
        return "The loss is a number, not a tensor: nothing can be learned from it."
    if not seen[f"{probe}.training"]:
        return "The model is switched to eval() by the loss. Leave the choice of mode to the caller."
    for key, name in ((f"{probe}.dX", "the questions"), (f"{probe}.dY", "the passages")):
        have, want = seen[key], expected[key]
        if not np.any(have):
            return f"No gradient reaches the vectors of {name}: is something detached, under no_grad, or turned into numbers?"
        if have.shape == want.shape and (silent := want.any(1) & ~have.any(1)).any():
            return f"No gradient reaches {silent.sum()} of the vectors of {name}, although they take part in the loss."
    return ""


def about_weights(seen, expected, probe, f, given):
    """Return a sentence if the loss is a weighted sum of the two directions with weights other than 1 - f and f; "" otherwise.

    `given` is how the sentence begins, such as "With f = 0".
    """

    def values(x, p):
        return np.array([float(x[f"{p}.loss"]), *np.ravel(x[f"{p}.real"])[:2], *np.ravel(x[f"{p}.copies"])])

    have, parts = values(seen, probe), np.stack([values(expected, p) for p in ("forward", "backward")], axis=1)
    weights = np.linalg.lstsq(parts, have, rcond=None)[0]
    if not np.isfinite(have).all() or not agree(parts @ weights, have) or np.allclose(weights, (1 - f, f), atol=1e-3):
        return ""
    return (
        f"{given}, the loss is {weights[0]:.4g} times question to passage plus {weights[1]:.4g} times passage to question: the weights "
        f"must be {1 - f:.4g} and {f:.4g}."
    )
