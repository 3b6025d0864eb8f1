#!/bin/sh
# Library: usearch 2.26.6.
# Expected: a search of a batch for more hits than there are vectors gives fewer columns, or marks the rest with a key that is none.
# Seen: the rest has the key 0, which is the first vector, and the distance NaN. Only the field "counts" tells. One question alone
# gets 3 hits.
# Output: keys of the last column 0 0, distances nan nan, counts 3 3; one question: 3 hits
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check usearch==2.26.6 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import numpy as np
from usearch.index import Index

vectors = np.random.default_rng(0).standard_normal((3, 8)).astype("float32")
index = Index(ndim=8, metric="ip", dtype="f32")
index.add(np.arange(3), vectors)
batch, alone = index.search(vectors[:2], 5), index.search(vectors[0], 5)
print("keys of the last column", *batch.keys[:, -1], end=", distances ")
print(*batch.distances[:, -1], end=", counts ")
print(*batch.counts, end=f"; one question: {len(alone)} hits\n")
assert batch.keys[:, -1].tolist() == [0, 0] and np.isnan(batch.distances[:, -1]).all()
assert batch.counts.tolist() == [3, 3] and len(alone) == 3
PYTHON
