#!/bin/sh
# Library: pytrec-eval-terrier 0.5.11, which BEIR and ir-measures use.
# Expected: a passage whose score is greater, as Python compares the two, stands above the other one.
# Seen: scores are rounded to single precision (7 digits) first. What differs only behind is a tie, and ties are ordered by id,
# the last in the alphabet first. Close scores around 1 keep their order; the same scores plus 1,000 lose it.
# Output:
#   scores 0.50002 and 0.50001: reciprocal rank 1.0
#   scores 1000.50002 and 1000.50001: reciprocal rank 0.5
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check pytrec-eval-terrier==0.5.11 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import pytrec_eval

evaluator = pytrec_eval.RelevanceEvaluator({"q": {"answer": 1}}, {"recip_rank"})
for constant, wanted in (0, 1.0), (1000, 0.5):
    run = {"q": {"answer": 0.50002 + constant, "other": 0.50001 + constant}}
    assert run["q"]["answer"] > run["q"]["other"]
    seen = evaluator.evaluate(run)["q"]["recip_rank"]
    print(f"scores {run['q']['answer']:.5f} and {run['q']['other']:.5f}: reciprocal rank {seen}")
    assert seen == wanted
PYTHON
