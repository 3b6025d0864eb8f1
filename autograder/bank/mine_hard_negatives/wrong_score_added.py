# mistake: the passage that is stored got a field of its own, such as its score. Store it unchanged.
# caught by: the input stays as it is
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        for index, score in zip(c["topk_indices"], c["topk_values"]):
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = {**p, "score": float(score)}
                break
        mined.append(s)
    return mined
