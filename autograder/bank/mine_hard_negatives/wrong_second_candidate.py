# mistake: the second candidate is taken, as if the gold passage always came first. It may stand anywhere.
# caught by: never the gold passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        mined.append({**s, "hard_negative": passages[c["topk_indices"][1]]})
    return mined
