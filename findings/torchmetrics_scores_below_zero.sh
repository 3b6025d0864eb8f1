#!/bin/sh
# Library: torchmetrics 1.9.0 with torch 2.13.0.
# Expected: a metric of a ranking looks at the order of the scores only: adding 10 to every score, or a positive factor, changes nothing.
# Seen: RetrievalMRR, RetrievalMAP, RetrievalRecall and RetrievalPrecision count a passage with a score of 0 or less as not found, so that
# a perfect ranking by negative distances or by log-probabilities gets 0. RetrievalNormalizedDCG and RetrievalHitRate of the same module
# take it for perfect. The documentation calls `preds` estimated probabilities and does not name a threshold.
# Output: minus distances: MRR 0, MAP 0, recall 0, precision 0, NDCG 1, hit rate 1; plus 10: MRR 1, MAP 1, recall 1, precision 1, NDCG 1, hit rate 1
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 torchmetrics==1.9.0
venv/bin/python - <<'PYTHON'
import torch
from torchmetrics.retrieval import RetrievalHitRate, RetrievalMAP, RetrievalMRR, RetrievalNormalizedDCG, RetrievalPrecision, RetrievalRecall

question = torch.tensor([0, 0, 0, 1, 1, 1])
scores = -torch.tensor([0.5, 1.5, 2.5, 0.7, 0.9, 3.0])
relevant = torch.tensor([1, 0, 0, 1, 0, 0])
metrics = {
    "MRR": RetrievalMRR(),
    "MAP": RetrievalMAP(),
    "recall": RetrievalRecall(top_k=1),
    "precision": RetrievalPrecision(top_k=1),
    "NDCG": RetrievalNormalizedDCG(),
    "hit rate": RetrievalHitRate(top_k=1),
}
seen = [[float(metric(scores + more, relevant, indexes=question)) for metric in metrics.values()] for more in (0, 10)]
rows = [", ".join(f"{name} {value:g}" for name, value in zip(metrics, row)) for row in seen]
print(f"minus distances: {rows[0]}; plus 10: {rows[1]}")
assert seen == [[0, 0, 0, 0, 1, 1], [1, 1, 1, 1, 1, 1]]
PYTHON
