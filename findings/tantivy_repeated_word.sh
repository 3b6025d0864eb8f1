#!/bin/sh
# Library: tantivy 0.27.0 (the Python package).
# Expected: BM25 adds up the words of a question, so a word that stands in it twice counts twice, as in bm25s and rank-bm25.
# Seen: the query parser keeps one of equal words. In "the moon of the moon of Mars", "moon" weighs as much as "Mars".
# Output: moon 0.13353139, moon moon 0.13353139, moon with the weight 2 0.26706278
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check tantivy==0.27.0
venv/bin/python - <<'PYTHON'
import tantivy

builder = tantivy.SchemaBuilder()
builder.add_text_field("body", stored=True)
index = tantivy.Index(builder.build())
writer = index.writer(15_000_000, 1)
for text in ("moon and sun", "moon", "a moon of mars"):
    writer.add_document(tantivy.Document(body=[text]))
writer.commit()
writer.wait_merging_threads()
index.reload()
searcher = index.searcher()
once, twice, weighted = (searcher.search(index.parse_query(q, ["body"]), 1).hits[0][0] for q in ("moon", "moon moon", "moon^2"))
print(f"moon {once:.8f}, moon moon {twice:.8f}, moon with the weight 2 {weighted:.8f}")
assert once == twice and abs(weighted - 2 * once) < 1e-6
PYTHON
