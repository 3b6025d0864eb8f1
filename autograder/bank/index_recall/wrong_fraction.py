# mistake: the recall is a fraction between 0 and 1. Return a percentage, as everywhere in the course.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        a, b = set(a.tolist()) - {-1}, set(b.tolist()) - {-1}
        shares.append(len(a & b) / len(b))
    return sum(shares) / len(shares)
