#!/bin/sh
# Library: ir_datasets 0.6.3.
# Expected: create_dataset(docs_tsv="corpus.tsv") reads the file that is there.
# Seen: the first look-up of a passage by its id writes a copy beside the file (corpus.tsv.pklz4). From then on this copy is
# read, by docs_iter and in later processes too, whatever is written to corpus.tsv: a new passage is missing, an old text stays.
# Output:
#   first corpus:  p1 is 'The moon is far.', 1 passage
#   second corpus: p1 is 'The moon is far.', 1 passage, while corpus.tsv has 2
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check ir_datasets==0.6.3
cat > show.py <<'PYTHON'
import sys

import ir_datasets

dataset = ir_datasets.create_dataset(docs_tsv="corpus.tsv")
text, count = dataset.docs_store().get("p1").text, sum(1 for _ in dataset.docs_iter())
lines = sum(1 for _ in open("corpus.tsv"))
print(f"p1 is {text!r}, {count} passage" + (f", while corpus.tsv has {lines}" if count != lines else ""))
assert (text, count, lines) == ("The moon is far.", 1, int(sys.argv[1]))
PYTHON
export IR_DATASETS_HOME="$folder/home"
printf 'p1\tThe moon is far.\n' > corpus.tsv
printf 'first corpus:  '
venv/bin/python show.py 1 2>messages.txt || { cat messages.txt; exit 1; }
printf 'p1\tThe moon is 384,400 km away.\np2\tThe Nile is long.\n' > corpus.tsv
printf 'second corpus: '
venv/bin/python show.py 2 2>messages.txt || { cat messages.txt; exit 1; }
