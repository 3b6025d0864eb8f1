#!/bin/sh
# Library: langchain-community 0.4.2 with rank-bm25 0.2.2.
# Expected: BM25Retriever, out of the box, finds the passage that has the question's only rare word, as any BM25 baseline does.
# Seen: texts are split at blanks and nothing else is done, so that "Nile?" is not "Nile" and "moon" not "Moon". A question that ends in
# its rare word finds nothing: its hits are those of a word that no passage has.
# Output: Nile: river; Nile?: same hits as zebra; nile: same hits as zebra
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check langchain-community==0.4.2 rank_bm25==0.2.2 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import warnings

warnings.simplefilter("ignore")
from langchain_community.retrievers import BM25Retriever

texts = ["river: the Nile flows north", "star: our Sun gives heat", "sea: tides follow Moon phases", "city: Paris lies inland"]
retriever = BM25Retriever.from_texts(texts, k=2)
hits = {question: [p.page_content for p in retriever.invoke(question)] for question in ("Nile", "Nile?", "nile", "zebra")}
assert hits["Nile"][0] == texts[0]
assert hits["Nile?"] == hits["nile"] == hits["zebra"] and texts[0] not in hits["zebra"]
assert (retriever.vectorizer.get_scores(retriever.preprocess_func("Nile?")) == 0).all()
print("Nile: river; Nile?: same hits as zebra; nile: same hits as zebra")
PYTHON
