#!/bin/sh
# Library: ir-measures 0.4.3.
# Expected: where two documents have the same score, RR and RR@10 put them in the same order and give the same value.
# Seen: RR puts the larger id first, as trec_eval does; RR@10 puts the smaller id first. One run has two reciprocal ranks.
# Output: RR 0.5, RR@10 1.0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check ir-measures==0.4.3 pytrec-eval-terrier==0.5.11
venv/bin/python - <<'PYTHON'
import ir_measures
from ir_measures import RR

judged = {"q": {"a": 1}}
run = {"q": {"a": 1.0, "b": 1.0}}
seen = ir_measures.calc_aggregate([RR, RR @ 10], judged, run)
print(f"RR {seen[RR]}, RR@10 {seen[RR @ 10]}")
assert (seen[RR], seen[RR @ 10]) == (0.5, 1.0)
PYTHON
