#!/bin/sh
# Library: ranx 0.3.21, fuse with norm="min-max" (which is the default) and method="sum".
# Expected: where BM25 finds one passage only, this passage is its best one and gets the weight of a best one, 1, in the sum.
# Seen: it gets 0, as if BM25 had not found it, for the best score is also the worst. Several hits with equal scores get 0 too. Passage
# p3, the only one that both retrievers found, becomes the last. A second BM25 hit, however bad, makes it the first.
# Output:
#   BM25 finds p3: p1 1.00, p2 0.50, p3 0.00
#   BM25 finds p3 and p9: p1 1.00, p3 1.00, p2 0.50, p9 0.00
#   BM25 finds p3, norm="max": p3 1.25, p1 1.00, p2 0.62
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check ranx==0.3.21 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import warnings

warnings.simplefilter("ignore")
from ranx import Run, fuse


def fused(bm25, **options):
    runs = [Run.from_dict({"q": bm25}), Run.from_dict({"q": {"p1": 0.8, "p2": 0.5, "p3": 0.2}})]
    hits = fuse(runs, method="sum", **options).to_dict()["q"]
    return ", ".join(f"{p} {hits[p]:.2f}" for p in sorted(hits, key=lambda p: (-round(hits[p], 6), p)))


seen = [fused({"p3": 12.0}), fused({"p3": 12.0, "p9": 0.1}), fused({"p3": 12.0}, norm="max")]
print("BM25 finds p3: {}\nBM25 finds p3 and p9: {}\nBM25 finds p3, norm=\"max\": {}".format(*seen))
assert seen[0] == fused({"p3": 12.0}, norm="min-max") == "p1 1.00, p2 0.50, p3 0.00"
assert seen[1:] == ["p1 1.00, p3 1.00, p2 0.50, p9 0.00", "p3 1.25, p1 1.00, p2 0.62"]
PYTHON
