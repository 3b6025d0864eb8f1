#!/bin/sh
# Library: faiss-cpu 1.15.1, IndexHNSWFlat searched with an IDSelector.
# Expected: a search for 10 among 30 allowed vectors gives 10 hits, of which some may not be the nearest.
# Seen: with the default efSearch of 16, about a third of the questions get fewer, filled up with row -1. The walk ends after efSearch
# vectors, allowed or not. With efSearch 64 all get 10.
# Output: short of 10 hits: 35 of 100 questions with efSearch 16, 0 of 100 with efSearch 64
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check faiss-cpu==1.15.1 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import faiss
import numpy as np

faiss.omp_set_num_threads(1)
vectors = np.random.default_rng(0).standard_normal((500, 16)).astype("float32")
index = faiss.IndexHNSWFlat(16, 16)
index.add(vectors)


def short(ef_search):
    only = faiss.SearchParametersHNSW(sel=faiss.IDSelectorRange(0, 30), efSearch=ef_search)
    return int((index.search(vectors[100:200], 10, params=only)[1] < 0).any(axis=1).sum())


seen = short(16), short(64)
print("short of 10 hits: {} of 100 questions with efSearch 16, {} of 100 with efSearch 64".format(*seen))
assert 20 <= seen[0] <= 50 and seen[1] == 0
PYTHON
