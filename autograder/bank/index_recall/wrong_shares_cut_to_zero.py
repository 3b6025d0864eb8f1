# mistake: a question counts only if all of its passages were found: you ask for that, or divide whole numbers by //. Each passage that was found counts.
# caught by: share of the exact passages
def index_recall(found, exact):
    shares = []
    for a, b in zip(found, exact):
        wanted = set(b.tolist()) - {-1}
        shares.append(len(wanted & set(a.tolist())) // len(wanted))
    return 100 * sum(shares) / len(shares)
