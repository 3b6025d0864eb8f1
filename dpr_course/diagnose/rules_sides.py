"""Rules about the two sides (query encoder and passage encoder) and about the size of the batch."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.advice import finding, sure
from dpr_course.diagnose.fits import fits, proved
from dpr_course.diagnose.rules_texts import repeated


def frozen(m):
    s = m.get("sides", {})
    if not s or s["tied"] or s["shared"]:
        return None
    still, moved = s.get("still", {}), s.get("moved", {})
    shares = {side: max(still.get(side) or 0, 1 - s["trainable"][side]) for side in s["trainable"]}
    side, other = sorted(shares, key=lambda n: (-shares[n], moved.get(n) or 0))
    far = moved.get(other) or 0
    slow = moved.get(side) is not None and far > t.MOVED_LOW / 2 and moved[side] < min(t.STILL_RATIO * far, t.SLOW)
    if not (shares[side] > t.STILL and shares[other] < shares[side] - 0.3 or slow):
        return None
    told = f"{100 * shares[side]:.0f} % of the weights of the {side.replace('_', ' ')} did not move"
    if far:
        told += f"; it moved by {100 * (moved.get(side) or 0):.2f} % of its length, the other side by {100 * far:.2f} %"
    return finding("frozen-side", 0.97 if shares[side] > t.STILL else 0.85, told, "all weights", {"still": shares, "moved": moved})


def shared(m):
    s = m.get("sides", {})
    if not s or not (s["shared"] or s["tied"] and m["about"].get("meant_tied") is False):
        return None
    told = "the two sides have the same weights" + (
        ", although they are different modules" if s["shared"] else ", although the run should have two encoders"
    )
    return finding("shared-encoders", 0.97, told, "all weights", {"tied": s["tied"], "shared": s["shared"]})


def real_batch(m):
    """Return a tuple if the questions that share a softmax are fewer than the declared batch size, else None.

    The tuple is (number of questions that share a softmax, how it was measured, on what data, confidence).
    """
    k, loss, declared, fit = m.get("training", {}), m.get("loss", {}), m["about"]["batch_size"], fits(m)
    if loss.get("chunk") and loss["chunk"] < 16:
        return (
            loss["chunk"],
            f"the loss compares a question with the passages of {loss['chunk']} questions only",
            "one made-up batch",
            0.97,
        )
    if not declared:
        return None
    if k.get("per_epoch") and k["per_epoch"] < declared / 1.8:
        told = f"a step has {k['per_epoch']:.0f} questions, but the batch is said to have {declared}"
        return max(1, round(k["per_epoch"])), told, f"{k['steps']} steps", 0.95
    chunks = {n: v for n, v in fit.items() if n.isdigit()}
    best = min(chunks, key=chunks.get, default=None)
    if exact := next((n for n in chunks if proved(m, n)), None):
        return int(exact), f"{exact} questions at a time: {repeated(m)}", "the first batch", 0.99
    if (
        not best
        or int(best) > declared / 1.9
        or chunks[best] > fit["declared"] - t.EVIDENCE
        or chunks[best] > min(min(fit.values()) + 2, t.FITS)
    ):
        return None
    part = m["replay"].get("start") or m["replay"]["end"]
    largest = max(part["chunks"], key=int)
    told = (
        f"the first steps recorded a loss of {part['recorded']['loss']:.2f}; {declared} questions at once give "
        f"{part['chunks'][largest]['loss']:.2f}, and {best} at a time {part['chunks'][best]['loss']:.2f}"
    )
    return int(best), told, f"{part['texts']} texts of the first batches", sure(fit["declared"] - chunks[best], t.EVIDENCE, 40)


def batch(m):
    """Return a list of Findings of two faults: gradient accumulation mistaken for a larger batch, and too few negatives."""
    found, declared, passages = [], m["about"]["batch_size"], m.get("training", {}).get("passages")
    real = real_batch(m)
    meets = passages
    if real:
        found.append(finding("accumulation", real[3], real[1], real[2], {"real": real[0], "declared": declared}))
        meets = real[0] * (passages / declared if passages and declared else 1)
    if meets and meets <= t.FEW:
        told = f"a question is compared with {meets:.0f} passages of a batch, its gold included"
        confidence = sure(-meets, -t.FEW - 0.5, -t.FEW_SURE)
        found.append(finding("few-negatives", confidence, told, f"{m['about']['train']} samples", {"passages": meets}))
    return found


RULES = (frozen, shared, batch)
