# mistake: the passage is stored as a new dict of id, title and text: other fields of the knowledge base, such as the domain, are lost. Store the passage itself.
# caught by: the input stays as it is
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {**s}
        new.pop("hard_negative", None)
        pool = (passages[i] for i in c["topk_indices"])
        best = next((p for p in pool if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"])), None)
        if best is not None:
            new["hard_negative"] = dict(id=best["id"], title=best["title"], text=best["text"])
        mined.append(new)
    return mined
