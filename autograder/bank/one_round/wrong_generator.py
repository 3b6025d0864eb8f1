# mistake: learn gets a generator, which has no length and is empty after one epoch. Make a list of the samples.
# caught by: read, learn, retrieve
def one_round(model, samples, read, learn, retrieve):
    def graded():
        for s, row in zip(samples, read(samples)):
            ctxs = [dict(p, score=float(v)) for p, v in zip(s["ctxs"], row)]
            yield dict(s, ctxs=sorted(ctxs, key=lambda p: -p["score"]))

    learn(model, graded())
    return [dict(s, ctxs=found) for s, found in zip(samples, retrieve(model, samples))]
