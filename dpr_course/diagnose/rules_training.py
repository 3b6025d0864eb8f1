"""Rules about the training: labels, learning rate, scale of the scores, and shape of the vectors."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.advice import finding, sure
from dpr_course.diagnose.fits import exactly, fits, proved
from dpr_course.diagnose.rules_texts import better, looked_at, repeated


def whole(part):
    """Return the {"loss", "accuracy"} recomputed with the declared settings. `part` is "start" or "end" of `measure_replay`."""
    return part["chunks"][max(part["chunks"], key=int)]


def labels(m):
    c, loss, replay, fit = m.get("collate", {}), m.get("loss", {}), m.get("replay", {}), fits(m)
    if c and c["labels"] < t.LABELS:
        told = f"P[labels] is the gold passage for {100 * c['labels']:.0f} % of the questions" + (
            "; the labels are 0, 1, 2, ..." if c["in_order"] else ""
        )
        return finding("wrong-labels", 0.99, told, f"{c['questions']} samples", c)
    if loss.get("follows") in ("order", "reverse"):
        told = (
            "the loss takes 0, 1, 2, ... as labels"
            if loss["follows"] == "order"
            else "the loss lets passages choose among questions"
        )
        return finding("wrong-labels", 0.97, told, "one made-up batch", loss)
    if proved(m, "in order"):
        return finding("wrong-labels", 0.99, f"with the labels 0, 1, 2, ... {repeated(m)}", "the first batch", m["first step"])
    if not fit or "end" not in replay:
        return _nothing_learned(m)
    end, own = replay["end"], whole(replay["end"])
    wrong, recorded = min((n for n in fit if n.startswith(("in order", "any"))), key=fit.get, default=None), end["recorded"]
    missing = 1 - recorded["accuracy"] / own["accuracy"] if recorded["accuracy"] is not None and own["accuracy"] > 0.05 else 0
    told = (
        f"the last steps recorded a loss of {recorded['loss']:.2f} and {100 * (recorded['accuracy'] or 0):.0f} % right; with the right "
        f"labels the same weights give {own['loss']:.2f} and {100 * own['accuracy']:.0f} %"
    )
    if "start" in replay:
        told += f". The first steps recorded {replay['start']['recorded']['loss']:.2f}; right labels give {whole(replay['start'])['loss']:.2f}"
    data = f"{replay.get('start', {}).get('texts', 0) + end['texts']} texts of the first and last batches"
    scale = fit.get("cosine", 1e9) < fit["declared"] - t.EVIDENCE
    if missing > t.MISSING and recorded["loss"] > 1.15 * own["loss"] + 0.1 and not scale:
        return finding("wrong-labels", sure(missing, t.MISSING, 0.7), told, data, {"missing": missing})
    if wrong and fit[wrong] < fit["declared"] - t.EVIDENCE and fit[wrong] <= min(fit.values()) + 1 and missing >= 0:
        return finding("wrong-labels", sure(fit["declared"] - fit[wrong], t.EVIDENCE, 40), told, data, {"fits": fit})
    return _nothing_learned(m)


def _nothing_learned(m):
    """Return a Finding if the weights moved as far as in a healthy run, but the loss is still that of guessing; else None."""
    k, moved = m.get("training", {}), [v for v in m.get("sides", {}).get("moved", {}).values() if v is not None]
    if not (moved and k.get("chance") and k["finite"] and min(moved) > t.MOVED_LOW and max(moved) < t.MOVED_HIGH):
        return None
    right = (k["last_accuracy"] or 0) * k["passages"]  # 1 for guessing
    if (
        k["last"] < t.LEARNED * k["chance"]
        or right > t.GUESSED
        or k["passages"] <= t.FEW_SURE
        or m.get("ways", {}).get("r1", 0) > t.FINDS
    ):
        return None
    told = (
        f"the weights moved by {100 * max(moved):.1f} % of their length, but at the end the loss is {k['last']:.2f}, and guessing gives "
        f"{k['chance']:.2f}: what the labels ask for cannot be learned from the texts"
    )
    return finding("wrong-labels", 0.6, told, f"{k['steps']} steps, all weights", {"last": k["last"], "chance": k["chance"]})


def rate(m):
    """Return a Finding if the learning rate was too high or too low, else None."""
    k, g, s = m.get("training", {}), m.get("geometry", {}), m.get("sides", {})
    moved = max((v for v in s.get("moved", {}).values() if v is not None), default=None)
    if not g.get("finite", True) or not k.get("finite", True):
        return finding(
            "learning-rate-high", 0.99, "the loss or the vectors are not finite", f"{k.get('steps', 0)} steps", {"finite": False}
        )
    if not k:
        return _without_history(m, moved)
    chance, data = k["chance"] or k["first"], f"{k['steps']} steps"
    learned = 1 - k["last"] / max(1e-9, min(k["first"], 2 * chance))  # share by which the loss has fallen
    jump = k["highest"] / max(1e-9, k["first"])
    went = f"the loss went from {k['first']:.2f} over {k['highest']:.2f} to {k['last']:.2f}; knowing nothing gives {chance:.2f}"
    if moved is not None and moved > t.MOVED_HIGH and (learned < 0.8 or jump > 1.3):
        told = f"the weights moved by {100 * moved:.0f} % of their length, and {went}"
        return finding(
            "learning-rate-high", sure(moved, t.MOVED_HIGH, 2 * t.MOVED_HIGH), told, data, {"moved": moved, "learned": learned}
        )
    passages, right = k["passages"] or 0, k["last_accuracy"]
    wrong = right is None or right < (1 + 1 / max(1, passages)) / 2  # the share of right questions is nearer to guessing than to 1
    if jump > t.JUMP and learned < 0.5 and wrong and (moved is None or moved > t.MOVED_HIGH / 3):
        return finding("learning-rate-high", sure(jump, t.JUMP, 4), went, data, {"jump": jump})
    fall = 1 - k["last"] / max(1e-9, k["first"])
    if fall < t.FALL_LOW and (moved < t.MOVED_LOW if moved is not None else (k["travel"] or 1) < t.TRAVEL_LOW):
        return _low(m, moved, fall)
    return None


def _without_history(m, moved):
    if moved is not None and moved < t.MOVED_LOW / 4:
        return _low(m, moved, None)
    if moved is not None and moved > 2 * t.MOVED_HIGH and m.get("ways", {}).get("r1", 100) < t.FINDS:
        told = f"the weights moved by {100 * moved:.0f} % of their length, and R@1 is {m['ways']['r1']:.1f}"
        return finding("learning-rate-high", sure(moved, 2 * t.MOVED_HIGH, 4 * t.MOVED_HIGH), told, "all weights", {"moved": moved})
    return None


def _low(m, moved, fall):
    k = m.get("training", {})
    told = (
        f"the learning rates add up to {k['travel']:.1g}"
        if moved is None
        else f"the weights moved by {100 * moved:.2f} % of their length"
    )
    if fall is not None:
        told += f", and the loss fell by {100 * fall:.0f} %, from {k['first']:.2f} to {k['last']:.2f}, in {k['steps']} steps"
    if k.get("highest_rate"):
        told += f" with a largest rate of {k['highest_rate']:.1g}"
    confidence = 0.95 if moved is None or moved < t.MOVED_LOW / 2 else 0.8
    return finding("learning-rate-low", confidence, told, f"{k.get('steps', 0)} steps, all weights", {"moved": moved, "fall": fall})


def scale(m):
    loss, k, fit = m.get("loss", {}), m.get("training", {}), fits(m)
    T, data = loss.get("temperature"), f"{k.get('steps', 0)} steps"
    if T is not None and not (0.008 <= T <= 0.4 if loss["normalised"] else 0.05 <= T <= 64):
        told = f"the loss takes {'cosines' if loss['normalised'] else 'dot products'} divided by {T:g}"
        return finding("wrong-scale", 0.97, told, "one made-up batch", loss)
    if fit and fit.get("cosine", 1e9) < fit["declared"] - 2 * t.EVIDENCE and fit["cosine"] <= min(fit.values()) + 1:
        told = "cosines without a scale give the recorded losses of the first and last steps, and the scores as declared do not"
        return finding("wrong-scale", sure(fit["declared"] - fit["cosine"], 2 * t.EVIDENCE, 40), told, data, {"fits": fit})
    if proved(m, "cosine"):
        return finding("wrong-scale", 0.99, f"with cosines without a scale {repeated(m)}", "the first batch", m["first step"])
    divisor = min((n for n in fit if n.startswith("divide ")), key=fit.get, default=None)
    rest = min((v for n, v in fit.items() if not n.startswith("divide ")), default=0)  # the lowest misfit of all other assumptions
    if divisor and fit[divisor] < fit["declared"] - 2 * t.EVIDENCE and fit[divisor] <= max(min(rest + 1, t.FITS), rest - t.FAR):
        told = f"scores divided by {divisor.split()[1]} give the recorded losses of the first and last steps, and the scores as declared do not"
        return finding("wrong-scale", sure(fit["declared"] - fit[divisor], 2 * t.EVIDENCE, 40), told, data, {"fits": fit})
    right, moved = k.get("last_accuracy"), [v for v in m.get("sides", {}).get("moved", {}).values() if v is not None]
    trained = not moved or max(moved) > t.MOVED_LOW  # an untrained model's loss does not show whether its scale is right
    enough = (k.get("passages") or 0) > t.FEW_SURE  # with few passages, one question that is very wrong decides the mean loss
    if trained and enough and right is not None and k.get("chance") and k["finite"] and right > t.RIGHT:
        height = k["last"] / k["chance"]
        told = (
            f"at the end {100 * right:.0f} % of the questions are right, but the loss is {k['last']:.2f}; knowing nothing gives "
            f"{k['chance']:.2f}"
        )
        if height > t.SHARP:
            return finding("wrong-scale", sure(height, t.SHARP, 2 * t.SHARP), told, data, {"accuracy": right, "height": height})
        if height > t.FLAT:
            return finding("wrong-scale", sure(height, t.FLAT, 0.9), told, data, {"accuracy": right, "height": height})
    name, way = better(m, "score cosine")
    if name:
        told = f"R@1 is {m['ways']['r1']:.1f} by dot product, and {way['r1']:.1f} by cosine: the lengths of the vectors decide"
        more = {
            "advice": "Normalise the vectors before the search, as in training.",
            "effect": f"about {way['gain']:.0f} points of R@1",
        }
        return finding("wrong-scale", sure(way["gain"], t.GAIN, t.GAIN_SURE), told, looked_at(m), way, **more)
    return None


def collapse(m):
    g = m.get("geometry", {})
    if "rank" not in g or "ways" not in m:
        return None
    spread, rank = min(g["spread"], g["question_spread"]), min(g["rank"], g["question_rank"])
    mended = better(m, "whitened")[0] or better(m, "questions centred")[0]
    if m["ways"]["r1"] > t.FINDS or rank > t.RANK and (spread > t.SPREAD or mended):
        return None
    told = (
        f"a vector differs from the mean of all by {100 * spread:.2g} % of its length; effective rank {rank:.1f} of {g['dimensions']}; "
        f"R@1 {m['ways']['r1']:.1f}"
    )
    return finding("collapse", max(sure(-spread, -t.SPREAD, -t.SPREAD / 10), sure(-rank, -t.RANK, -1.5)), told, looked_at(m), g)


def other_weights(m):
    """Return whether the run was trained as declared, but the case holds other weights than those at the end of training.

    This is so if two things hold: the loss of the first step, recomputed with the declared settings, is exactly the recorded
    one; and the losses of the last steps, recomputed with the weights of the case, are far from the recorded ones.
    """
    return "declared" in exactly(m) and "end" in m["replay"] and fits(m)["declared"] > t.FITS


def anisotropy(m):
    name, way = max((better(m, w) for w in ("questions centred", "whitened")), key=lambda f: f[1]["gain"] if f[1] else 0)
    gain, z = (t.CENTRED_OTHER, t.Z) if other_weights(m) else (t.CENTRED, t.CENTRED_Z)
    if name is None or way["gain"] < gain or way["z"] < z:
        return None
    g = m["geometry"]
    told = (
        f"subtracting the mean vector raises R@1 from {m['ways']['r1']:.1f} to {way['r1']:.1f}; two passages have a cosine of "
        f"{g['cosine']:.2f}, and {g['cosine_centred']:.2f} without the mean"
    )
    return finding("anisotropy", sure(way["gain"], gain, 2 * gain), told, looked_at(m), way)


RULES = (labels, rate, scale, collapse, anisotropy)
