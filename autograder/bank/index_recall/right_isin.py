def index_recall(found, exact):
    total = 0.0
    for i in range(len(exact)):
        wanted = exact[i][exact[i] != -1]
        total += np.isin(wanted, found[i]).mean()
    return total / len(exact) * 100
