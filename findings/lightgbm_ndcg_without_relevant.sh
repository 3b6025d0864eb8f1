#!/bin/sh
# Library: lightgbm 4.7.0, metrics "ndcg" and "map" (a reranker that is trained on the hits of a retriever).
# Expected: a question none of whose hits is relevant counts 0, as with trec_eval and ndcg_score of scikit-learn, or is left out.
# Seen: it counts 1, for both metrics. If the retriever misses the passage of 18 of 20 questions, the worst order of all is 0.93 for
# NDCG@10, and a retriever that finds nothing makes the reranker perfect.
# Output:
#   relevant hits for 20 of 20 questions: NDCG@10 0.289, MAP@10 0.100; for 2 of 20: 0.929, 0.910; for none: 1.000, 1.000
#   scikit-learn's ndcg_score: 0.289, 0.029, 0.000
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check lightgbm==4.7.0 scikit-learn==1.9.1 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import lightgbm
import numpy as np
from sklearn.metrics import ndcg_score

scores = np.tile(np.arange(10, 0, -1.0), 20)  # for each of 20 questions 10 hits, best first


def metrics(found):
    """Measure with the only relevant hit of the first `found` questions in the last place, and none for the others."""
    relevant = np.zeros(200)
    relevant[9 : 10 * found : 10] = 1
    options = {"objective": "none", "metric": ["ndcg", "map"], "eval_at": [10], "verbose": -1, "num_threads": 1}
    data = lightgbm.Dataset(scores[:, None], relevant, group=[10] * 20, init_score=scores)
    model = lightgbm.Booster(options, data)
    return *(value for _, _, value, _ in model.eval_train()), ndcg_score(relevant.reshape(20, 10), scores.reshape(20, 10), k=10)


ndcg, ap, other = zip(*(metrics(found) for found in (20, 2, 0)))
text = "relevant hits for 20 of 20 questions: NDCG@10 {:.3f}, MAP@10 {:.3f}; for 2 of 20: {:.3f}, {:.3f}; for none: {:.3f}, {:.3f}"
print(text.format(*(x for pair in zip(ndcg, ap) for x in pair)))
print("scikit-learn's ndcg_score: {:.3f}, {:.3f}, {:.3f}".format(*other))
seen = [np.round(values, 3).tolist() for values in (ndcg, ap, other)]
assert seen == [[0.289, 0.929, 1], [0.1, 0.91, 1], [0.289, 0.029, 0]]
PYTHON
