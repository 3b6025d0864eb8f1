#!/bin/sh
# Library: ranx 0.3.21.
# Expected: hits with equal scores stay in the order given, or follow one rule, such as trec_eval's, whatever their number.
# Seen: up to 15 equal hits stay as given. Of 16 the one before the last comes first, of 100 one from the middle.
# Output: first of 15: d000, of 16: d014, of 100: d073
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check ranx==0.3.21
venv/bin/python - <<'PYTHON'
from ranx import Run

first = {n: next(iter(Run({"q": {f"d{i:03}": 1.0 for i in range(n)}}).to_dict()["q"])) for n in (15, 16, 100)}
print("first of 15: {}, of 16: {}, of 100: {}".format(*first.values()))
assert first == {15: "d000", 16: "d014", 100: "d073"}
PYTHON
