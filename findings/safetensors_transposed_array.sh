#!/bin/sh
# Library: safetensors 0.8.0, safetensors.numpy; scikit-learn 1.9.1 for an array that is stored by columns.
# Expected: save_file writes the numbers of a NumPy array whatever its order in memory, as np.save does, or refuses as
# safetensors.torch.save_file does.
# Seen: an array that is stored by columns (a transpose, the components of a PCA) is written in the order of its memory under the shape of
# its rows. It comes back with the right shape and mixed-up numbers. 0.7.0 did not do so; reported upstream.
# Output: transpose of (2, 3): [[0, 2, 4], [1, 3, 5]] comes back as [[0, 1, 2], [3, 4, 5]]; PCA: right shape, equal False; np.save: equal True
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check safetensors==0.8.0 numpy==2.4.6 scikit-learn==1.9.1
venv/bin/python - <<'PYTHON'
import numpy as np
from safetensors.numpy import load_file, save_file
from sklearn.decomposition import PCA

small = np.arange(6).reshape(3, 2).T
vectors = np.random.default_rng(0).standard_normal((200, 16)).astype("float32")
components = PCA(8, svd_solver="full").fit(vectors).components_
assert components.flags.f_contiguous and not components.flags.c_contiguous
save_file({"small": small, "components": components}, "x.safetensors")
read = load_file("x.safetensors")
np.save("x.npy", components)
equal = np.array_equal(read["components"], components), np.array_equal(np.load("x.npy"), components)
print(f"transpose of (2, 3): {small.tolist()} comes back as {read['small'].tolist()}", end="; ")
print(f"PCA: right shape, equal {equal[0]}; np.save: equal {equal[1]}")
assert read["small"].tolist() == [[0, 1, 2], [3, 4, 5]] and read["components"].shape == (8, 16) and equal == (False, True)
PYTHON
