# mistake: only candidates below the gold passage are considered. Those that the model puts above it are the hardest.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        gold_seen = False
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] == c["gold_id"]:
                gold_seen = True
            elif gold_seen and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
