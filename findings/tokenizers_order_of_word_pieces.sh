#!/bin/sh
# Library: tokenizers 0.23.3, WordPieceTrainer.
# Expected: trained twice on the same texts, in one process, a tokenizer has the same vocabulary with the same ids, as a BPE one has.
# Seen: the ids of the pieces that continue a word (##a, ##b ...) change from one training to the next, and where pieces are equally
# frequent so does the vocabulary. An encoder fits only the very tokenizer file that it was trained with.
# Output: WordPiece: 10 different vocabularies in 10 trainings; BPE: 1 in 10 (the first number may be 9)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check tokenizers==0.23.3
venv/bin/python - <<'PYTHON'
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

TEXTS = ["the cat sat on the mat", "a dog ran to the park", "birds sing in the trees"]


def different(model, trainer):
    seen = set()
    for _ in range(10):
        tokenizer = Tokenizer(model(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        tokenizer.train_from_iterator(TEXTS, trainer(vocab_size=45, special_tokens=["[UNK]"], show_progress=False))
        seen.add(tuple(sorted(tokenizer.get_vocab().items())))
    return len(seen)


pieces, pairs = different(models.WordPiece, trainers.WordPieceTrainer), different(models.BPE, trainers.BpeTrainer)
print(f"WordPiece: {pieces} different vocabularies in 10 trainings; BPE: {pairs} in 10")
assert pieces > 2 and pairs == 1
PYTHON
