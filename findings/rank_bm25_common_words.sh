#!/bin/sh
# Library: rank-bm25 0.2.2, BM25Okapi.
# Expected: the more passages have a word, the less it weighs; a word that all have weighs nearly nothing.
# Seen: a word in more than half of the passages gets a quarter of the mean weight of all words, which rare words make large. So "the",
# which all 100 have, weighs more than "moon", which 40 have, and a passage with three "the" comes before those about the moon.
# Output:
#   weight of a word in 1 passage 4.19, in 40 passages 0.40, in 59 passages 1.03, in all 100 passages 1.03
#   first hit for "the moon": the the the cat
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check rank-bm25==0.2.2 numpy==2.4.6
venv/bin/python - <<'PYTHON'
from rank_bm25 import BM25Okapi

passages = [["the", "moon" if i < 40 else "sun", f"name{i}", f"place{i}"] for i in range(99)]
passages.append(["the", "the", "the", "cat"])
index = BM25Okapi(passages)
weights = [round(index.idf[word], 2) for word in ("cat", "moon", "sun", "the")]
found = [len([p for p in passages if word in p]) for word in ("cat", "moon", "sun", "the")]
first = " ".join(index.get_top_n(["the", "moon"], passages, n=1)[0])
text = "weight of a word in {} passage {:.2f}, in {} passages {:.2f}, in {} passages {:.2f}, in all {} passages {:.2f}"
print(text.format(*(x for pair in zip(found, weights) for x in pair)))
print(f'first hit for "the moon": {first}')
assert weights[1] < weights[2] == weights[3] < weights[0] and first == "the the the cat"
PYTHON
