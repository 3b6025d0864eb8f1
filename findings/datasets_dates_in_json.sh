#!/bin/sh
# Library: datasets 5.2.0 with pyarrow 26.0.1.
# Expected: a string of a JSON file is a string. Only what JSON writes without quotation marks has another type.
# Seen: if all strings of a column look like "1969-07-20", load_dataset("json") makes timestamps of them, in lists too. The answer is then
# no text: str() gives "1969-07-20 00:00:00", which exact match refuses and no passage has. With one other answer in the column, or with
# Dataset.from_list, they stay strings.
# Output: answers of 2 dates: timestamp, 1969-07-20 00:00:00; with one more answer: string, 1969-07-20; from_list: string, 1969-07-20
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
rows = [{"question": "when did men first land on the moon", "answers": ["1969-07-20"]}, {"question": "when", "answers": ["1972-12-14"]}]
more = [*rows, {"question": "who", "answers": ["Neil Armstrong"]}]


def load(rows, name):
    """Write a file in DPR's form and return it as `datasets` reads it."""
    with open(name, "w") as file:
        json.dump(rows, file)
    return load_dataset("json", data_files=name, split="train", cache_dir="cache")


seen = []
for data in (load(rows, "dates.json"), load(more, "mixed.json"), Dataset.from_list(rows)):
    kind = data.features["answers"].feature.dtype.split("[")[0]
    seen.append(f"{kind}, {data[0]['answers'][0]}")
print("answers of 2 dates: {}; with one more answer: {}; from_list: {}".format(*seen))
assert seen == ["timestamp, 1969-07-20 00:00:00", "string, 1969-07-20", "string, 1969-07-20"]
PYTHON
