"""Reading and writing a `.npz` file of named arrays: a file is written completely or not at all, and checked when it is read."""

import struct
import tokenize
import zipfile
import zlib

import numpy as np

from dpr_course.data import DataError
from dpr_course.files import replacing

# How a damaged file can fail to be read: its zip, a compressed member, the head of an array, or a shape larger than memory.
DAMAGE = (
    OSError, ValueError, TypeError, EOFError, NotImplementedError, MemoryError, RuntimeError, AttributeError, KeyError, SyntaxError,
    OverflowError, struct.error, zipfile.BadZipFile, zlib.error, tokenize.TokenError,
)  # fmt: skip
KINDS = {"f": "floating point", "i": "integers", "U": "text"}


def save_arrays(path, **arrays):
    """Write named arrays to the `.npz` file `path`, completely or not at all."""
    with replacing(path) as part, open(part, "wb") as file:
        np.savez(file, **arrays)


def load_arrays(path, fields):
    """Read the arrays of a `.npz` file and return {name: array}. Nothing is unpickled.

    `fields` is {name: (kinds, number of dimensions)}, with kinds as in `dtype.kind`, for example "f" or "U".
    Raises DataError if a field is missing, damaged, or of another kind or shape; the message names the file and the field.
    """
    arrays = {}
    try:
        archive = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except DAMAGE:
        raise DataError(f"{path}: not a .npz file, or a damaged one") from None
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise DataError(f"{path}: holds one bare array, not the named arrays {', '.join(fields)} of a .npz file")
    with archive:
        for name, (kinds, ndim) in fields.items():
            if name not in archive.files:
                raise DataError(f"{path}: field {name!r} is missing; the fields are {', '.join(fields)}")
            try:
                array = archive[name]
            except DAMAGE:
                raise DataError(f"{path}: field {name!r} is damaged, or holds Python objects, which are not loaded") from None
            if not isinstance(array, np.ndarray):  # a member that is not an array comes back as bytes
                raise DataError(f"{path}: field {name!r} is not an array")
            if array.dtype.kind not in kinds:
                raise DataError(f"{path}: field {name!r} holds {array.dtype}, must be {' or '.join(KINDS[k] for k in kinds)}")
            if array.ndim != ndim:
                raise DataError(f"{path}: field {name!r} has shape {array.shape}, must have {ndim} dimension(s)")
            arrays[name] = array
    return arrays
