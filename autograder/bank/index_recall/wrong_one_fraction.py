# mistake: all hits are divided by all there was to find, so that a question with more passages counts more. Give each question its share, and take their mean.
# caught by: fewer passages than k
def index_recall(found, exact):
    hits, wanted = 0, 0
    for a, b in zip(found, exact):
        b = set(b.tolist()) - {-1}
        hits += len(b & set(a.tolist()))
        wanted += len(b)
    return 100 * hits / wanted
