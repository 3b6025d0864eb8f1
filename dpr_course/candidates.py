"""Makes candidates, the course's form of a search result: one dict per question, with the question's best passages in order."""

import math


def make_candidates(samples, passages, topk_indices, topk_values):
    """Return the candidates of a search, a list with one dict per sample.

    topk_indices  (N, k) positions in `passages` of the passages found, best first; row i belongs to samples[i]
    topk_values   (N, k) scores of these passages

    Both may be tensors, arrays or lists. The keys of each dict are question, answers, gold_id, gold_title, topk_ids,
    topk_titles, topk_indices and topk_values. Raises ValueError if a score is NaN or infinite, since a passage with such
    a score has no rank.
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
