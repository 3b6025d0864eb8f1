#!/bin/sh
# Library: datasets 5.2.0 with pyarrow 26.0.1.
# Expected: Dataset.from_list has a column for every key of the rows, with None where a row lacks it, as load_dataset("json") has.
# Seen: only keys of the first row become columns. If the first question has no hard negatives, those of all others are lost, and nothing
# is said. (A note in the docstring of from_list says so.)
# Output: from_list: question, positive; load_dataset: hard_negatives, positive, question
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check datasets==5.2.0 pyarrow==26.0.1
venv/bin/python - <<'PYTHON'
import json
import os

os.environ["HF_HUB_OFFLINE"] = "1"
from datasets import Dataset, disable_progress_bars, load_dataset

disable_progress_bars()
rows = [{"question": "q0", "positive": "p0"}, *({"question": f"q{i}", "positive": f"p{i}", "hard_negatives": ["n"]} for i in range(1, 9))]
with open("rows.jsonl", "w") as file:
    file.writelines(json.dumps(row) + "\n" for row in rows)
given, read = Dataset.from_list(rows), load_dataset("json", data_files="rows.jsonl", split="train", cache_dir="cache")
print(f"from_list: {', '.join(given.column_names)}; load_dataset: {', '.join(sorted(read.column_names))}")
assert given.column_names == ["question", "positive"] and len(given) == 9
assert sorted(read.column_names) == ["hard_negatives", "positive", "question"] and read[1]["hard_negatives"] == ["n"]
PYTHON
