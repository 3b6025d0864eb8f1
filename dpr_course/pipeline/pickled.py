"""Reads the embedding files that other systems publish, which are pickles, without running any code in them.

    DPR               list of (id, vector)
    minDPR            list of [id, vector]
    FiD, Contriever   tuple (ids, matrix)
    Tevatron          tuple (matrix, ids)

A pickle is a program, and loading one may run any command. Here a pickle can only build lists, tuples, text, numbers and arrays
of numbers. If a pickle names a function or class that is not needed for these, it is refused before anything is called.
"""

import io
import pickle
from pathlib import Path

import numpy as np

from dpr_course.data import DataError
from dpr_course.pipeline.vectors import Vectors


class Refused(Exception):
    """Raised if a pickle asks for something that is neither plain data nor an array of numbers."""


class StandIn:
    """Takes the place of a function or class that a pickle calls. It records the arguments of the call and calls nothing."""

    __slots__ = ("args", "state")

    def __init__(self, *args):
        self.args, self.state = args, None

    def __setstate__(self, state):
        self.state = state


class Encode(StandIn):
    """Stands for `_codecs.encode(text, "latin1")`, the call by which pickles of protocol 2 store bytes."""

    def bytes(self):
        text, codec = self.args
        if codec not in ("latin1", "latin-1"):
            raise Refused(f"bytes encoded as {codec!r}")
        return text.encode("latin1")


class Dtype(StandIn):
    """Stands for `numpy.dtype`. Only plain numbers and text are allowed."""

    def dtype(self):
        dtype = np.dtype(str(self.args[0]))
        if dtype.kind not in "fiuU":
            raise Refused(f"an array of {dtype}")
        return dtype.newbyteorder(self.state[1] if self.state else "=")


class Scalar(StandIn):
    """Stands for `numpy._core.multiarray.scalar`, the call by which pickles store a single NumPy number."""

    def value(self):
        dtype, data = self.args
        return np.frombuffer(as_bytes(data), dtype.dtype(), count=1)[0].item()


class Array(StandIn):
    """Stands for `numpy.ndarray` and for `_reconstruct`, which makes an empty array. The content of the array is in `state`."""

    def array(self):
        _, shape, dtype, fortran, data = self.state
        return np.frombuffer(as_bytes(data), dtype.dtype()).reshape(shape, order="F" if fortran else "C")


class FromBuffer(StandIn):
    """Stands for `numpy._core.numeric._frombuffer`, the call by which pickles of protocol 5 store an array."""

    def array(self):
        data, dtype, shape, order = self.args
        return np.frombuffer(as_bytes(data), dtype.dtype()).reshape(shape, order=order)


def as_bytes(data):
    return data.bytes() if isinstance(data, Encode) else data


# NumPy 2 renamed numpy.core to numpy._core.
ALLOWED = {("numpy", "ndarray"): Array, ("numpy", "dtype"): Dtype, ("_codecs", "encode"): Encode}
for core in ("numpy.core", "numpy._core"):
    ALLOWED[f"{core}.multiarray", "_reconstruct"] = Array
    ALLOWED[f"{core}.multiarray", "scalar"] = Scalar
    ALLOWED[f"{core}.numeric", "_frombuffer"] = FromBuffer


class Unpickler(pickle._Unpickler):
    """An unpickler that allows only the names in ALLOWED.

    It extends the implementation in Python, because a single number in a pickle can make the implementation in C use up all memory.
    """

    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise Refused(f"{module}.{name}")
        return ALLOWED[module, name]


def array_of(value, ndim, where):
    """Return the array that the stand-in `value` describes. Raises DataError unless it is a float array of `ndim` dimensions.

    The message begins with the text `where`.
    """
    array = value.array() if isinstance(value, (Array, FromBuffer)) else None
    if array is None or array.ndim != ndim or array.dtype.kind != "f":
        found = type(value).__name__ if array is None else f"{array.dtype} {array.shape}"
        raise DataError(f"{where}: must be an array of floating-point numbers with {ndim} dimension(s), but is {found}")
    return array


def id_of(value, where):
    """Return the id `value`, text or an integer (some systems number the passages), as text. Raises DataError for any other type."""
    value = value.value() if isinstance(value, Scalar) else value
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise DataError(f"{where}: must be text or a whole number, but is {type(value).__name__}")
    return str(value)


def interpret(found, path):
    """Return the ids (list of N strings) and the matrix (N, d) in `found`, the content of a pickle.

    Raises DataError, whose message begins with `path`, if the content has none of the known layouts.
    """
    if isinstance(found, list) and found:
        ids, rows = [], []
        for i, pair in enumerate(found):
            if not isinstance(pair, (list, tuple)) or len(pair) != 2:
                raise DataError(f"{path}: record {i} must be a pair (id, vector), but is {type(pair).__name__}")
            ids.append(id_of(pair[0], f"{path}: record {i}, id"))
            rows.append(array_of(pair[1], 1, f"{path}: record {i}, vector"))
            if len(rows[i]) != len(rows[0]):
                raise DataError(f"{path}: record {i}, vector: has {len(rows[i])} numbers, record 0 has {len(rows[0])}")
        return ids, np.stack(rows)
    if isinstance(found, tuple) and len(found) == 2:
        ids, matrix = found if isinstance(found[1], (Array, FromBuffer)) and found[1].array().ndim == 2 else found[::-1]
        matrix = array_of(matrix, 2, f"{path}: matrix")
        if isinstance(ids, (Array, FromBuffer)) and ids.array().ndim == 1:
            ids = ids.array().tolist()
        if not isinstance(ids, (list, tuple)):
            raise DataError(f"{path}: ids must be a list, but are {type(ids).__name__}")
        return [id_of(key, f"{path}: ids[{i}]") for i, key in enumerate(ids)], matrix
    raise DataError(
        f"{path}: holds {type(found).__name__}; the known layouts are a list of (id, vector), (ids, matrix) and (matrix, ids)"
    )


def load_pickled(path, encoder="", shard=(0, 1)):
    """Load Vectors from an embedding file of DPR, minDPR, FiD, Contriever or Tevatron.

    These formats record neither the encoder nor the shard. So the Vectors get the given `encoder`, a fingerprint, and `shard`,
    a pair (i, n) for shard i of n.

    Raises DataError, which names the file and the place, if the file is damaged, has none of the four formats, or holds anything
    other than lists, tuples, text, numbers and arrays of numbers.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as e:
        raise DataError(f"{path}: {'no such file' if isinstance(e, FileNotFoundError) else e.strerror}") from None
    try:
        ids, matrix = interpret(Unpickler(io.BytesIO(data)).load(), path)
    except DataError:
        raise
    except Refused as e:
        raise DataError(
            f"{path}: refused. It asks for {e}, but only lists, text, numbers and arrays of numbers are loaded"
        ) from None
    except Exception as e:  # a damaged or forged pickle may raise anything
        raise DataError(f"{path}: not a pickle of embeddings, or a damaged one ({type(e).__name__})") from None
    matrix = matrix.astype(np.float16 if matrix.dtype == np.float16 else np.float32)
    return Vectors(ids, matrix, encoder, shard).check(str(path))
