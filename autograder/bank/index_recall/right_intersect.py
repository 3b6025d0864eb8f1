def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        b = b[b >= 0]
        shares.append(np.intersect1d(a, b).size / b.size)
    return 100 * float(np.mean(shares))
