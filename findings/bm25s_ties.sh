#!/bin/sh
# Library: bm25s 0.3.16.
# Expected: of passages with equal scores the first of the corpus comes first, as in Lucene.
# Seen: the last comes first, also for a question of which no word is known: its hits are the end of the corpus, each with score 0.
# (rank-bm25 0.2.2 does the same in get_top_n.)
# Output:
#   equal passages: 49, 48, 47
#   unknown word: 49, 48, 47 with scores 0.0, 0.0, 0.0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check bm25s==0.3.16 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import bm25s

index = bm25s.BM25()
index.index([["moon", f"name{i}"] for i in range(50)], show_progress=False)
rows, _ = index.retrieve([["moon"]], k=3, show_progress=False)
none, scores = index.retrieve([["sun"]], k=3, show_progress=False)
print("equal passages:", ", ".join(map(str, rows[0])))
print("unknown word:", ", ".join(map(str, none[0])), "with scores", ", ".join(map(str, scores[0])))
assert rows.tolist() == none.tolist() == [[49, 48, 47]] and scores.tolist() == [[0, 0, 0]]
PYTHON
