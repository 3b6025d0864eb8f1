# mistake: all usable candidates are stored, as a list. Store one passage, the first.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        found = [passages[i] for i in c["topk_indices"]]
        usable = [p for p in found if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"])]
        if usable:
            new["hard_negative"] = usable
        mined.append(new)
    return mined
