# mistake: two samples with the same question both get the candidates of one of them. candidates[i] belongs to samples[i]: go by the position, not by the text of the question.
# caught by: the best wrong passage
def mine_hard_negatives(samples, candidates, passages):
    found = {}
    for c in candidates:
        found.setdefault(c["question"], c)
    mined = []
    for sample in samples:
        new = dict(sample)
        new.pop("hard_negative", None)
        c = found[sample["question"]]
        for p in (passages[j] for j in c["topk_indices"]):
            if p["id"] != c["gold_id"] and not has_answer(p["text"], sample["answers"]):
                new["hard_negative"] = p
                break
        mined.append(new)
    return mined
