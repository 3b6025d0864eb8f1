"""Rules about false negatives: mined gold passages, negatives that hold an answer, gold passages that are in a batch twice."""

from dpr_course.diagnose import thresholds as t
from dpr_course.diagnose.advice import finding, sure


def mined(m):
    k, found = m.get("mined", {}), []
    if not k:
        return found
    data = f"{k['negatives']} negatives"
    if k["golds"] >= t.MINED_GOLDS and k["golds"] * k["negatives"] >= 2:
        told = f"{100 * k['golds']:.1f} % of the hard negatives are the question's gold passage, by id or nearly word for word"
        found.append(finding("mined-golds", max(0.8, sure(k["golds"], t.MINED_GOLDS, 0.2)), told, data, k))
    if k["bearing"] >= t.MINED_BEARING or k["also"] >= t.MINED_BEARING:
        told = f"{100 * k['bearing']:.1f} % of the hard negatives hold an answer, and are not the gold"
        found.append(finding("answer-bearing-negatives", max(0.75, sure(k["bearing"], t.MINED_BEARING, 0.3)), told, data, k))
    return found


def in_batch(m):
    b, found = m.get("batches", {}), []
    if not b:
        return found
    many = b["bearing_questions"] >= t.BEARING and b["bearing"] > t.BEARING_RATIO * b["chance"] and b["duplicates"] < t.DUPLICATES
    if many and m.get("mined", {}).get("bearing", 0) < t.MINED_BEARING:
        told = (
            f"{100 * b['bearing_questions']:.0f} % of the questions have their answer in another passage of the batch: "
            f"{100 * b['bearing']:.1f} % of the pairs, against {100 * b['chance']:.1f} % of pairs with any passage"
        )
        more = {"advice": "Mask passages that hold an answer, or do not put questions on one subject into one batch."}
        confidence = sure(b["bearing_questions"], t.BEARING, 0.8)
        found.append(
            finding("answer-bearing-negatives", confidence, told, f"{b['questions']} questions in random batches", b, **more)
        )
    if b["duplicates"] >= t.DUPLICATES:
        told = f"{100 * b['duplicates']:.0f} % of the questions have a copy of their gold in the batch, {100 * b['exact']:.0f} % word for word"
        masked = m["about"]["masks_copies"] or m.get("loss", {}).get("copies")
        more = {
            "meaning": "This loss leaves out exact copies, so that a question has fewer negatives; other copies count as wrong."
        }
        data = f"{b['questions']} questions in random batches of {b['batch_size']}"
        confidence = sure(b["duplicates"], t.DUPLICATES, t.DUPLICATES_SURE)
        found.append(finding("duplicate-golds", confidence, told, data, b, **(more if masked else {})))
    return found


RULES = (mined, in_batch)
