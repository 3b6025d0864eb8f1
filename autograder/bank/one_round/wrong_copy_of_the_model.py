# mistake: a copy of the model learns. It is trained in place: the caller goes on with `model`.
# caught by: read, learn, retrieve
def one_round(model, samples, read, learn, retrieve):
    import copy

    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    pupil = copy.deepcopy(model)
    learn(pupil, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(pupil, samples))]
