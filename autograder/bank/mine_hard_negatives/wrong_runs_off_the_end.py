# mistake: the search runs off the end of the list when no candidate is usable. The sample then gets no negative.
# caught by: nothing left
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        j = 0
        while True:
            p = passages[c["topk_indices"][j]]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                break
            j += 1
        mined.append({**s, "hard_negative": p})
    return mined
