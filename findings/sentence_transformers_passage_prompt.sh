#!/bin/sh
# Library: sentence-transformers 6.2.0 with torch 2.13.0.
# Expected: encode_document puts the first prompt there is of "document", "passage" and "corpus" before a text, as its documentation says.
# With prompts for "query" and "passage", as E5 was trained with, passages get theirs.
# Seen: the model adds an empty prompt "document" of its own, which comes first. Questions get their prompt, passages none, and nothing is
# said. A model that is saved keeps the empty prompt.
# Output: prompts query, document, passage; a question is encoded with "query:", a passage without a prompt
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 sentence-transformers==6.2.0
venv/bin/python - <<'PYTHON'
import warnings

warnings.simplefilter("ignore")
import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

words = {word: i for i, word in enumerate(["[UNK]", "query:", "passage:", "moon", "nile"])}
tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
weights = np.random.default_rng(0).standard_normal((len(words), 16)).astype("float32")
prompts = {"query": "query: ", "passage": "passage: "}
model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], prompts=prompts, device="cpu")


def prompt_of(vector):
    """Return with which prompt `moon` was encoded."""
    return [name for name in ("", "query: ", "passage: ") if np.allclose(vector, model.encode(name + "moon", prompt=""), atol=1e-6)]


question, passage = prompt_of(model.encode_query("moon")), prompt_of(model.encode_document("moon"))
assert question == ["query: "] and passage == [""] and list(model.prompts) == ["query", "document", "passage"]
print("prompts query, document, passage; a question is encoded with \"query:\", a passage without a prompt")
PYTHON
