# mistake: the passages are sorted, but the scores are given to them in their old order.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        row = row[: len(s["ctxs"])]
        order = sorted(range(len(row)), key=lambda i: -row[i])
        taught.append({**s, "ctxs": [{**s["ctxs"][i], "score": score} for i, score in zip(order, row)]})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
