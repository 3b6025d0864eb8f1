# mistake: the passages just retrieved carry scores of the old ones. Nobody has scored them yet.
# caught by: the next round's samples
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [
        {**s, "ctxs": [{**p, "score": q["score"]} for p, q in zip(ctxs, s["ctxs"])]}
        for s, ctxs in zip(taught, retrieve(model, taught))
    ]
