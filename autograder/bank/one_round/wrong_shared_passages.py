# mistake: a passage that stands in several samples gets one score for all of them: a deep copy of the whole list keeps what is shared. Make a new dict for each place.
# caught by: scores with their passages
import copy


def one_round(model, samples, read, learn, retrieve):
    taught = copy.deepcopy(samples)
    for s, row in zip(taught, read(samples).tolist()):
        for p, score in zip(s["ctxs"], row):
            p["score"] = score
        s["ctxs"].sort(key=lambda p: p["score"], reverse=True)
    learn(model, taught)
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
