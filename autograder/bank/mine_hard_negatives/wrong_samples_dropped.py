# mistake: samples without a usable candidate are left out. They are still good training questions: keep them.
# caught by: nothing left
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                mined.append({**s, "hard_negative": p})
                break
    return mined
