# mistake: the list that was given is changed: its samples get the new passages. Make new dicts.
# caught by: nothing is changed
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    for s, ctxs in zip(samples, retrieve(model, samples)):
        s["ctxs"] = ctxs
    return samples
