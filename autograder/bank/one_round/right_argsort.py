def one_round(model, samples, read, learn, retrieve):
    scores, taught = read(samples), []
    for s, row in zip(samples, scores):
        row = row[: len(s["ctxs"])]
        order = row.argsort(descending=True).tolist()
        taught.append(s | {"ctxs": [s["ctxs"][i] | {"score": row[i].item()} for i in order]})
    learn(model, taught)
    return [s | {"ctxs": list(passages)} for s, passages in zip(samples, retrieve(model, samples))]
