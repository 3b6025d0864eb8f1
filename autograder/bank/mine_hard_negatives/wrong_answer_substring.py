# mistake: answers are searched letter by letter. Case, spacing and parts of words then decide: has_answer compares words.
# caught by: never a passage with the answer
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not any(a in p["text"] for a in s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
