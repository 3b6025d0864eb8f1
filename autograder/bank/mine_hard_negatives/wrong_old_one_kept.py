# mistake: a sample without a usable candidate keeps the negative of an earlier round. Remove it.
# caught by: nothing left
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = dict(s)
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
