# mistake: a passage that stands in several samples gets one score for all of them: a deep copy of the whole list keeps what is shared. Make a new dict for each place.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    rows = read(samples).tolist()
    score_of = {p["id"]: score for s, row in zip(samples, rows) for p, score in zip(s["ctxs"], row)}
    taught = []
    for s in samples:
        ctxs = [{**p, "score": score_of[p["id"]]} for p in s["ctxs"]]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
