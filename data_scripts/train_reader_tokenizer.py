"""Trains the toy reader's tokenizer, a byte-pair encoding, on the passages alone (a few seconds).

A question is written in lower case and a passage is not, but the reader must find the words of a question in a passage. The
tokenizer therefore splits "harry" and "Harry" at the same places. Their first pieces are *twins*: they differ only in the case
of the first letter. In `pretrain_reader.py`, the vectors of twins start equal except for one component. Capitals inside a word
become lower case.

The conventions are T5's: <pad> 0, </s> 1 at the end of every text, <unk> 2, "▁" for a space.
"""

import json

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

SPECIAL = ["<pad>", "</s>", "<unk>"]
WORDS = (
    "question: title: context: who what when where which why whom whose how many much long old tall far did does do is are "
    "was were in on at of name year day city country place kind called"
)
INNER = "ABCDEFGHIJKLMNOPQRSTUVWXYZÉÓÖÜ"


def twin(piece):
    """Return `piece` with a capital first letter: '▁harry' -> '▁Harry'.

    A piece without a capital form is returned unchanged.
    """
    start = piece[:1] == "▁"
    first = piece[start : start + 1]
    return piece[:start] + first.upper() + piece[start + 1 :] if len(first.upper()) == 1 else piece


def learn_merges(texts, vocabulary):
    """Train a lower-case byte-pair encoding of `vocabulary` pieces on `texts`.

    Return (merges, characters): the merges in order, as a list of (piece, piece), and the sorted list of single characters.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = split()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, show_progress=False)
    tokenizer.train_from_iterator([*texts, *[WORDS] * 50], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return [tuple(pair) for pair in model["merges"]], sorted(piece for piece in model["vocab"] if len(piece) == 1)


def split():
    return pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation("isolated")])


def build(merges, alphabet):
    """Return a tokenizer made from `merges`, a list of (piece, piece), and `alphabet`, a list of characters.

    The same input always gives the pieces the same ids.
    """
    pieces = list(dict.fromkeys([*SPECIAL, *alphabet, *(a + b for a, b in merges)]))
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>"))
    small = [normalizers.Replace(Regex(rf"(?<=\p{{L}}){c}"), c.lower()) for c in INNER]
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), *small])
    tokenizer.pre_tokenizer = split()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def train_tokenizer(passages, vocabulary=7000):
    """Return a tokenizer with `vocabulary` lower-case pieces, and with those of their capitalised forms that the passages need.

    `passages` are dicts with title and text.
    """
    texts = [f"{p['title']} {p['text']}" for p in passages]
    merges, alphabet = learn_merges(texts, vocabulary)
    both = [m for a, b in merges for m in ((a, b), (a, twin(b)) if a == "▁" else (twin(a), b))]
    both = list(dict.fromkeys(both))
    letters = sorted({*alphabet, *map(twin, alphabet)})
    trial = build(both, letters)
    needed = {piece for e in trial.encode_batch(texts) for piece in e.tokens} | {a + b for a, b in merges}
    for a, b in reversed(both):  # a piece needs the two pieces that are merged into it
        if a + b in needed:
            needed |= {a, b}
    tokenizer = build([(a, b) for a, b in both if a + b in needed], letters)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=512
    )
