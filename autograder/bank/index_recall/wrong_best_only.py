# mistake: only the first passage of each question is compared.
# caught by: share of the exact passages
def index_recall(found, exact):
    return 100 * float((found[:, 0] == exact[:, 0]).mean())
