"""Makes the inputs of the checks. They are small, are made from a seed, and are the same on every machine.

The parameter `rng` is NumPy's random generator. Numbers are small dyadic fractions (multiples of 1/8, for example), so that
their sums and products are exact in float32, or nearly so, on every machine.
"""

import contextlib
import functools
import io
import pickle
from unittest import mock

import numpy as np
import torch
from torch import nn

# Whole words in the vocabulary of any English tokenizer, so that cutting at 100 tokens is cutting at 100 words.
WORDS = """
the of and in to was is for on as with by he that at from his it an were are which this also be
had first one their its new after who they two her she been other when time during there into all may more years over only
""".split()

_WORDS = np.array(WORDS)

REMEMBERED = 256  # largest number of inputs that `drawn` keeps per function
DTYPE, ATTENTION = torch.float32, "eager"  # `autograder.authoring.pin` changes them to measure the numeric noise of a check


def generator(seed):
    return np.random.default_rng(seed)


class _ThroughNumpy(pickle.Pickler):
    """A pickler that writes tensors as NumPy arrays, in a tenth of the time that torch's own pickling takes."""

    def reducer_override(self, value):
        return (torch.from_numpy, (value.numpy(),)) if type(value) is torch.Tensor else NotImplemented


def _packed(value):
    file = io.BytesIO()
    _ThroughNumpy(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return file.getvalue()


def drawn(draw):
    """Decorate `draw(rng, ...)`, a function that draws inputs, with a cache, so that the same inputs are drawn only once.

    The key of the cache is the state of `rng` together with the other arguments, which must be plain values. If the key is
    known, the cached inputs are returned, and `rng` is set to the state that it had after these inputs were drawn. Drawing takes
    most of a check's time, and autograder.proof runs the checks on the same inputs for hundreds of answers (students' code).
    Each call returns a new copy, so an answer that changes its inputs does not change those of other answers.
    """
    known = {}

    @functools.wraps(draw)
    def again(rng, *args, **options):
        key = pickle.dumps((rng.bit_generator.state, args, options, str(DTYPE), ATTENTION))
        if key not in known:
            while len(known) >= REMEMBERED:
                known.pop(next(iter(known)))
            with torch.random.fork_rng(devices=[]):  # a model's first weights come from torch's own generator
                made = draw(rng, *args, **options)
            known[key] = _packed((made, rng.bit_generator.state))
        made, rng.bit_generator.state = pickle.loads(known[key])
        return made

    return again


def dyadic(rng, *shape, scale=8):
    """Return a tensor of the given shape with random multiples of 1/scale between -2 and 2, as float32 (DTYPE)."""
    return torch.tensor(rng.integers(-2 * scale, 2 * scale + 1, shape) / scale, dtype=DTYPE)


@contextlib.contextmanager
def mixed_precision():
    """Return a context manager in which torch computes products in bfloat16, as in training on a GPU.

    NumPy has no bfloat16, so a tensor's `numpy()` raises an error there. An answer that counts with NumPy is right nevertheless:
    in this context it gets the same numbers as float32.
    """
    numpy = torch.Tensor.numpy

    def widened(tensor, **options):
        return numpy(tensor.float() if tensor.dtype == torch.bfloat16 else tensor, **options)

    with mock.patch.object(torch.Tensor, "numpy", widened), torch.autocast("cpu", torch.bfloat16):
        yield


def phrase(rng, n):
    return " ".join(rng.choice(_WORDS, n))


def snapshot(value):
    """Return the content of a value (a tensor, an array, or lists and dicts of them) as plain lists.

    Two snapshots of the same value, taken before and after a call, are equal if the call did not change the value.
    """
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return str(value.dtype), tuple(value.shape), value.tolist()
    if isinstance(value, dict):
        return [(k, snapshot(v)) for k, v in value.items()]
    return [snapshot(v) for v in value] if isinstance(value, (list, tuple)) else repr(value)


def make_id(rng, prefix):
    """Return a random id that begins with `prefix`, such as "p3-0fd61f0e". It cannot be guessed without the seed."""
    return f"{prefix}-{rng.integers(16**8):08x}"


def make_passage(rng, i, n=7):
    return {
        "id": make_id(rng, f"p{i}"),
        "title": phrase(rng, int(rng.integers(1, 4))),
        "text": phrase(rng, n + int(rng.integers(0, 4))),
    }


def make_samples(rng, n, hard_negative=lambda i: False, words=6):
    """Return `n` samples with random questions and passages. Sample i gets a hard negative if `hard_negative(i)` is true.

    `words` is the smallest number of words in a question.
    """
    samples = []
    for i in range(n):
        sample = {
            "id": make_id(rng, f"q{i}"),
            "question": phrase(rng, words + int(rng.integers(0, 3))),
            "answers": [phrase(rng, 1)],
            "gold_context": make_passage(rng, 2 * i),
        }
        if hard_negative(i):
            sample["hard_negative"] = make_passage(rng, 2 * i + 1)
        samples.append(sample)
    return samples


@drawn
def tiny_backbone(rng, dim=16, vocabulary=40, layers=1):
    """Return a small DistilBertModel in evaluation mode. Its weights are dyadic fractions (see the module's docstring)."""
    from transformers import DistilBertConfig, DistilBertModel

    config = DistilBertConfig(
        vocab_size=vocabulary, dim=dim, n_layers=layers, n_heads=2, hidden_dim=2 * dim, max_position_embeddings=32,
        dropout=0.0, attention_dropout=0.0, attn_implementation=ATTENTION,
    )  # fmt: skip
    model = DistilBertModel(config).to(DTYPE).eval()
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            # Small matrices make the attention soft, so that each token, and padding read by mistake, changes the result.
            p.copy_(dyadic(rng, *p.shape) / (8 if p.ndim > 1 else 1))
            if "LayerNorm" in name or "layer_norm" in name:
                p.abs_().add_(0.5) if name.endswith("weight") else None
    return model


def padded_ids(rng, lengths, vocabulary=40):
    """Return (ids, mask), both (B, T), of random texts with these lengths in tokens, [CLS] included.

    The id of [CLS], the first token of each text, is 2. Texts are padded on the right with the id 0.
    """
    ids = np.zeros((len(lengths), max(lengths)), np.int64)
    for row, n in enumerate(lengths):
        ids[row, :n] = rng.integers(5, vocabulary, n)
    ids[:, 0] = 2
    mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
    return torch.from_numpy(ids), torch.from_numpy(mask.astype(np.int64))


@drawn
def distinct_ids(rng, n, vocabulary=40):
    """Return (ids, mask), both (n, T), of `n` different random texts of 4 to 8 tokens."""
    while True:
        ids, mask = padded_ids(rng, rng.integers(4, 9, n).tolist(), vocabulary)
        if len({tuple(row) for row in ids.tolist()}) == n:
            return ids, mask


class FixedVectors(nn.Module):
    """A stand-in for a dual encoder with fixed vectors: question Q[i] has the vector X[i], and passage P[j] the vector Y[j].

    X is (B, d), Y is (N, d). Any other text, and any of these texts with another mask, gets a vector of zeros.
    """

    def __init__(self, X, Y, Q, Q_mask, P, P_mask):
        super().__init__()
        self.X, self.Y = nn.Parameter(X), nn.Parameter(Y)
        self.texts = [self._text(Q, Q_mask), self._text(P, P_mask)]

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        return self.query_encoder(Q, Q_mask), self.passage_encoder(P, P_mask)

    def query_encoder(self, ids, mask):
        return self._vectors(self.X, self.texts[0], ids, mask)

    def passage_encoder(self, ids, mask):
        return self._vectors(self.Y, self.texts[1], ids, mask)

    @staticmethod
    def _text(ids, mask):
        """Return `ids` with -1 in place of ids whose mask is 0, and -2 in place of ids whose mask is neither 0 nor 1."""
        return ids if mask is None else ids.where(mask == 1, mask.ne(0) * -1 - 1)

    def _vectors(self, vectors, known, ids, mask):
        if ids is None:
            return None
        rows = self._text(ids, mask)
        same = (rows.unsqueeze(1) == known).all(2).float()  # (n, N)
        if len(rows) == len(known):
            same += same * torch.eye(len(rows))  # of two equal rows each keeps its own vector
        found, place = same.max(1)
        return vectors[place] * (found > 0).unsqueeze(1)


class DropoutVectors(FixedVectors):
    """FixedVectors with dropout: when a text is encoded again in training mode, its vector is multiplied by `kept` (d,)."""

    def __init__(self, *vectors_and_texts, kept):
        super().__init__(*vectors_and_texts)
        self.kept, self.encoded = kept, set()

    def _vectors(self, vectors, known, ids, mask):
        fixed = super()._vectors(vectors, known, ids, mask)
        if fixed is None or not self.training:
            return fixed
        texts = [(vectors is self.X, *row) for row in self._text(ids, mask).tolist()]
        again = torch.tensor([t in self.encoded for t in texts])
        self.encoded.update(texts)
        return torch.where(again.unsqueeze(1), fixed * self.kept, fixed)
