"""The `.npz` file of vectors that `dpr-course encode` writes. NumPy can read it without this package. Its fields:

ids         (N,)    text; each id occurs once
embeddings  (N, d)  float32 or float16; row i belongs to ids[i]
encoder     ()      text: fingerprint of the encoder that made the vectors; vectors of two encoders are never compared
shard       (2,)    integers i, n: the file holds shard i of n, counted from 0
source      ()      text: digest of everything that the rows were made from; it tells whether the file is up to date
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from dpr_course.data import DataError
from dpr_course.pipeline.arrays import load_arrays, save_arrays

FIELDS = {"ids": ("U", 1), "embeddings": ("f", 2), "encoder": ("U", 0), "shard": ("i", 1), "source": ("U", 0)}


@dataclass(frozen=True, eq=False)
class Vectors:
    """N vectors with their ids and their origin: the encoder, the shard of the corpus, and the digest of what they were made from."""

    ids: list  # of N strings
    embeddings: np.ndarray  # (N, d)
    encoder: str = ""  # fingerprint of the encoder
    shard: tuple = (0, 1)  # (i, n): the vectors are those of shard i of n
    source: str = ""  # digest of everything that the vectors were made from

    def check(self, where="vectors"):
        """Return self if all fields are valid. Otherwise raise DataError, which begins with `where` and names the field."""
        if self.embeddings.ndim != 2 or self.embeddings.dtype not in (np.float32, np.float16):
            is_, shape = self.embeddings.dtype, self.embeddings.shape
            raise DataError(f"{where}: field 'embeddings' is {is_} {shape}, but must be float32 or float16 of shape (N, d)")
        check_ids(self.ids, where, "ids")
        if len(self.ids) != len(self.embeddings):
            raise DataError(f"{where}: {len(self.ids)} ids, but {len(self.embeddings)} rows in field 'embeddings'")
        if not np.isfinite(self.embeddings).all():
            row = int(np.flatnonzero(~np.isfinite(self.embeddings).all(axis=1))[0])
            raise DataError(f"{where}: field 'embeddings' is not finite in row {row} (id {self.ids[row]!r})")
        check_shard(self.shard, where)
        return self


def check_ids(ids, where, field):
    """Raise DataError if an id in the list `ids` is not text, is empty, ends in a NUL (which NumPy drops), or occurs twice.

    The message begins with `where`, for example a file name, and names `field`, the field that holds the ids.
    """
    seen = set()
    for i, key in enumerate(ids):
        if not isinstance(key, str) or not key or key.endswith("\0"):
            raise DataError(f"{where}: field '{field}[{i}]' is not an id: {key!r}")
        if key in seen:
            raise DataError(f"{where}: field '{field}[{i}]' is {key!r}, which was there before")
        seen.add(key)


def check_shard(shard, where):
    """Raise DataError unless `shard` is a pair (i, n) with 0 <= i < n. The message begins with `where`."""
    if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
        raise DataError(f"{where}: field 'shard' is {list(shard)}, but must be [i, n] with 0 <= i < n")


def digest(*parts):
    """Return a hash of the `parts` as 32 hexadecimal digits. Arrays are hashed by their bytes, anything else as text.

    The order of the parts matters.
    """
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = np.ascontiguousarray(part).reshape(-1).view(np.uint8) if isinstance(part, np.ndarray) else str(part).encode()
        total.update(f"{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


def save_vectors(path, vectors):
    """Write Vectors to the `.npz` file `path`, completely or not at all. Raises DataError if a field is not valid."""
    vectors.check(str(path))
    save_arrays(
        path, ids=np.array(vectors.ids, dtype=str), embeddings=vectors.embeddings, encoder=np.array(vectors.encoder),
        shard=np.array(vectors.shard), source=np.array(vectors.source),
    )  # fmt: skip


def load_vectors(path):
    """Load Vectors from a file that `save_vectors` wrote. Raises DataError, which names the file and the wrong field."""
    a = load_arrays(path, FIELDS)
    shard = tuple(a["shard"].tolist())
    vectors = Vectors(a["ids"].tolist(), a["embeddings"], a["encoder"].item(), shard, a["source"].item())
    return vectors.check(str(path))
