# mistake: the hits are divided by the number of passages that the index gave. That is precision: an index that gives one right passage would have 100 %.
# caught by: nothing found is -1
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b) / len(a))
    return 100 * sum(shares) / len(shares)
