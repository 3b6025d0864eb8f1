# mistake: the passages of all questions are pooled. A passage that is found for one question does not help another.
# caught by: share of the exact passages
def index_recall(found, exact):
    a, b = set(found.ravel().tolist()) - {-1}, set(exact.ravel().tolist()) - {-1}
    return 100 * len(a & b) / len(b)
