#!/bin/sh
# Library: lancedb 0.40.0, full-text search.
# Expected: BM25 scores of one answer are comparable: of two passages with the same text neither is better, and a shorter one
# with the same word is not worse.
# Seen: passages that were added after the index was built are scored with other statistics than those before. In one list of
# hits the old passage has four times the score of its copy, and stands above shorter ones. After optimize() the order is
# another.
# Output:
#   before optimize(): old 2.82, short 0.9, copy 0.71
#   after optimize():  short 0.9, copy 0.71, old 0.71
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check lancedb==0.40.0 pyarrow==26.0.1 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import warnings

import lancedb

warnings.simplefilter("ignore")
text = "moon rocks weigh twenty kilograms"
old = [{"id": "old", "text": text}] + [{"id": f"o{i}", "text": f"river number {i} flows north slowly"} for i in range(19)]
new = [{"id": "copy", "text": text}, {"id": "short", "text": "moon rocks"}]
new += [{"id": f"n{i}", "text": f"the moon turns around planet {i} every month"} for i in range(18)]
table = lancedb.connect("data").create_table("passages", old)
table.create_fts_index("text")
table.add(new)


def found():
    hits = table.search("moon", query_type="fts").limit(30).to_list()
    return {hit["id"]: round(hit["_score"], 2) for hit in hits if hit["id"] in ("old", "copy", "short")}


before = found()
table.optimize()
after = found()
by_score = lambda scores: sorted(scores.items(), key=lambda item: (-item[1], item[0]))  # noqa: E731
show = lambda scores: ", ".join(f"{name} {score}" for name, score in by_score(scores))  # noqa: E731
print(f"before optimize(): {show(before)}\nafter optimize():  {show(after)}")
assert before["old"] > 2 * before["copy"] and before["old"] > 2 * before["short"] and after["old"] == after["copy"] < after["short"]
PYTHON
