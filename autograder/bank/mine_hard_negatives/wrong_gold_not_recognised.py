# mistake: the gold passage is excluded only where it holds an answer. Its dict in the knowledge base has more fields than the sample's, so that the two are not equal: compare ids.
# caught by: never the gold passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p != s["gold_context"] and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
