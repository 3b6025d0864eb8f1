# mistake: a sample without a usable candidate gets the first passage of the knowledge base. It should get no negative.
# caught by: nothing left
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        negative = passages[0]
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                negative = p
                break
        mined.append({**s, "hard_negative": negative})
    return mined
