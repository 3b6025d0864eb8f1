# mistake: places at which the index found nothing are left out of the exact row as well, so that what stands there does not count as missed.
# caught by: nothing found is -1
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        real = (a != -1) & (b != -1)
        shares.append(np.isin(b[real], a).sum() / max(real.sum(), 1))
    return 100 * float(np.mean(shares))
