def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: s[key] for key in s if key != "hard_negative"}
        for index, pid in zip(c["topk_indices"], c["topk_ids"]):
            p = passages[index]
            if pid != c["gold_id"] and not has_answer(p["title"] + " " + p["text"], s["answers"]):
                s["hard_negative"] = p
                break
        mined.append(s)
    return mined
