# mistake: the whole row of scores is gone through, but a row may be longer than the sample's ctxs: there is no passage for the rest.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        order = sorted(range(len(row)), key=lambda i: -row[i])
        ctxs = [{**s["ctxs"][i], "score": row[i]} for i in order]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
