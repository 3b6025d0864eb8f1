"""Files of arrays: reading a damaged file always ends in the clear error for its kind of file, and never gives wrong numbers."""

import random

import numpy as np
import pytest

from dpr_course.data import DataError
from dpr_course.pipeline.arrays import load_arrays, save_arrays
from dpr_course.pipeline.features import FeaturesError, load_features, make_features, save_features
from dpr_course.pipeline.index import PassageIndex, VectorIndexError
from dpr_course.pipeline.search import load_hits, save_hits, search_vectors
from dpr_course.pipeline.vectors import Vectors, load_vectors, save_vectors

IDS = [f"p{i}" for i in range(90)]
X = np.random.default_rng(0).normal(size=(90, 16)).astype(np.float32)
VECTORS = Vectors(IDS, X, "e", (0, 1), "s")
CHANGES, CUTS = 300, 50


def features_file(path, tokenizer, toy_nq):
    save_features(path, make_features(toy_nq[0][:40], tokenizer, 40)[0])
    return load_features, FeaturesError


def vectors_file(path, *_):
    save_vectors(path, VECTORS)
    return load_vectors, DataError


def hits_file(path, *_):
    save_hits(path, search_vectors(VECTORS, VECTORS, 10, "s"))
    return load_hits, DataError


def index_file(path, *_):
    pytest.importorskip("faiss")
    PassageIndex.build(X, IDS, "hnsw", "e").save(path)
    return lambda path: {"ids": (index := PassageIndex.load(path, "e")).ids, "faiss": index.to_bytes()}, VectorIndexError


def content(loaded):
    """Return the loaded object, a dict or an object with attributes, as {name: array}."""
    return {name: np.asarray(value) for name, value in (loaded if isinstance(loaded, dict) else vars(loaded)).items()}


def damages(whole, seed=1):
    """Yield damaged copies of the bytes `whole`: CHANGES copies with one changed byte, then CUTS copies that are cut off."""
    rng = random.Random(seed)
    for _ in range(CHANGES):
        data = bytearray(whole)
        data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
        yield bytes(data)
    for _ in range(CUTS):
        yield whole[: rng.randrange(len(whole))]


@pytest.mark.parametrize("write", [features_file, vectors_file, hits_file, index_file])
@pytest.mark.filterwarnings("ignore:Reading `.npy`")  # NumPy warns if a header looks like one from Python 2
def test_a_damaged_file_gives_the_clear_error_or_what_was_saved(write, tmp_path, tokenizer, toy_nq):
    path = tmp_path / "x.npz"
    load, error = write(path, tokenizer, toy_nq)
    whole, good, refused = path.read_bytes(), content(load(path)), 0
    for data in damages(whole):
        path.write_bytes(data)
        try:
            found = content(load(path))
        except error as e:
            refused += 1
            assert "x.npz" in str(e)
        else:  # the changed byte has no effect, such as one in a date
            assert found.keys() == good.keys() and all(np.array_equal(found[k], good[k]) for k in good)
            assert all(found[k].dtype == good[k].dtype for k in good)
    assert refused > (CHANGES + CUTS) * 0.9


def test_a_changed_shape_is_refused(tmp_path):
    """An array whose header states a wrong shape is refused.

    The zip's checksum does not find this if the stated array is smaller: NumPy then stops reading before the end.
    """
    path = tmp_path / "x.npz"
    save_vectors(path, VECTORS)
    whole = path.read_bytes()
    for shape in (b"(90, 06)", b"(90, 11)", b"(10, 16)", b"(90, 99)"):
        assert whole.count(b"(90, 16)") == 1
        path.write_bytes(whole.replace(b"(90, 16)", shape))
        with pytest.raises(DataError, match="x.npz: field 'embeddings' is damaged"):
            load_vectors(path)


def test_all_arrays_or_those_that_are_named(tmp_path):
    path = tmp_path / "x.npz"
    for compressed in (False, True):
        save_arrays(path, compressed, a=np.arange(3), b=np.array("text"))
        assert list(load_arrays(path)) == ["a", "b"] and list(load_arrays(path, {"a": ("i", 1)})) == ["a"]
    with pytest.raises(FeaturesError, match="field 'c' is missing; the fields are c"):
        load_arrays(path, {"c": ("i", 1)}, FeaturesError)
