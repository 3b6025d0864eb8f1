# mistake: the samples themselves are changed. They belong to the caller: make new dicts.
# caught by: nothing is changed
def one_round(model, samples, read, learn, retrieve):
    for s, row in zip(samples, read(samples).tolist()):
        for p, score in zip(s["ctxs"], row):
            p["score"] = score
        s["ctxs"].sort(key=lambda p: p["score"], reverse=True)
    learn(model, samples)
    for s, ctxs in zip(samples, retrieve(model, samples)):
        s["ctxs"] = ctxs
    return samples
