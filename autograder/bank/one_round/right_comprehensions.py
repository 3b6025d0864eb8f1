def one_round(model, samples, read, learn, retrieve):
    rows = read(samples).tolist()
    pairs = [sorted(zip(row, range(len(s["ctxs"]))), reverse=True) for row, s in zip(rows, samples)]
    learn(model, [{**s, "ctxs": [{**s["ctxs"][i], "score": g} for g, i in pair]} for s, pair in zip(samples, pairs)])
    out = []
    for s, passages in zip(samples, retrieve(model, samples)):
        new = dict(s)
        new["ctxs"] = passages
        out.append(new)
    return out
