"""A FAISS index of passage vectors, with the passages' ids and the fingerprint of the encoder that made the vectors.

There are two kinds of index:

    flat   compares every vector: the result is exact, and the time grows with the number of vectors
    hnsw   a graph that links each vector to 32 near ones (Malkov and Yashunin 2018). A search follows the links towards
           higher scores, keeps the `ef_search` best candidates, and compares only some of the vectors.

FAISS is an optional dependency of the course: `pip install faiss-cpu`, or `pip install "dpr-course[index]"`.
"""

import json

import numpy as np
import torch

from dpr_course.errors import CourseError
from dpr_course.pipeline.arrays import load_arrays, save_arrays

KINDS = ("flat", "hnsw")
LINKS, EF_CONSTRUCTION = 32, 100  # links per vector; candidates kept while the graph is built
FORMAT = "dpr-course index 1"
FIELDS = {"about": ("U", 0), "ids": ("U", 1), "index": ("u", 1)}


class VectorIndexError(CourseError):
    """Raised if vectors, questions or a file do not fit an index. The message says what does not fit and what to do."""


def load_faiss():
    """Return the module faiss. If it is not installed, raise ImportError, whose message says how to install it."""
    try:
        import faiss
    except ImportError:
        raise ImportError("FAISS is not installed: run `pip install faiss-cpu` (in a notebook `%pip install faiss-cpu`)") from None
    return faiss


def _matrix(vectors, what):
    """Return `vectors`, an array or a tensor, as a contiguous float32 array (n, d).

    Raises VectorIndexError if `vectors` is not a matrix of finite numbers. `what` names the vectors in the message.
    """
    if isinstance(vectors, torch.Tensor):
        vectors = vectors.detach().float().cpu().numpy()
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if vectors.ndim != 2:
        raise VectorIndexError(f"{what} must be a matrix with one vector per row; its shape is {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise VectorIndexError(f"{what} hold values that are not finite (row {int(np.argmin(np.isfinite(vectors).all(1)))})")
    return vectors


class PassageIndex:
    """An index that finds passages by inner product. Make one with `build` or `load`.

    faiss        the FAISS index itself, with rows 0 to n - 1
    ids          list of n passage ids; row i is the passage ids[i]
    fingerprint  fingerprint of the encoder that made the vectors, see `Retriever.fingerprint`
    """

    def __init__(self, faiss_index, ids, fingerprint=""):
        self.faiss, self.ids, self.fingerprint = faiss_index, ids, fingerprint

    def __len__(self):
        return self.faiss.ntotal

    @property
    def ef_search(self):
        """The number of candidates that a search of an hnsw index keeps. It is 0 for a flat index, and cannot be set there.

        With a larger number, a search finds more of the best passages and takes longer.
        """
        return self.faiss.hnsw.efSearch if hasattr(self.faiss, "hnsw") else 0

    @ef_search.setter
    def ef_search(self, value):
        self.faiss.hnsw.efSearch = max(1, int(value))

    @classmethod
    def build(cls, vectors, ids, kind="flat", fingerprint="", ef_search=64):
        """Return an index of `vectors` (n, d), in which row i belongs to the passage ids[i]. `kind` is "flat" or "hnsw".

        `ef_search` is the number of candidates that a search keeps; it matters for "hnsw" only.
        """
        faiss, vectors, ids = load_faiss(), _matrix(vectors, "the passage vectors"), [str(i) for i in ids]
        if kind not in KINDS:
            raise VectorIndexError(f"kind must be one of {', '.join(KINDS)}, but is {kind!r}")
        if not len(vectors):
            raise VectorIndexError("there are no vectors: an index needs at least one passage")
        if len(ids) != len(vectors) or len(set(ids)) != len(ids):
            raise VectorIndexError(
                f"{len(vectors)} vectors need the same number of different ids, but there are {len(ids)} ids, {len(set(ids))} of them different"
            )
        recipe = "Flat" if kind == "flat" else f"HNSW{LINKS},Flat"
        index = cls(faiss.index_factory(vectors.shape[1], recipe, faiss.METRIC_INNER_PRODUCT), ids, fingerprint)
        if kind == "hnsw":
            index.faiss.hnsw.efConstruction = EF_CONSTRUCTION
            index.ef_search = ef_search
        index.faiss.add(vectors)
        return index

    def search(self, X, k):
        """Return the scores and the row numbers of the best passages for each question of X (B, d), best first.

        Both have shape (B, min(k, n)), where n is the number of passages. If FAISS finds fewer than k passages, it fills the
        result with the row number -1, which Python would read as the *last* passage. To avoid this, k is limited to n, and a
        question for which the graph yields fewer than k passages is compared with all passages.
        """
        X = _matrix(X, "the question vectors")
        if X.shape[1] != self.faiss.d:
            raise VectorIndexError(
                f"the questions have {X.shape[1]} components, the index has {self.faiss.d}: embed both with the same retriever"
            )
        if k < 1:
            raise VectorIndexError(f"k must be at least 1, but is {k}")
        k = min(int(k), len(self))
        scores, rows = self.faiss.search(X, k)
        short = (rows < 0).any(axis=1)
        if short.any():
            S = X[short] @ self.faiss.reconstruct_n(0, len(self)).T  # (short, n)
            rows[short] = np.argsort(-S, axis=1, kind="stable")[:, :k]
            scores[short] = np.take_along_axis(S, rows[short], axis=1)
        return scores, rows

    def to_bytes(self):
        """Return the FAISS index as one array of bytes (uint8). Its length is the size of the index without the ids."""
        return load_faiss().serialize_index(self.faiss)

    def save(self, path):
        """Write the index, its ids and the fingerprint to one `.npz` file, completely or not at all."""
        about = json.dumps({"format": FORMAT, "fingerprint": self.fingerprint})
        save_arrays(path, about=np.array(about), ids=np.array(self.ids), index=self.to_bytes())

    @classmethod
    def load(cls, path, fingerprint):
        """Load the index that `save` wrote, for the encoder with this fingerprint.

        Raises VectorIndexError if the file is not a complete index, or if another encoder made its vectors.
        """
        faiss, arrays = load_faiss(), load_arrays(path, FIELDS, VectorIndexError)
        ids, content = arrays["ids"].tolist(), arrays["index"]
        try:
            about = json.loads(arrays["about"].item())
            if about["format"] != FORMAT:
                raise ValueError(f"its format is {about['format']!r}, but this course reads {FORMAT!r}")
            if content.dtype != np.uint8:
                raise ValueError(f"field 'index' must be uint8, but is {content.dtype}")
            index = cls(faiss.deserialize_index(content), ids, about["fingerprint"])
        except KeyError as e:
            raise VectorIndexError(f"{path}: not an index of this course, field {e.args[0].split()[0]!r} is missing") from None
        except (ValueError, TypeError, RuntimeError) as e:
            raise VectorIndexError(f"{path}: not a complete index ({str(e).splitlines()[0][:200]})") from None
        if len(ids) != len(index):
            raise VectorIndexError(f"{path}: field 'ids' holds {len(ids)} ids for {len(index)} vectors")
        if index.fingerprint != fingerprint:
            raise VectorIndexError(
                f"{path}: its vectors were made by another encoder (fingerprint {index.fingerprint or 'none'}, yours is "
                f"{fingerprint or 'none'}). Their scores with your questions would mean nothing: embed the passages again"
            )
        return index
