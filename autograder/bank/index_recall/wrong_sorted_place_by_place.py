# mistake: both rows are sorted and then compared place by place. One passage that is missing moves all that follow it: compare sets.
# caught by: share of the exact passages
def index_recall(found, exact):
    a, b = np.sort(found, axis=1), np.sort(exact, axis=1)
    real = b != -1
    return 100 * float((((a == b) & real).sum(1) / real.sum(1)).mean())
