# mistake: the last usable candidate is taken, which is the easiest. The hardest stands first: stop there.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
        mined.append(new)
    return mined
