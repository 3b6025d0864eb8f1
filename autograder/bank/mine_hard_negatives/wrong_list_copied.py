# mistake: the list is copied but its samples are not, so that the caller's samples are changed. Copy each dict.
# caught by: the input stays as it is
def mine_hard_negatives(samples, candidates, passages):
    mined = list(samples)
    for s, c in zip(mined, candidates):
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
                break
    return mined
