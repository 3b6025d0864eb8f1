# mistake: the questions' shares are summed. Return their mean.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b) / len(b))
    return 100 * sum(shares)
