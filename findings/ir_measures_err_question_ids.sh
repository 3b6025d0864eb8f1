#!/bin/sh
# Library: ir-measures 0.4.3, which computes ERR with the Perl script gdeval.
# Expected: a measure does not depend on how the questions are called; or an id that does not suit it is refused.
# Seen: of the ids nq-1 and nq-2 only the numbers are kept. The answer lists four questions, two of them with the value 0, and the
# mean is half of what it is for the ids 1 and 2. (The id a-b-1 is refused with an error.)
# Output:
#   ids 1, 2: mean 0.0625 of 2 questions
#   ids nq-1, nq-2: mean 0.03125 of 4 questions
# Needs: perl.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check ir-measures==0.4.3 pytrec-eval-terrier==0.5.11
venv/bin/python - <<'PYTHON'
import ir_measures
from ir_measures import ERR


def mean(*questions):
    judged = {q: {"a": 1} for q in questions}
    run = {q: {"a": 1.0} for q in questions}
    each = list(ir_measures.iter_calc([ERR @ 10], judged, run))
    value = ir_measures.calc_aggregate([ERR @ 10], judged, run)[ERR @ 10]
    print(f"ids {', '.join(questions)}: mean {value} of {len(each)} questions")
    return value, sorted(m.query_id for m in each)


assert mean("1", "2") == (0.0625, ["1", "2"])
assert mean("nq-1", "nq-2") == (0.03125, ["1", "2", "nq-1", "nq-2"])
PYTHON
