# mistake: something is written into the passages of the knowledge base. Leave them as they are.
# caught by: the input stays as it is
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = dict(p)
                p["used"] = True
                break
        mined.append(s)
    return mined
