"""Files of vectors, in one piece or in shards, and pickle files of vectors from other systems."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpr_course.data import DataError
from dpr_course.pipeline.pickled import load_pickled
from dpr_course.pipeline.shards import parse_shard, shard_bounds
from dpr_course.pipeline.vectors import Vectors, load_vectors, save_vectors

IDS = ["p0", "7", "wiki:3"]
MATRIX = np.arange(12, dtype=np.float32).reshape(3, 4) / 8


@given(st.integers(0, 40), st.integers(1, 60))
def test_shards_are_the_corpus_in_order(size, n):
    bounds = [shard_bounds(size, i, n) for i in range(n)]
    assert [x for a, b in bounds for x in range(a, b)] == list(range(size))
    sizes = [b - a for a, b in bounds]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("text", ["4/4", "1", "1/0", "-1/4", "a/b", "1/2/3", "0.5/2"])
def test_a_shard_that_does_not_exist(text):
    with pytest.raises(ValueError, match=r"shard"):
        parse_shard(text)
    assert parse_shard("3/4") == (3, 4)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_vectors_come_back(tmp_path, dtype):
    path = tmp_path / "folder" / "v.npz"
    save_vectors(path, Vectors(IDS, MATRIX.astype(dtype), "abc", (1, 3), "made from"))
    back = load_vectors(path)
    assert (back.ids, back.encoder, back.shard, back.source) == (IDS, "abc", (1, 3), "made from")
    assert back.embeddings.dtype == dtype and np.array_equal(back.embeddings, MATRIX.astype(dtype))
    assert [p.name for p in path.parent.iterdir()] == ["v.npz"]
    save_vectors(path, Vectors([], np.zeros((0, 4), dtype)))  # an empty shard
    assert load_vectors(path).embeddings.shape == (0, 4)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"ids": None}, ["'ids'", "missing"]),
        ({"ids": np.array([1, 2, 3])}, ["'ids'", "int64"]),
        ({"ids": np.array(["a", "b"])}, ["2 ids", "3 rows"]),
        ({"ids": np.array(["a", "b", "a"])}, ["'ids[2]'", "'a'"]),
        ({"ids": np.array(["a", "", "c"])}, ["'ids[1]'"]),
        ({"ids": np.array(["a", "b", 3], dtype=object)}, ["'ids'", "Python objects"]),
        ({"embeddings": MATRIX.astype(np.float64)}, ["'embeddings'", "float64"]),
        ({"embeddings": MATRIX[0]}, ["'embeddings'", "(4,)"]),
        ({"embeddings": MATRIX.astype(int)}, ["'embeddings'", "int64"]),
        ({"embeddings": np.where(MATRIX == 0.5, np.nan, MATRIX)}, ["'embeddings'", "row 1", "'7'"]),
        ({"shard": np.array([3, 3])}, ["'shard'", "[3, 3]"]),
        ({"shard": np.array([0, 1, 2])}, ["'shard'"]),
        ({"encoder": np.array(7)}, ["'encoder'"]),
        ({"source": None}, ["'source'", "missing"]),
    ],
)
def test_a_broken_field_is_named(tmp_path, changes, words):
    path = tmp_path / "v.npz"
    good = {"ids": np.array(IDS), "embeddings": MATRIX, "encoder": np.array("e"), "shard": np.array([0, 1]), "source": np.array("")}
    np.savez(path, **{k: v for k, v in (good | changes).items() if v is not None})
    with pytest.raises(DataError) as e:
        load_vectors(path)
    for word in ["v.npz", *words]:
        assert word in str(e.value)


def test_damaged_files_are_named_and_nothing_half_written_stays(tmp_path):
    path = tmp_path / "v.npz"
    save_vectors(path, Vectors(IDS, MATRIX))
    whole = path.read_bytes()
    for content in (b"", b"text", whole[:100], whole[:-40], whole[:150] + bytes(60) + whole[210:]):
        path.write_bytes(content)
        with pytest.raises(DataError, match="v.npz"):
            load_vectors(path)
    with open(path, "wb") as file:
        np.save(file, MATRIX)
    with pytest.raises(DataError, match="bare array"):
        load_vectors(path)
    path.write_bytes(whole)
    with pytest.raises(DataError):
        save_vectors(path, Vectors(["a", "a", "b"], MATRIX))
    assert path.read_bytes() == whole and len(list(tmp_path.iterdir())) == 1
    with pytest.raises(DataError, match="no such file"):
        load_vectors(tmp_path / "none.npz")


def old_numpy(data):
    """Return the pickle `data` with the module names of NumPy 1 in place of NumPy 2's. data: bytes, in a protocol below 4.

    A pickle stores a name after one byte with its length, or after the opcode "c".
    """
    for new, old in ((b"numpy._core.multiarray", b"numpy.core.multiarray"), (b"numpy._core.numeric", b"numpy.core.numeric")):
        data = data.replace(bytes([len(new)]) + new, bytes([len(old)]) + old).replace(b"c" + new, b"c" + old)
    return data


PUBLISHED = {
    "DPR": [(i, v) for i, v in zip(IDS, MATRIX)],
    "minDPR": [[i, v] for i, v in zip(IDS, MATRIX)],
    "FiD": (IDS, MATRIX),
    "Tevatron": (MATRIX, IDS),
    "array of ids": (MATRIX, np.array(IDS)),
    "half": (IDS, MATRIX.astype(np.float16)),
    "columns": (IDS, np.asfortranarray(MATRIX)),
    "other byte order": (IDS, MATRIX.astype(">f4")),
}


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("old", [False, True])
def test_the_published_formats(tmp_path, name, protocol, old):
    data = pickle.dumps(PUBLISHED[name], protocol)
    if old and protocol < 5:  # not with protocol 5: its frames store their lengths, which the new names would change
        data = old_numpy(data) if protocol < 4 else old_numpy(pickle.dumps(PUBLISHED[name], 3))
    path = tmp_path / "shard_0"
    path.write_bytes(data)
    found = load_pickled(path, encoder="theirs")
    assert found.ids == IDS and found.encoder == "theirs" and np.array_equal(found.embeddings, MATRIX)


def test_whole_numbers_as_ids(tmp_path):
    path = tmp_path / "x.pkl"
    for ids in ([1, 20, 3], [np.int64(1), np.int64(20), np.int64(3)], np.array([1, 20, 3])):
        path.write_bytes(pickle.dumps((MATRIX, ids)))
        assert load_pickled(path).ids == ["1", "20", "3"]


class Runs:
    """An object whose pickle calls `function(*args)` when it is loaded."""

    def __init__(self, function, *args):
        self.call = (function, args)

    def __reduce__(self):
        return self.call


def evil():
    import os
    import subprocess

    marker = "import pathlib; pathlib.Path('pwned').touch()"
    objects = np.array([Runs(exec, marker), None], dtype=object)
    yield "os.system", [("a", Runs(os.system, "touch pwned"))]
    yield "eval", [("a", Runs(eval, "open('pwned', 'w')"))]
    yield "exec in an id", [(Runs(exec, marker), MATRIX[0])]
    yield "subprocess", Runs(subprocess.run, ["touch", "pwned"])
    yield "getattr", Runs(getattr, 1, "real")
    yield "array of objects", (IDS[:2], objects)
    yield "objects without a payload", (IDS, np.array([[1], [2], [3]], dtype=object))
    yield "structured", (IDS, np.zeros(3, dtype=[("x", "f4")]))
    yield "a set", {"a"}
    yield "numpy.load", Runs(np.load, "x")
    yield "np.fromfile", Runs(np.fromfile, "/etc/passwd")


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_malicious_pickles_do_nothing(tmp_path, monkeypatch, protocol):
    monkeypatch.chdir(tmp_path)
    for name, content in evil():
        path = tmp_path / "evil.pkl"
        path.write_bytes(pickle.dumps(content, protocol))
        with pytest.raises(DataError, match="evil.pkl"):
            load_pickled(path)
        assert [p.name for p in tmp_path.iterdir()] == ["evil.pkl"], name


@pytest.mark.parametrize(
    "name, data",
    [
        ("a global by STACK_GLOBAL", b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R."),
        ("a dotted name", b"\x80\x04\x8c\x05numpy\x8c\x0edtype.__init__\x93."),
        ("a registered extension", b"\x80\x02\x82\x01."),
        ("a persistent id", b"\x80\x02X\x01\x00\x00\x00aQ."),
        ("deep", b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b"."),
        ("a memo of 2**31 places", b"\x80\x02]r\xff\xff\xff\x7f."),
        ("a text of 2**60 bytes", b"\x80\x04\x8d" + (2**60).to_bytes(8, "little") + b"x."),
        ("an array larger than its bytes", pickle.dumps((IDS, MATRIX), 4).replace(b"K\x03K\x04\x86", b"K\x7fK\x7f\x86")),
        ("cut short", pickle.dumps((IDS, MATRIX))[:-30]),
        ("nothing", b""),
        ("text", b"hello"),
        ("changed dtype", pickle.dumps((IDS, MATRIX), 4).replace(b"\x8c\x02f4", b"\x8c\x02O8")),
    ],
)
def test_forged_pickles_are_refused(tmp_path, name, data):
    path = tmp_path / "forged.pkl"
    path.write_bytes(data)
    with pytest.raises(DataError, match="forged.pkl"):
        load_pickled(path)


@pytest.mark.parametrize(
    "content, words",
    [
        ([("a", MATRIX[0]), ("b",)], ["record 1", "pair"]),
        ([("a", MATRIX[0]), ("b", MATRIX[0, :3])], ["record 1, vector", "3 numbers"]),
        ([("a", MATRIX[0]), ("b", [1.0, 2.0])], ["record 1, vector", "list"]),
        ([("a", MATRIX[0]), (None, MATRIX[1])], ["record 1, id", "NoneType"]),
        ([("a", MATRIX[0]), ("a", MATRIX[1])], ["'ids[1]'"]),
        ((IDS[:2], MATRIX), ["2 ids", "3 rows"]),
        ((IDS, MATRIX.astype(int)), ["matrix"]),
        ((MATRIX, MATRIX), ["ids"]),
        ((IDS, MATRIX, 3), ["tuple"]),
        ({"ids": IDS}, ["dict"]),
        ([], ["list"]),
        ((IDS, MATRIX + np.float32("inf")), ["'embeddings'", "row 0"]),
    ],
)
def test_what_is_none_of_the_formats_is_named(tmp_path, content, words):
    path = tmp_path / "x.pkl"
    path.write_bytes(pickle.dumps(content))
    with pytest.raises(DataError) as e:
        load_pickled(path)
    for word in ["x.pkl", *words]:
        assert word in str(e.value)


@given(st.binary(max_size=200), st.integers(0, 300))
@settings(max_examples=200, deadline=None)
def test_noise_is_an_error_and_nothing_else(tmp_path_factory, noise, at):
    data = pickle.dumps((IDS, MATRIX), 4)
    path = tmp_path_factory.getbasetemp() / "noise.pkl"
    path.write_bytes(data[:at] + noise + data[at + len(noise) :])
    try:
        load_pickled(path)
    except DataError as e:
        assert "noise.pkl" in str(e)
