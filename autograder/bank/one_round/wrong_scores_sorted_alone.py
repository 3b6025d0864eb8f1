# mistake: the scores are sorted, the passages are not: each passage gets another one's score.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        row = sorted(row[: len(s["ctxs"])], reverse=True)
        taught.append({**s, "ctxs": [{**p, "score": score} for p, score in zip(s["ctxs"], row)]})
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
