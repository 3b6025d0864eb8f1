# mistake: the candidates that were passed in are changed during mining, such as lists that are shortened by pop(), so that a second call may find others. Read them and leave them as they are.
# caught by: the input stays as it is
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        while c["topk_indices"]:
            p = passages[c["topk_indices"].pop(0)]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
                break
        mined.append(s)
    return mined
