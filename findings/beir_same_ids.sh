#!/bin/sh
# Library: beir 2.2.0 with pytrec-eval-terrier 0.5.11.
# Expected: a run in which each question finds its passage first is perfect, whatever the ids are. Questions and passages are two lists,
# and both may be numbered from 1.
# Seen: EvaluateRetrieval.evaluate removes every hit whose id is that of its question, so that all measures are 0 if passage 1 answers
# question 1. Only a line of the log at level INFO says so. The hits are removed from the caller's own dictionary: a second call with
# ignore_identical_ids=False is too late.
# Output:
#   questions 1-3, passages 1-3: NDCG@10 0.0, 2 hits left for each question, a second call that keeps such hits 0.0
#   questions q1-q3, passages 1-3: NDCG@10 1.0, 3 hits left for each question, a second call that keeps such hits 1.0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check pytrec-eval-terrier==0.5.11 numpy==2.4.6 tqdm==4.70.1
venv/bin/python -m pip install -q --disable-pip-version-check --no-deps beir==2.2.0
venv/bin/python - <<'PYTHON'
from beir.retrieval.evaluation import EvaluateRetrieval


def evaluated(letter):
    """Evaluate a perfect run of three questions, whose ids begin with `letter`, over three passages."""
    relevant = {f"{letter}{i}": {str(i): 1} for i in (1, 2, 3)}
    run = {f"{letter}{i}": {str(p): 3.0 if p == i else 1 / p for p in (1, 2, 3)} for i in (1, 2, 3)}
    first = EvaluateRetrieval.evaluate(relevant, run, [10])[0]["NDCG@10"]
    left = {len(hits) for hits in run.values()}
    again = EvaluateRetrieval.evaluate(relevant, run, [10], ignore_identical_ids=False)[0]["NDCG@10"]
    return first, left.pop(), again


for letter, wanted in ("", (0.0, 2, 0.0)), ("q", (1.0, 3, 1.0)):
    seen = evaluated(letter)
    text = "questions {0}1-{0}3, passages 1-3: NDCG@10 {1}, {2} hits left for each question, a second call that keeps such hits {3}"
    print(text.format(letter, *seen))
    assert seen == wanted
PYTHON
