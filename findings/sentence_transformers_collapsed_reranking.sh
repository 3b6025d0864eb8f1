#!/bin/sh
# Library: sentence-transformers 6.2.0 with torch 2.13.0, RerankingEvaluator.
# Expected: an encoder that gives every text one vector has learned nothing, and every measure of it is that of chance or below, for 1
# positive and 9 negatives: MRR 0.29 by chance, 0.1 with ties against it.
# Seen: MRR is a perfect 1, because the positives are put first and the sort keeps equal scores in place; MAP of the same evaluator
# groups equal scores and is 0.1. So training that collapses raises MRR to 1.
# Output: MAP 0.10, MRR@10 1.00, NDCG@10 0.45
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 sentence-transformers==6.2.0 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import warnings

warnings.simplefilter("ignore")
import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.evaluation import RerankingEvaluator
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
collapsed = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=np.ones((1, 16), dtype="float32"))], device="cpu")
samples = [{"query": f"q{i}", "positive": [f"p{i}"], "negative": [f"n{i}{j}" for j in range(9)]} for i in range(20)]
result = RerankingEvaluator(samples, write_csv=False)(collapsed)
seen = "MAP {:.2f}, MRR@10 {:.2f}, NDCG@10 {:.2f}".format(result["map"], result["mrr@10"], result["ndcg@10"])
print(seen)
assert seen == "MAP 0.10, MRR@10 1.00, NDCG@10 0.45"
PYTHON
