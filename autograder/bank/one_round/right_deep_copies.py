def one_round(model, samples, read, learn, retrieve):
    import copy

    taught = [copy.deepcopy(s) for s in samples]  # one by one: a passage may stand in several samples
    scores = read(samples)
    for b, s in enumerate(taught):
        for n, p in enumerate(s["ctxs"]):
            p["score"] = float(scores[b, n])
        s["ctxs"].sort(key=lambda p: -p["score"])
    learn(model, taught)
    found = retrieve(model, samples)
    return [dict(s, ctxs=found[i]) for i, s in enumerate(samples)]
