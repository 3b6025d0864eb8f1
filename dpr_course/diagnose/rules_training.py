"""Rules about the training: labels, learning rate, scale, shape of the vectors, sides, size of the batch."""

import math

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.findings import Finding
from dpr_course.diagnose.fits import fits
from dpr_course.diagnose.rules_texts import better, looked_at, sure

def labels(m):
    c, loss = m.get("collate", {}), m.get("loss", {})
    meaning = "The loss pulls questions to passages that do not answer them."
    advice = "Let labels[i] be the row of question i's gold passage: with a hard negative for each question 0, 2, 4, ..., not 0, 1, 2, ..."
    effect = "training that learns; R@1 of a healthy run"
    if c and c["labels"] < 0.95:
        told = f"P[labels] is the gold passage for {100 * c['labels']:.0f} % of the questions" + ("; the labels are 0, 1, 2, ..." if c["in_order"] else "")
        return Finding("wrong-labels", 0.99, told, f"{c['questions']} samples", meaning, advice, effect, c)
    if loss.get("follows") in ("order", "reverse"):
        told = "the loss takes 0, 1, 2, ... as labels" if loss["follows"] == "order" else "the loss lets passages choose among questions"
        return Finding("wrong-labels", 0.97, told, "one made-up batch", meaning, advice, effect, loss)
    replay, fit = m.get("replay", {}), fits(m)
    if not fit or "end" not in replay:
        return None
    end, wrong = replay["end"], min((n for n in fit if n.startswith(("in order", "any"))), key=fit.get, default=None)
    own = end["chunks"][max(end["chunks"], key=int)]
    recorded = end["recorded"]
    missing = 1 - recorded["accuracy"] / own["accuracy"] if recorded["accuracy"] is not None and own["accuracy"] > 0.05 else 0
    told = (
        f"the last steps recorded a loss of {recorded['loss']:.2f} and {100 * (recorded['accuracy'] or 0):.0f} % right; with the right labels the "
        f"same weights give {own['loss']:.2f} and {100 * own['accuracy']:.0f} %"
    )
    if "start" in replay:
        s = replay["start"]
        told += f". The first steps recorded {s['recorded']['loss']:.2f}; right labels give {s['chunks'][max(s['chunks'], key=int)]['loss']:.2f}"
    data = f"{replay.get('start', {}).get('texts', 0) + end['texts']} texts of the first and last batches"
    scale = fit.get("cosine", 1e9) < fit["declared"] - t.EVIDENCE
    if missing > t.MISSING and recorded["loss"] > 1.15 * own["loss"] + 0.1 and not scale:
        return Finding("wrong-labels", sure(missing, t.MISSING, 0.7), told, data, meaning, advice, effect, {"missing": missing})
    if wrong and fit[wrong] < fit["declared"] - t.EVIDENCE and fit[wrong] <= min(fit.values()) + 1 and missing > 0:
        return Finding("wrong-labels", sure(fit["declared"] - fit[wrong], t.EVIDENCE, 40), told, data, meaning, advice, effect, {"fits": fit})
    return None


def rate(m):
    """Learning rate too high or too low."""
    k, g, s = m.get("training", {}), m.get("geometry", {}), m.get("sides", {})
    moved = max((v for v in s.get("moved", {}).values() if v is not None), default=None)
    if not k:
        if moved is not None and moved < t.MOVED_LOW / 4:
            return _low(m, moved, None)
        return None
    chance = k["chance"] or k["first"]
    data = f"{k['steps']} steps"
    if not k["finite"] or not g.get("finite", True):
        return Finding("learning-rate-high", 0.99, "the loss or the vectors are not finite", data, HIGH, LOWER, "training that converges", {"finite": False})
    learned = 1 - k["last"] / max(1e-9, min(k["first"], 2 * chance))  # share of the loss that is gone
    jump = k["highest"] / max(1e-9, k["first"])
    if moved is not None and moved > t.MOVED_HIGH and (learned < 0.8 or jump > 1.3):
        told = f"the weights moved by {100 * moved:.0f} % of their length, and the loss went from {k['first']:.2f} over {k['highest']:.2f} to {k['last']:.2f}"
        return Finding("learning-rate-high", sure(moved, t.MOVED_HIGH, 0.4), told, data, HIGH, LOWER, "training that converges; R@1 of a healthy run", {"moved": moved, "learned": learned})
    if jump > 1.6 and learned < 0.5 and (moved is None or moved > t.MOVED_HIGH / 3):
        told = f"the loss rose from {k['first']:.2f} to {k['highest']:.2f} and ended at {k['last']:.2f}; knowing nothing gives {chance:.2f}"
        return Finding("learning-rate-high", sure(jump, 1.6, 4), told, data, HIGH, LOWER, "training that converges; R@1 of a healthy run", {"jump": jump})
    fall = 1 - k["last"] / max(1e-9, k["first"])
    if fall < t.FALL_LOW and (moved < t.MOVED_LOW if moved is not None else (k["travel"] or 1) < 2e-4):
        return _low(m, moved, fall)
    return None


HIGH = "The steps are so large that they destroy what the encoder knew."
LOWER = "Lower the learning rate by a factor of 10, and warm up; then raise it until the loss stops falling faster."


def _low(m, moved, fall):
    k = m.get("training", {})
    told = f"the weights moved by {100 * moved:.2f} % of their length" if moved is not None else f"the learning rates add up to {k['travel']:.1g}"
    if fall is not None:
        told += f", and the loss fell by {100 * fall:.0f} %, from {k['first']:.2f} to {k['last']:.2f}, in {k['steps']} steps"
    top = k.get("highest_rate")
    advice = (f"Raise the learning rate (it was {top:.1g} at most) by a factor of 10 or more" if top else "Raise the learning rate") + ", or train for more steps."
    confidence = 0.95 if moved is None or moved < t.MOVED_LOW / 2 else 0.8
    return Finding("learning-rate-low", confidence, told, f"{k.get('steps', 0)} steps, all weights", "The model is nearly the untrained encoder.", advice, "a loss that falls; R@1 of a healthy run", {"moved": moved, "fall": fall})


def scale(m):
    loss, k = m.get("loss", {}), m.get("training", {})
    advice = "Divide cosines by a temperature of 0.02 to 0.1, or use dot products of vectors as they are."
    flat = "Cosines lie between -1 and 1: without a scale the softmax is nearly even, all negatives get the same small pull, and the loss cannot fall."
    sharp = "The scores are so large that the softmax sees one passage only: the loss is a few large numbers, and most negatives get no pull."
    effect = "a loss that falls with the accuracy, and more R@1"
    T = loss.get("temperature")
    if loss.get("normalised") and T is not None and not 0.008 <= T <= 0.4 or T is not None and not 0.05 <= T <= 64:
        told = f"the loss takes {'cosines' if loss['normalised'] else 'dot products'} divided by {T:g}"
        return Finding("wrong-scale", 0.97, told, "one made-up batch", flat if T > 0.3 else sharp, advice, effect, loss)
    fit = fits(m)
    if fit and fit.get("cosine", 1e9) < fit["declared"] - 2 * t.EVIDENCE and fit["cosine"] <= min(fit.values()):
        told = "cosines without a scale give the recorded losses of the first and last steps, and the scores as declared do not"
        return Finding("wrong-scale", sure(fit["declared"] - fit["cosine"], 2 * t.EVIDENCE, 40), told, f"{k['steps']} steps", flat, advice, effect, {"fits": fit})
    right = k.get("last_accuracy")
    if right is not None and k.get("chance") and k["finite"]:
        if right > 0.35 and k["last"] > 0.65 * k["chance"] and k["last"] < 1.3 * k["chance"]:
            told = f"at the end {100 * right:.0f} % of the questions are right, but the loss is {k['last']:.2f}; knowing nothing gives {k['chance']:.2f}"
            return Finding("wrong-scale", sure(k["last"] / k["chance"], 0.65, 0.9), told, f"{k['steps']} steps", flat, advice, effect, {"accuracy": right, "loss": k["last"]})
        if right > 0.35 and k["last"] > 1.3 * k["chance"]:
            told = f"at the end {100 * right:.0f} % of the questions are right, but the loss is {k['last']:.2f}, above the {k['chance']:.2f} of knowing nothing"
            return Finding("wrong-scale", sure(k["last"] / k["chance"], 1.3, 3), told, f"{k['steps']} steps", sharp, advice, effect, {"accuracy": right, "loss": k["last"]})
    name, way = better(m, "score cosine")
    if name:
        told = f"R@1 is {m['ways']['r1']:.1f} by dot product and {way['r1']:.1f} by cosine"
        return Finding("wrong-scale", sure(way["gain"], t.GAIN, t.GAIN_SURE), told, looked_at(m), "The lengths of the vectors decide, which training by cosine does not control.", "Normalise the vectors before the search, as in training.", f"about {way['gain']:.0f} points of R@1", way)
    return None


def collapse(m):
    g = m.get("geometry", {})
    if not g.get("finite", True) or "rank" not in g:
        return None
    spread, rank = min(g["spread"], g["question_spread"]), min(g["rank"], g["question_rank"])
    mended = better(m, "whitened")[0] or better(m, "questions centred")[0]
    if m["ways"]["r1"] > t.FINDS or rank > t.RANK and (spread > t.SPREAD or mended):
        return None
    told = f"a vector differs from the mean of all by {100 * spread:.2g} % of its length; effective rank {rank:.1f} of {g['dimensions']}; R@1 {m['ways']['r1']:.1f}"
    confidence = max(sure(-spread, -t.SPREAD, -t.SPREAD / 10), sure(-rank, -t.RANK, -1.5))
    return Finding("collapse", confidence, told, looked_at(m), "All texts get nearly the same vector, or vectors on a line: this is no mere common direction, which taking out the mean would mend.", "Lower the learning rate, check labels and loss, and make sure that negatives push.", "vectors that differ; R@1 of a healthy run", g)


def anisotropy(m):
    name, way = max((better(m, w) for w in ("questions centred", "whitened")), key=lambda f: f[1]["gain"] if f[1] else 0)
    if name is None:
        return None
    g = m["geometry"]
    told = f"taking out the mean vector raises R@1 from {m['ways']['r1']:.1f} to {way['r1']:.1f}; two passages have a cosine of {g['cosine']:.2f}, and {g['cosine_centred']:.2f} without the mean"
    return Finding("anisotropy", sure(way["gain"], t.GAIN, t.GAIN_SURE), told, looked_at(m), "All vectors share a direction, and passages that lie far along it win for every question.", "Subtract the mean of the questions' and of the passages' vectors before the search, or train longer.", f"about {way['gain']:.0f} points of R@1", way)


RULES = (labels, rate, scale, collapse, anisotropy)
