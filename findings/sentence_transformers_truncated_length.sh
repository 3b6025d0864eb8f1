#!/bin/sh
# Library: sentence-transformers 6.2.0 with torch 2.13.0.
# Expected: a model whose last module is Normalize gives vectors of length 1, also with truncate_dim, so that an inner-product index
# ranks by the cosine.
# Seen: the vectors are cut after the module has run, and are shorter than 1, each by another amount. The nearest passage by inner
# product is then another for most questions. encode(normalize_embeddings=True) does it in the right order.
# Output:
#   64 dimensions: lengths 1.00 to 1.00, the nearest of 500 passages by inner product is that by cosine for 100 of 100 questions
#   cut to 8: lengths 0.13 to 0.61, the nearest of 500 passages by inner product is that by cosine for 17 of 100 questions
#   cut to 8, normalize_embeddings=True: lengths 1.00 to 1.00, the nearest of 500 passages by inner product is that by cosine for 100 of
#   100 questions
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 sentence-transformers==6.2.0 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import warnings

warnings.simplefilter("ignore")
import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

words = {f"word{i}": i for i in range(600)}
tokenizer = Tokenizer(models.WordLevel(words, unk_token="word0"))
tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
weights = np.random.default_rng(0).standard_normal((600, 64)).astype("float32")
modules = [StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()]


def encode(cut, **options):
    """Return the lengths of the vectors and for how many questions inner product and cosine agree."""
    vectors = SentenceTransformer(modules=modules, truncate_dim=cut, device="cpu").encode(list(words), **options)
    lengths = np.linalg.norm(vectors, axis=1)
    scores = vectors[:100] @ vectors[100:].T
    return lengths.min(), lengths.max(), int((scores.argmax(1) == (scores / lengths[100:]).argmax(1)).sum())


seen = encode(None), encode(8), encode(8, normalize_embeddings=True)
text = "{}: lengths {:.2f} to {:.2f}, the nearest of 500 passages by inner product is that by cosine for {} of 100 questions"
for name, values in zip(("64 dimensions", "cut to 8", "cut to 8, normalize_embeddings=True"), seen):
    print(text.format(name, *values))
assert all(abs(x - 1) < 1e-5 for x in (*seen[0][:2], *seen[2][:2])) and seen[0][2] >= 99 and seen[2][2] >= 99
assert seen[1][1] < 0.9 and seen[1][2] < 50
PYTHON
