# mistake: the whole row of scores is gone through, but a row may be longer than the sample's ctxs: there is no passage for the rest.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in ((s["ctxs"][i], v) for i, v in enumerate(row))]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
