# mistake: a passage counts as found if the index gave it for any question. Look at each question alone.
# caught by: share of the exact passages
def index_recall(found, exact):
    return 100 * float(np.isin(exact, found)[exact >= 0].mean())
