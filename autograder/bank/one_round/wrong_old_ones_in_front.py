# mistake: the old passages are kept behind the new ones. A round hands on what was just retrieved.
# caught by: the next round's samples
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": s["ctxs"] + ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
