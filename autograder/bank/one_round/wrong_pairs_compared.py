# mistake: pairs of score and passage are sorted without a key: where two scores are equal, the passages are compared, and dicts have no order. Sort by the score alone.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        pairs = sorted(zip(row, s["ctxs"]), reverse=True)
        taught.append({**s, "ctxs": [{**p, "score": score} for score, p in pairs]})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
