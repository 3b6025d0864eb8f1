# mistake: the first candidate is passed over, as if it always were the gold passage. Compare ids: the gold passage may stand anywhere.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {k: v for k, v in s.items() if k != "hard_negative"}
        for index in c["topk_indices"][1:]:  # rank 0 is the gold
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
