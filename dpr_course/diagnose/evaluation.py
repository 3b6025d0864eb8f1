"""Measures the evaluation: compares reported and recomputed R@k, stored and recomputed vectors, and examines ids and hits."""

import torch

from dpr_course.diagnose.leak import MOST_TEXTS, full_recall, measure_choice
from dpr_course.pipeline.evaluate import accuracy


def measure_evaluation(sample):
    """Return the measures of the evaluation, as a dict with these keys:

    recomputed   {k: R@k in percent} with the run's own vectors, on all questions and passages. None if computing it would take
                 more than a minute or more than MOST_TEXTS texts, if there is nothing to compare it with, or if the vectors
                 are made by functions of the evaluation and not by the model
    reported     {k: R@k in percent} that the run reported
    ids, choice  what `measure_ids` and `measure_choice` return
    index, hits  what `measure_index` and `measure_hits` return; absent if the case has no stored vectors, or no hits
    """
    case = sample.case
    few = len(case.validation) + len(case.passages) <= MOST_TEXTS and sample.encoding.case.given is None
    known = {p["id"] for p in case.passages}
    samples = [s for s in case.validation if s["gold_context"]["id"] in known]
    if not sample.encoding.encoded:  # nothing was measured before
        sample.encoding.vectors("passage", sample.passages[:48])
    speed = sample.encoding.encoded / max(1e-9, sample.encoding.seconds)  # texts per second
    wanted = case.reported or (case.history is not None and case.history.epochs)
    few = few and wanted and (len(samples) + len(case.passages)) / max(1e-9, speed) < 60
    recomputed = full_recall(case, sample.encoding, samples, case.passages) if few else None
    found = {"recomputed": recomputed, "reported": case.reported, "ids": measure_ids(case)}
    if case.vectors is not None:
        found["index"] = measure_index(sample)
    if case.hits is not None:
        found["hits"] = measure_hits(case)
    return found | {"choice": measure_choice(case, sample.encoding, recomputed)}


def measure_ids(case):
    """Return {"passages": n, "questions": m}: n passages have an earlier passage's id, m questions an earlier question's."""
    passages, questions = [p["id"] for p in case.passages], [s["id"] for s in case.validation if "id" in s]
    return {"passages": len(passages) - len(set(passages)), "questions": len(questions) - len(set(questions))}


def measure_index(sample, most=64):
    """Compare at most `most` stored passage vectors with recomputed ones. Return a dict with these keys:

    rows        number of vectors compared; if it is 0, the only other key is "missing"
    missing     number of ids in the index that no passage has
    difference  median of the vectors' relative distances; None if the dimensions differ. A relative distance is the distance
                of a stored vector from the recomputed one, divided by the median distance of a vector from the mean of all
    share       share of the vectors with a relative distance above 0.1; 1 if the dimensions differ
    dimensions  [d of the stored vectors, d of the recomputed ones]; only there if the two differ
    """
    case, by_id = sample.case, {p["id"]: p for p in sample.case.passages}
    rows = [i for i, key in enumerate(case.vectors.ids) if key in by_id]
    chosen = rows[:: max(1, len(rows) // most)][:most]
    missing = len(case.vectors.ids) - len(rows)
    if not chosen:
        return {"rows": 0, "missing": missing}
    Y = sample.encoding.vectors("passage", [by_id[case.vectors.ids[i]] for i in chosen])  # (n, d)
    stored = torch.as_tensor(case.vectors.embeddings[chosen]).float()  # (n, d)
    if stored.shape != Y.shape:
        return {
            "rows": len(chosen),
            "missing": missing,
            "dimensions": [stored.shape[1], Y.shape[1]],
            "difference": None,
            "share": 1.0,
        }
    far = (stored - Y).norm(dim=1) / (Y - Y.mean(0)).norm(dim=1).median().clamp(min=1e-12)  # (n,)
    return {"rows": len(chosen), "missing": missing, "difference": float(far.median()), "share": float((far > 0.1).float().mean())}


def measure_hits(case):
    """Return measures of the hits, the search results that were evaluated, as a dict with these keys:

    questions   number of questions with hits
    missing     number of questions without hits
    depth       number of hits of the question with the fewest hits; questions without hits do not count
    twice       share of the questions, among those with hits, whose hits hold the same passage id more than once
    recall      {k: R@k in percent} of the hits as they are
    distinct    {k: R@k in percent} after repetitions of a passage id are removed from each question's hits
    """
    rows = [(s, [d for d, _ in case.hits.get(s["id"], [])]) for s in case.validation]
    there = [(s, ids) for s, ids in rows if ids]
    ks = sorted({1, 5, 10, 20, 100, *(case.reported or {})})
    rank = lambda ids, gold: ids.index(gold) + 1 if gold in ids else None  # noqa: E731
    return {
        "questions": len(there), "missing": len(rows) - len(there), "depth": min((len(ids) for _, ids in there), default=0),
        "twice": sum(len(set(ids)) < len(ids) for _, ids in there) / max(1, len(there)),
        "recall": accuracy([rank(ids, s["gold_context"]["id"]) for s, ids in rows], ks),
        "distinct": accuracy([rank(list(dict.fromkeys(ids)), s["gold_context"]["id"]) for s, ids in rows], ks),
    }  # fmt: skip
