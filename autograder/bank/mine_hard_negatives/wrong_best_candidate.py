# mistake: the first candidate is taken as it is, and often that is the gold passage. Check before you take it.
# caught by: never the gold passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        mined.append({**s, "hard_negative": passages[c["topk_indices"][0]]})
    return mined
