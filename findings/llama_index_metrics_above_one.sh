#!/bin/sh
# Library: llama-index-core 0.14.25.
# Expected: average precision and NDCG lie between 0 and 1. A passage that comes twice, as it does where rankings are joined or where
# two chunks have the id of one document, counts once.
# Seen: it counts each time that it comes. Three times the same passage, with the other one missed, scores more than a perfect ranking.
# Open upstream when this was written.
# Output: a a a: AP 1.50, NDCG 1.31, recall 0.50; a b: AP 1.00, NDCG 1.00, recall 1.00
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check llama-index-core==0.14.25
venv/bin/python - <<'PYTHON'
from llama_index.core.evaluation.retrieval.metrics import NDCG, AveragePrecision, Recall

seen = {}
for found in (["a", "a", "a"], ["a", "b"]):
    values = [metric().compute(expected_ids=["a", "b"], retrieved_ids=found).score for metric in (AveragePrecision, NDCG, Recall)]
    seen[" ".join(found)] = "AP {:.2f}, NDCG {:.2f}, recall {:.2f}".format(*values)
print("; ".join(f"{found}: {text}" for found, text in seen.items()))
assert seen == {"a a a": "AP 1.50, NDCG 1.31, recall 0.50", "a b": "AP 1.00, NDCG 1.00, recall 1.00"}
PYTHON
