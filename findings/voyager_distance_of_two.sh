#!/bin/sh
# Library: voyager 2.2.3, the inner-product space.
# Expected: get_distance(a, b) is 1 - a.b, whatever the index holds, as the distances of a query are.
# Seen: it changes once a longer vector was added: the distance then also holds the components that voyager appends inside, and the
# distance of a vector of length 1 to itself goes from 0 to -16. The distances of a query stay right.
# Output: empty 0.0, after adding a vector of length 5: -16.0; 1 - a.b is 0.0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check voyager==2.2.3 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import numpy as np
import voyager

a, longer = np.array([1, 0], "float32"), np.array([3, 4], "float32")
index = voyager.Index(voyager.Space.InnerProduct, num_dimensions=2)
before = index.get_distance(a, a)
index.add_item(longer)
after = index.get_distance(a, a)
print(f"empty {before}, after adding a vector of length 5: {after}; 1 - a.b is {1 - float(a @ a)}")
assert before == 0 and abs(after + 16) < 1e-3
PYTHON
