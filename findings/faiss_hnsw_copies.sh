#!/bin/sh
# Library: faiss-cpu 1.15.1, IndexHNSWFlat.
# Expected: a walk through the graph finds nearly every vector when it is itself the question, the more so with a large efSearch.
# Seen: beside 1,000 copies of one vector the 20 others are not found, not even with efSearch 200: the copies link only to each
# other. No row is -1, so nothing shows that a hit is missing. In a corpus such copies are empty passages or one boilerplate text.
# Output: found 0 of 20 with efSearch 16, 0 of 20 with efSearch 200, 20 of 20 without the copies
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
rng = np.random.default_rng(0)
copies = np.repeat(rng.standard_normal((1, 16)), 1000, axis=0).astype("float32")
others = rng.standard_normal((20, 16)).astype("float32")


def found(vectors, ef_search):
    index = faiss.IndexHNSWFlat(16, 16)
    index.add(vectors)
    index.hnsw.efSearch = ef_search
    distances, rows = index.search(others, 1)
    assert (rows >= 0).all()
    return int((distances[:, 0] < 1e-6).sum())


both = np.vstack([copies, others])
seen = found(both, 16), found(both, 200), found(others, 16)
print("found {} of 20 with efSearch 16, {} of 20 with efSearch 200, {} of 20 without the copies".format(*seen))
assert max(seen[:2]) <= 2 and seen[2] == 20
PYTHON
