# mistake: the number of passages of the first sample is used for all. Each sample has its own.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"][: len(samples[0]["ctxs"])], row)]
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
