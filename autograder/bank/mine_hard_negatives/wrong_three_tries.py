# mistake: only the first few candidates are tried, and if none of them is usable, the sample gets no negative. Go down the whole list.
# caught by: never a passage with the answer
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"][:3]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
                break
        mined.append(s)
    return mined
