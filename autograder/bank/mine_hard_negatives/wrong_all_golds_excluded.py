# mistake: the gold passages of all questions are refused. Another question's gold passage is a fine negative of this one.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    golds = {s["gold_context"]["id"] for s in samples}
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] not in golds and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
