# mistake: the samples that were learned from come back. The next round needs the passages that were just retrieved.
# caught by: the next round's samples
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    retrieve(model, samples)
    return taught
