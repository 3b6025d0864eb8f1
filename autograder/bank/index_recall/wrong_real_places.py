# mistake: found and exact are compared place by place. The same passages in another order are found all the same.
# caught by: share of the exact passages
def index_recall(found, exact):
    real = exact != -1
    return 100 * float((((found == exact) & real).sum(1) / real.sum(1)).mean())
