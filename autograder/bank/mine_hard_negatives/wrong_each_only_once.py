# mistake: a passage that was taken for one question is not taken for another. Each question gets its own best one, even if another question has it too.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    mined, used = [], set()
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if index not in used and p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
                used.add(index)
                break
        mined.append(s)
    return mined
