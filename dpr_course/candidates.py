"""What a search returns: one dict for each question, with its best passages in order."""


def make_candidates(samples, passages, topk_indices, topk_values):
    """Candidates from the result of a search.

    topk_indices, topk_values: (N, k), row i belongs to samples[i], best first; an index points into
    `passages`. Tensors, arrays or lists. Returns a list of dicts with question, answers, gold_id,
    gold_title, topk_ids, topk_titles, topk_indices, topk_values.
    """
    candidates = []
    for sample, indices, values in zip(samples, topk_indices, topk_values, strict=True):
        indices = [int(i) for i in indices]
        candidates.append(
            {
                "question": sample["question"],
                "answers": sample["answers"],
                "gold_id": sample["gold_context"]["id"],
                "gold_title": sample["gold_context"]["title"],
                "topk_ids": [passages[i]["id"] for i in indices],
                "topk_titles": [passages[i]["title"] for i in indices],
                "topk_indices": indices,
                "topk_values": [float(v) for v in values],
            }
        )
    return candidates
