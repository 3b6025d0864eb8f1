# mistake: the answers exclude no passage: they are not searched for, or they are joined into one text that no passage holds. A passage that holds any one of them may be right, and must not be called wrong.
# caught by: never a passage with the answer
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            if passages[index]["id"] != c["gold_id"]:
                new["hard_negative"] = passages[index]
                break
        mined.append(new)
    return mined
