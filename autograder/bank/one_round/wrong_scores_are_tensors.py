# mistake: the scores are tensors. learn takes floats: use tolist, or float(...).
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples)):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
