# mistake: the passage that is stored is not the one in `passages`: something in it was changed or left out. Store it as it is.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = {"title": p["title"], "text": p["text"]}
                break
        mined.append(s)
    return mined
