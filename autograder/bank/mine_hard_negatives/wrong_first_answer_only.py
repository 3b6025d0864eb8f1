# mistake: only the first of the answers is searched for. A passage that holds any of them may be right.
# caught by: never a passage with the answer
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"][:1]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
