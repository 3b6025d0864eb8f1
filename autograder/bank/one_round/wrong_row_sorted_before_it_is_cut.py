# mistake: the whole row is sorted, and what it has beyond the ctxs takes the place of real passages. Cut the row to the length of ctxs first.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        n = len(s["ctxs"])
        order = sorted(range(len(row)), key=lambda i: -row[i])[:n]
        ctxs = [{**s["ctxs"][i], "score": row[i]} for i in order if i < n]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
