#!/bin/sh
# Library: chromadb 1.5.9.
# Expected: get(ids=[...]) returns the passages in the order of the ids, as Qdrant's retrieve does, so that they can be put
# beside the scores of a ranking.
# Seen: they come in the order in which they were added, and an id that is unknown is left out.
# Output: asked for ['p3', 'p1', 'p9', 'p2'], got ['p1', 'p2', 'p3']
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check chromadb==1.5.9
ANONYMIZED_TELEMETRY=False venv/bin/python - <<'PYTHON'
import chromadb

passages = chromadb.EphemeralClient().create_collection("passages", embedding_function=None)
passages.add(ids=["p1", "p2", "p3"], embeddings=[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], documents=["moon", "nile", "sun"])
ranking = ["p3", "p1", "p9", "p2"]
found = passages.get(ids=ranking)
print(f"asked for {ranking}, got {found['ids']}")
assert found["ids"] == ["p1", "p2", "p3"] and found["documents"] == ["moon", "nile", "sun"]
PYTHON
