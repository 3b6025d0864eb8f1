"""Packs all data of the page into two texts: one for the bytes of weights and vectors, one for the JSON of everything else.

Both are compressed, and the compressed bytes are written as characters that hold seven bits each. That takes about 18 % more
space than the bytes, while base64 takes a third more. Four characters would not be read back unchanged by a browser: NUL, line
feed, carriage return and "<". They are replaced by the characters whose code is larger by 192.
"""

import gzip
import json

import numpy as np

from dpr_course.bm25 import STOP_WORDS

SHIFT, SHIFTED = 192, (0, 10, 13, 60)
BM25_SETTINGS = {"k1": 0.9, "b": 0.4}  # the defaults of dpr_course.bm25.bm25_candidates


def characters(data):
    """Encode bytes as text that is safe inside a <script> of a UTF-8 page. web/unpack.js decodes it."""
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8))
    bits = np.pad(bits, (0, -len(bits) % 7)).reshape(-1, 7)  # (n, 7)
    # A 0 is put before each group of seven bits. A product with powers of two instead would take eight times as much memory.
    codes = np.packbits(np.pad(bits, ((0, 0), (1, 0))), axis=1)[:, 0].astype(np.uint32)  # (n,)
    codes[np.isin(codes, SHIFTED)] += SHIFT
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def packed(data):
    """Compress the bytes `data` with gzip. Return the result as text (see `characters`), and its size in bytes."""
    small = gzip.compress(data, 9, mtime=0)
    return characters(small), len(small)


class _Blob:
    """A block of bytes to which arrays are added one after another. Each array begins at a multiple of four bytes."""

    def __init__(self):
        self.parts, self.size = [], 0

    def add(self, array):
        """Append an array and return the position of its first byte."""
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
    """Return the Column of a dual encoder as a dict for JSON. Its arrays are added to `blob`; the dict has their positions.

    base         a Column, if only the differences from its int8 weights are to be stored; None to store the weights themselves
    base_number  position of `base` among the columns; None if `base` is None

    Training changes few rows of the word embeddings, and changes them only slightly. So the compressed differences take a third
    of the space that the weights would take.
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
    """Return two values: the bytes of all weights and vectors, and a dict, for JSON, with everything else on the page.

    The weights of the first column with a dual encoder are stored as they are. If a later column has weights of the same
    shapes, their differences from the first column's weights are stored.
    """
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
            [s["question"], s["answers"] or [], numbers.get(s.get("gold_context", {}).get("id"))]  # None: the gold is not known
            for s in samples
        ],
    }
    return b"".join(blob.parts), about


def stop_words():
    """Return the sorted list of Lucene's English stop words, the words that the course's BM25 leaves out."""
    from bm25s.tokenization import _infer_stopwords

    return sorted(_infer_stopwords(STOP_WORDS["lucene"]))


def as_bytes(about):
    return json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
