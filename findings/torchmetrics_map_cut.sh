#!/bin/sh
# Library: torchmetrics 1.9.0 with torch 2.13.0; pytrec_eval-terrier 0.5.11 for comparison.
# Expected: average precision among the first k divides by the number of relevant passages, as trec_eval's map_cut does. More hits never
# make it smaller, and a relevant passage that is missed costs.
# Seen: RetrievalMAP(top_k=k) divides by the number of relevant passages that were found. One of three found at rank 1 is a perfect 1, and
# a second one, found at rank 4, lowers it.
# Output: k=2: 1.00, trec_eval 0.33; k=4: 0.75, trec_eval 0.50
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 torchmetrics==1.9.0 pytrec-eval-terrier==0.5.11 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import pytrec_eval
import torch
from torchmetrics.retrieval import RetrievalMAP

scores, relevant = [0.9, 0.8, 0.7, 0.6, 0.5], [1, 0, 0, 1, 1]
qrels = {"q": {f"d{i}": r for i, r in enumerate(relevant)}}
run = {"q": {f"d{i}": s for i, s in enumerate(scores)}}
trec = pytrec_eval.RelevanceEvaluator(qrels, {"map_cut.2,4"}).evaluate(run)["q"]
seen = {}
for k in (2, 4):
    value = RetrievalMAP(top_k=k)(torch.tensor(scores), torch.tensor(relevant), indexes=torch.zeros(5, dtype=torch.long))
    seen[k] = f"{float(value):.2f}, trec_eval {trec[f'map_cut_{k}']:.2f}"
print("; ".join(f"k={k}: {text}" for k, text in seen.items()))
assert seen == {2: "1.00, trec_eval 0.33", 4: "0.75, trec_eval 0.50"}
PYTHON
