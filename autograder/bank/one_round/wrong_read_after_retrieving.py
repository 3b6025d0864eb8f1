# mistake: the retriever searches first, and the reader reads what it found. A round begins with the passages that the samples have.
# caught by: read, learn, retrieve
def one_round(model, samples, read, learn, retrieve):
    found = retrieve(model, samples)
    samples = [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, found)]
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
