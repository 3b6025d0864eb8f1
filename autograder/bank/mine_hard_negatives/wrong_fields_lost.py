# mistake: the new samples hold only question and passages. Everything else in a sample, such as its answers, must be kept.
# caught by: the input stays as it is
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        new = {"question": s["question"], "gold_context": s["gold_context"]}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
