# mistake: each question's percentage is cut to a whole number. Round nothing.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        wanted = set(b.tolist()) - {-1}
        shares.append(100 * len(wanted & set(a.tolist())) // len(wanted))
    return sum(shares) / len(shares)
