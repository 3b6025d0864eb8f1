# mistake: the gold passage is added to what is learned from. That is a label, and this loop does without.
# caught by: scores with their passages
def one_round(model, samples, read, learn, retrieve):
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        taught.append(
            {**s, "ctxs": sorted([*ctxs, {**s["gold_context"], "score": max(row) + 1}], key=lambda p: p["score"], reverse=True)}
        )
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
