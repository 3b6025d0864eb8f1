"""All that the page knows as two pieces of text: the bytes of weights and vectors, and a JSON of the rest, both packed.

Packed bytes become characters of seven bits each, which is an eighth longer; base64 is a third longer. The four characters that an
HTML file does not give back as they are (NUL, line feed, carriage return, "<") are written 192 places higher.
"""

import gzip
import json

import numpy as np

from dpr_course.bm25 import STOP_WORDS

SHIFT, SHIFTED = 192, (0, 10, 13, 60)
BM25_SETTINGS = {"k1": 0.9, "b": 0.4}  # those of dpr_course.bm25.bm25_candidates


def characters(data):
    """Bytes as text that may stand in a <script> of an HTML file in UTF-8. web/unpack.js reads it."""
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8))
    bits = np.concatenate([bits, np.zeros(-len(bits) % 7, dtype=np.uint8)]).reshape(-1, 7)
    codes = (bits @ (1 << np.arange(6, -1, -1))).astype(np.uint32)
    codes[np.isin(codes, SHIFTED)] += SHIFT
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def packed(data):
    """(characters, number of bytes that they stand for) of `data`, compressed."""
    small = gzip.compress(data, 9, mtime=0)
    return characters(small), len(small)


class _Blob:
    """Arrays one after another, each at a multiple of four bytes."""

    def __init__(self):
        self.parts, self.size = [], 0

    def add(self, array):
        """Append an array; returns the place of its first byte."""
        at = self.size
        data = array.tobytes()
        self.parts.append(data + b"\0" * (-len(data) % 4))
        self.size += len(self.parts[-1])
        return at

    def matrix(self, numbers, scales):
        return {"q": self.add(numbers), "s": self.add(scales.astype("<f4")), "shape": list(numbers.shape)}


def _shapes(column):
    return {name: np.shape(w[0] if isinstance(w, tuple) else w) for name, w in column.weights.items()}


def _dense(column, blob, base, base_number):
    """A dense column as JSON, its arrays put into `blob`. base: the column from whose weights the differences are written, or None.

    Training moves few rows of the word embeddings and those little: the differences pack to a third of the weights.
    """
    weights = {}
    for name, w in column.weights.items():
        if isinstance(w, tuple):
            numbers = w[0] if base is None else (w[0].view(np.uint8) - base.weights[name][0].view(np.uint8)).view(np.int8)
            weights[name] = blob.matrix(numbers, w[1])
        else:
            weights[name] = {"f": blob.add(w.astype("<f4")), "shape": list(w.shape)}
    return {
        "kind": "dense",
        "label": column.label,
        "note": column.note,
        "config": column.config,
        "weights": weights,
        "passages": {**blob.matrix(*column.vectors[:2]), "mean": blob.add(column.vectors[2].astype("<f4"))},
        "base": base_number,
        "map": column.map,
    }


def pack(columns, passages, samples):
    """(bytes of weights and vectors, dict of the rest). The first dense column is whole; those of its shape are differences from it."""
    blob, described, tokenizers = _Blob(), [], []
    first = next((i for i, c in enumerate(columns) if c.dense), None)
    for i, column in enumerate(columns):
        if not column.dense:
            described.append({"kind": "bm25", "label": column.label, "note": column.note})
            continue
        same = i != first and _shapes(column) == _shapes(columns[first])
        described.append(_dense(column, blob, columns[first] if same else None, first if same else None))
        if column.tokenizer not in tokenizers:
            tokenizers.append(column.tokenizer)
        described[-1]["tokenizer"] = tokenizers.index(column.tokenizer)
    numbers = {p["id"]: i for i, p in enumerate(passages)}
    about = {
        "columns": described,
        "tokenizers": tokenizers,
        "bm25": {**BM25_SETTINGS, "stop_words": stop_words()},
        "passages": [[p["title"], p["text"]] for p in passages],
        "questions": [
            [s["question"], s["answers"] or [], numbers.get(s.get("gold_context", {}).get("id"))]  # None: no known gold
            for s in samples
        ],
    }
    return b"".join(blob.parts), about


def stop_words():
    """Lucene's stop words, as the course's BM25 has them."""
    from bm25s.tokenization import _infer_stopwords

    return sorted(_infer_stopwords(STOP_WORDS["lucene"]))


def as_bytes(about):
    return json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
