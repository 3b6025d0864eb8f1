# mistake: the second candidate is taken if the first has the gold's title. The second may be the gold passage itself: compare ids.
# caught by: never the gold passage
def mine_hard_negatives(samples, candidates, passages):
    mined = []
    for s, c in zip(samples, candidates):
        place = 1 if c["topk_titles"][0] == c["gold_title"] else 0
        mined.append({**s, "hard_negative": passages[c["topk_indices"][place]]})
    return mined
