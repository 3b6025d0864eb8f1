"""Passage vectors in a FAISS index, with their ids and the fingerprint of the encoder that made them.

    flat   every vector is compared: exact, and slower with each vector more
    ivf    inverted file: k-means puts the vectors into 2 sqrt(n) cells, and a question looks only into the `nprobe` cells
           whose centres suit it best (Sivic and Zisserman 2003; Johnson, Douze and Jégou 2019)

FAISS is an optional part of the course: `pip install faiss-cpu`, or `pip install "dpr-course[index]"`.
"""

import json
import zipfile

import numpy as np
import torch

from dpr_course.files import replacing

KINDS = ("flat", "ivf")
FORMAT = "dpr-course index 1"


class VectorIndexError(ValueError):
    """Vectors, questions or a file that do not fit an index. The message says what does not fit, and what to do."""


def load_faiss():
    """The module faiss. Raises ImportError with the remedy if it is not installed."""
    try:
        import faiss
    except ImportError:
        raise ImportError("FAISS is not installed: run `pip install faiss-cpu` (in a notebook `%pip install faiss-cpu`)") from None
    return faiss


def _matrix(vectors, what):
    """Vectors as a contiguous float32 array (n, d)."""
    if isinstance(vectors, torch.Tensor):
        vectors = vectors.detach().float().cpu().numpy()
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if vectors.ndim != 2:
        raise VectorIndexError(f"{what} must be a matrix, one vector a row; the shape is {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise VectorIndexError(f"{what} hold values that are not finite (row {int(np.argmin(np.isfinite(vectors).all(1)))})")
    return vectors


class PassageIndex:
    """Passages by inner product. `build` or `load` one.

    faiss        the FAISS index itself: rows 0 to n - 1
    ids          list of n passage ids; row i is the passage ids[i]
    fingerprint  of the encoder that made the vectors, see `Retriever.fingerprint`
    """

    def __init__(self, faiss_index, ids, fingerprint=""):
        self.faiss, self.ids, self.fingerprint = faiss_index, ids, fingerprint

    def __len__(self):
        return self.faiss.ntotal

    @property
    def nprobe(self):
        """Cells that a question looks into; 0 for a flat index. May be set."""
        return getattr(self.faiss, "nprobe", 0)

    @nprobe.setter
    def nprobe(self, value):
        self.faiss.nprobe = max(1, min(int(value), self.faiss.nlist))

    @classmethod
    def build(cls, vectors, ids, kind="flat", fingerprint="", nprobe=8):
        """An index of `vectors` (n, d); row i belongs to the passage ids[i]. kind: "flat" or "ivf"."""
        faiss, vectors, ids = load_faiss(), _matrix(vectors, "the passage vectors"), [str(i) for i in ids]
        if kind not in KINDS:
            raise VectorIndexError(f"kind must be one of {', '.join(KINDS)}, is {kind!r}")
        if not len(vectors):
            raise VectorIndexError("there is no vector: an index needs at least one passage")
        if len(ids) != len(vectors) or len(set(ids)) != len(ids):
            raise VectorIndexError(
                f"{len(vectors)} vectors need as many different ids; given are {len(ids)}, {len(set(ids))} different"
            )
        n, d = vectors.shape
        cells = max(1, round(min(2 * n**0.5, n / 4)))
        recipe = "Flat" if kind == "flat" else f"IVF{cells},Flat"
        index = cls(faiss.index_factory(d, recipe, faiss.METRIC_INNER_PRODUCT), ids, fingerprint)
        if kind == "ivf":
            index.faiss.cp.min_points_per_centroid, index.faiss.cp.max_points_per_centroid = 1, 64  # quiet, and quick
            index.faiss.train(vectors)
            index.nprobe = nprobe
        index.faiss.add(vectors)
        return index

    def search(self, X, k):
        """The best passages of the questions X (B, d): scores and rows, both (B, min(k, n)), best first.

        FAISS itself fills up with row -1, which Python takes for the *last* passage, when there are fewer than k. Here k is
        cut to n, and a question whose cells hold fewer than k passages looks into all of them.
        """
        X = _matrix(X, "the question vectors")
        if X.shape[1] != self.faiss.d:
            raise VectorIndexError(
                f"the questions have {X.shape[1]} components, the index has {self.faiss.d}: embed both with the same retriever"
            )
        if k < 1:
            raise VectorIndexError(f"k must be at least 1, is {k}")
        k = min(int(k), len(self))
        scores, rows = self.faiss.search(X, k)
        short = (rows < 0).any(axis=1)
        if short.any():
            everywhere = load_faiss().SearchParametersIVF(nprobe=self.faiss.nlist)
            scores[short], rows[short] = self.faiss.search(X[short], k, params=everywhere)
        return scores, rows

    def to_bytes(self):
        """The FAISS index as one array of bytes: what it takes in memory and on disk, but for the ids."""
        return load_faiss().serialize_index(self.faiss)

    def save(self, path):
        """Write the index, its ids and the fingerprint to one `.npz` file, complete or not at all."""
        about = json.dumps({"format": FORMAT, "fingerprint": self.fingerprint})
        with replacing(path) as part, open(part, "wb") as file:
            np.savez(file, about=np.array(about), ids=np.array(self.ids), index=self.to_bytes())

    @classmethod
    def load(cls, path, fingerprint):
        """The index that `save` wrote, for the encoder with this fingerprint.

        Raises VectorIndexError if the file is not a complete index, or if another encoder made its vectors.
        """
        faiss = load_faiss()
        try:
            with np.load(path, allow_pickle=False) as file:
                about, ids, content = json.loads(file["about"].item()), file["ids"].tolist(), file["index"]
            if about["format"] != FORMAT:
                raise ValueError(f"format {about['format']!r}, this course reads {FORMAT!r}")
            if content.dtype != np.uint8:
                raise ValueError(f"field 'index' must be uint8, is {content.dtype}")
            index = cls(faiss.deserialize_index(content), ids, about["fingerprint"])
        except FileNotFoundError:
            raise VectorIndexError(f"{path}: no such file") from None
        except KeyError as e:
            raise VectorIndexError(f"{path}: not an index of this course, field {e.args[0].split()[0]!r} is missing") from None
        except (OSError, ValueError, TypeError, EOFError, AttributeError, RuntimeError, zipfile.BadZipFile) as e:
            raise VectorIndexError(f"{path}: not a complete index ({str(e).splitlines()[0][:200]})") from None
        if len(ids) != len(index):
            raise VectorIndexError(f"{path}: field 'ids' holds {len(ids)} ids for {len(index)} vectors")
        if index.fingerprint != fingerprint:
            raise VectorIndexError(
                f"{path}: its vectors were made by another encoder (fingerprint {index.fingerprint or 'none'}, yours is "
                f"{fingerprint or 'none'}). Their scores with your questions would mean nothing: embed the passages again"
            )
        return index
