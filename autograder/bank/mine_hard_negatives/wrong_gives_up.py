# mistake: only the first candidate is tried, and if it is not usable, the sample gets no negative. Try the next one.
# caught by: never the gold passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
            break
        mined.append(new)
    return mined
