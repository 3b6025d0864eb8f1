def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for i, sample in enumerate(samples):
        ranked = [passages[j] for j in candidates[i]["topk_indices"]]
        usable = [p for p in ranked if not (p["id"] == sample["gold_context"]["id"] or has_answer(p["text"], sample["answers"]))]
        sample = sample.copy()
        sample.pop("hard_negative", 0)
        mined.append(sample | {"hard_negative": usable[0]} if usable else sample)
    return mined
