# mistake: the passages of all questions are thrown together. What is found for one question is no help to another.
# caught by: share of the exact passages
def index_recall(found, exact):
    a, b = set(found.ravel().tolist()) - {-1}, set(exact.ravel().tolist()) - {-1}
    return 100 * len(a & b) / len(b)
