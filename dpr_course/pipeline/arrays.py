"""Reads and writes `.npz` files of named arrays. All `.npz` files of the package are read here.

A file is written completely or not at all, and its fields are checked when it is read.
"""

import numpy as np

from dpr_course.data import DataError
from dpr_course.files import replacing

KINDS = {"f": "floating point", "i": "integers", "u": "integers without a sign", "U": "text"}


def save_arrays(path, compressed=False, **arrays):
    """Write named arrays to the `.npz` file `path`, completely or not at all."""
    with replacing(path) as part, open(part, "wb") as file:
        (np.savez_compressed if compressed else np.savez)(file, **arrays)


def load_arrays(path, fields=None, error=DataError):
    """Read the arrays of a `.npz` file and return {name: array}. Pickled Python objects in the file are refused.

    `fields` names the arrays to read: {name: (kinds, number of dimensions)}. `kinds` is a string of allowed letters of NumPy's
    `dtype.kind`, for example "f" or "iu". Without `fields`, every array of the file is returned. Raises `error`, an exception
    class, if the file cannot be read, or if a field is missing, damaged, or not as `fields` says. The message names file and field.
    """
    try:
        archive = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise error(f"{path}: no such file") from None
    except Exception:  # a damaged file may raise anything: errors of zip, zlib, lzma, of Python's parser
        raise error(f"{path}: not a .npz file, or a damaged one") from None
    if not isinstance(archive, np.lib.npyio.NpzFile):
        named = f"the named arrays {', '.join(fields)}" if fields else "the named arrays"
        raise error(f"{path}: holds one bare array, not {named} of a .npz file")
    with archive:
        if lacking := [name for name in fields or () if name not in archive.files]:
            raise error(f"{path}: field {lacking[0]!r} is missing; the fields are {', '.join(fields)}")
        arrays = {name: _read(archive, name, path, error) for name in fields or archive.files}
    for name, (kinds, ndim) in (fields or {}).items():
        array = arrays[name]
        if array.dtype.kind not in kinds:
            raise error(f"{path}: field {name!r} holds {array.dtype}, must be {' or '.join(KINDS[k] for k in kinds)}")
        if array.ndim != ndim:
            raise error(f"{path}: field {name!r} has shape {array.shape}, must have {ndim} dimension(s)")
    return arrays


def _read(archive, name, path, error):
    """Return the array `name` of an open `.npz` archive. Raises `error` if the array is damaged or holds Python objects.

    The array is read to the end of its part of the archive, because zipfile verifies the checksum only there.
    """
    if f"{name}.npy" not in archive.zip.namelist():
        raise error(f"{path}: field {name!r} is not an array")
    try:
        with archive.zip.open(f"{name}.npy") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
            if file.read(1):
                raise ValueError("there is more than its shape says")
    except Exception:  # a damaged file may raise anything here too
        raise error(f"{path}: field {name!r} is damaged, or holds Python objects, which are not loaded") from None
    return array
