#!/bin/sh
# Library: tokenizers 0.23.3, a BERT-like tokenizer with the WordPiece decoder.
# Expected: decoding the tokens of an answer gives the answer, but for case.
# Seen: a number, an abbreviation and a word with a hyphen come back with blanks. An answer cut out of a passage by decoding its tokens
# no longer equals the gold answer, also after the usual cleaning of exact match: "3 14" is not "314".
# Output: 3.14 -> 3. 14, u.s. -> u. s., well-known -> well - known, do not! -> do not!
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check tokenizers==0.23.3
venv/bin/python - <<'PYTHON'
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

texts = ["3.14", "u.s.", "well-known", "do not!"]
pre = pre_tokenizers.BertPreTokenizer()
words = sorted({word for text in texts for word, _ in pre.pre_tokenize_str(text)})
tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(["[UNK]", *words])}, unk_token="[UNK]"))
tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoders.WordPiece()
seen = [tokenizer.decode(tokenizer.encode(text).ids) for text in texts]
print(", ".join(f"{text} -> {back}" for text, back in zip(texts, seen)))
assert seen == ["3. 14", "u. s.", "well - known", "do not!"]
PYTHON
