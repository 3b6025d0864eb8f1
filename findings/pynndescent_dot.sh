#!/bin/sh
# Library: pynndescent 0.7.0, metric="dot".
# Expected: the neighbours with the largest inner products.
# Seen: the vectors are brought to length 1 first, so that "dot" is the cosine. Of 40 vectors of different lengths each finds itself.
# Output: first hits 0 1 2 3 4, largest inner products 33 35 26 29 33
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check pynndescent==0.7.0 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import warnings

import numpy as np
import pynndescent

warnings.simplefilter("ignore")
rng = np.random.default_rng(0)
vectors = (rng.standard_normal((40, 8)) * np.linspace(1, 50, 40)[:, None]).astype("float32")
index = pynndescent.NNDescent(vectors, metric="dot", n_neighbors=10, random_state=1)
index.prepare()
hits = index.query(vectors[:5], k=1)[0][:, 0]
largest = (vectors[:5] @ vectors.T).argmax(axis=1)
print("first hits", *hits, end=", largest inner products ")
print(*largest)
assert hits.tolist() == [0, 1, 2, 3, 4] and not (hits == largest).any()
PYTHON
