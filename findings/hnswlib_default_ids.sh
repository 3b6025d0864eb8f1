#!/bin/sh
# Library: hnswlib 0.8.0 (pip compiles it, so a C++ compiler is needed).
# Expected: add_items without ids gives new vectors ids that are free, or refuses where others were added with ids.
# Seen: it begins at the number of vectors in the index, whether these ids are taken or not. After ids 3, 4 and 5, the next
# three vectors without ids become 3, 4 and 5 and replace the old ones without a word.
# Output: 3 vectors with ids 3-5, then 3 without ids: 3 vectors are left, ids [3, 4, 5], the first three are gone
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check hnswlib==0.8.0 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import hnswlib
import numpy as np

first, second = np.random.default_rng(0).normal(size=(2, 3, 8)).astype(np.float32)  # two shards of three passages, d = 8
index = hnswlib.Index("ip", 8)
index.init_index(max_elements=100)
index.add_items(first, [3, 4, 5])
index.add_items(second)
count, ids = index.element_count, sorted(index.get_ids_list())
gone = np.array_equal(index.get_items(ids), second)
text = f"{count} vectors are left, ids {ids}, the first three are {'gone' if gone else 'there'}"
print(f"3 vectors with ids 3-5, then 3 without ids: {text}")
assert (count, ids, gone) == (3, [3, 4, 5], True)
PYTHON
