#!/bin/sh
# Library: trectools 0.0.50.
# Expected: recall and reciprocal rank are means over all judged questions; a question that the run does not answer counts as 0.
# Seen: the mean is over the questions that the run has. A system that answers only its easiest question looks perfect.
# Output: recall 1.0, reciprocal rank 1.0, with 2 of 3 questions missing
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check trectools==0.0.50 pandas==3.1.1
venv/bin/python - <<'PYTHON'
from trectools import TrecEval, TrecQrel, TrecRun

with open("run", "w") as file:
    file.write("q1 Q0 a 1 2.5 x\n")
with open("qrels", "w") as file:
    file.write("q1 0 a 1\nq2 0 b 1\nq3 0 c 1\n")
evaluation = TrecEval(TrecRun("run"), TrecQrel("qrels"))
recall, rank = float(evaluation.get_recall()), float(evaluation.get_reciprocal_rank())
print(f"recall {recall}, reciprocal rank {rank}, with 2 of 3 questions missing")
assert (recall, rank) == (1.0, 1.0)
PYTHON
