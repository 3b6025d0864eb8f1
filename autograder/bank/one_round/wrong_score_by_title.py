# mistake: scores are kept by title. Two passages of one article have the same title, and then the same score.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        score_of = {p["title"]: score for p, score in zip(s["ctxs"], row)}
        ctxs = [{**p, "score": score_of[p["title"]]} for p in s["ctxs"]]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
