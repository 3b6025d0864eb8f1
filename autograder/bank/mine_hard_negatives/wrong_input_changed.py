# mistake: the negatives are written into the samples that were passed in, which changes them for the caller. Copy each sample first.
# caught by: the input stays as it is
def mine_hard_negatives(samples, candidates, passages):
    for s, c in zip(samples, candidates):
        s.pop("hard_negative", None)
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
                break
    return samples
