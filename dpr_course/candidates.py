"""Candidates, the result of a search: one dict per question, with its best passages in order."""

import math


def make_candidates(samples, passages, topk_indices, topk_values):
    """Make the candidates from the indices and scores that a search has found.

    topk_indices, topk_values: (N, k), row i belongs to samples[i], best first; an index points into
    `passages`. Tensors, arrays or lists. Returns a list of dicts with question, answers, gold_id,
    gold_title, topk_ids, topk_titles, topk_indices, topk_values. Raises ValueError if a value is NaN or infinite: such a
    passage has no rank, and a search may have put it first.
    """
    candidates = []
    for sample, indices, values in zip(samples, topk_indices, topk_values, strict=True):
        indices, values = [int(i) for i in indices], [float(v) for v in values]
        if not all(map(math.isfinite, values)):
            raise ValueError(f"question {sample['question']!r}: a score is not a finite number. Do the vectors hold NaN?")
        candidates.append(
            {
                "question": sample["question"],
                "answers": sample["answers"],
                "gold_id": sample["gold_context"]["id"],
                "gold_title": sample["gold_context"]["title"],
                "topk_ids": [passages[i]["id"] for i in indices],
                "topk_titles": [passages[i]["title"] for i in indices],
                "topk_indices": indices,
                "topk_values": values,
            }
        )
    return candidates
