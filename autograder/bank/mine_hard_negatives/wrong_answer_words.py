# mistake: a passage is refused if it holds any one word of an answer. The words must stand there together: use has_answer as it is.
# caught by: never a passage with the answer
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        words = " ".join(s["answers"]).split()
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], words):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
