import numpy as np


def get_topk_candidates(X, Y, samples, passages, k):
    scores = np.asarray(X) @ np.asarray(Y).T
    order = np.argsort(-scores, axis=1)[:, :k]
    return make_candidates(samples, passages, order, np.take_along_axis(scores, order, axis=1))
