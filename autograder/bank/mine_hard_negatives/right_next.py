def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = dict(s)
        new.pop("hard_negative", None)
        found = (passages[i] for i in c["topk_indices"])
        usable = (p for p in found if p["id"] != s["gold_context"]["id"] and not has_answer(p["text"], c["answers"]))
        negative = next(usable, None)
        if negative is not None:
            new["hard_negative"] = negative
        mined.append(new)
    return mined
