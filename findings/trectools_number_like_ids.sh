#!/bin/sh
# Library: trectools 0.0.50.
# Expected: ids of documents and questions are text, and stay as they stand in the file.
# Seen: a column in which every id looks like a number is read as numbers. "007" becomes "7" and is taken for another document; one
# id such as "1e3" turns all others of its column into decimals, so that "10" of the run no longer fits "10.0" of the judgements.
# Output:
#   run 007, judged 7: 7 and 7, reciprocal rank 1.0
#   run 10, judged 10 and 1e3: 10 and 10.0, reciprocal rank 0.0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check trectools==0.0.50 pandas==3.1.1
venv/bin/python - <<'PYTHON'
from trectools import TrecEval, TrecQrel, TrecRun


def rank(found, judged):
    with open("run", "w") as file:
        file.write(f"1 Q0 {found} 1 2.5 x\n")
    with open("qrels", "w") as file:
        file.writelines(f"1 0 {doc} {relevance}\n" for doc, relevance in judged.items())
    run, qrels = TrecRun("run"), TrecQrel("qrels")
    value = float(TrecEval(run, qrels).get_reciprocal_rank())
    first = run.run_data.docid[0], qrels.qrels_data.docid[0]
    print(f"run {found}, judged {' and '.join(judged)}: {first[0]} and {first[1]}, reciprocal rank {value}")
    return *first, value


assert rank("007", {"7": 1}) == ("7", "7", 1.0)
assert rank("10", {"10": 1, "1e3": 0}) == ("10", "10.0", 0.0)
PYTHON
