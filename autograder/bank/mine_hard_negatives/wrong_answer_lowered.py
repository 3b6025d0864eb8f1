# mistake: answers are searched as letters, in lower case. Spacing and parts of words still decide: has_answer compares words.
# caught by: never a passage with the answer
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not any(a.lower() in p["text"].lower() for a in s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
