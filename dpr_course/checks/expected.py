"""Loads the expected values of the checks from `expected.json`: results on the inputs of the published seed.

`python -m autograder pin` writes the file, and nobody edits it by hand. For each exercise it holds the observation (the
recorded results) of the reference solution, and those of known wrong solutions. Each value of the reference solution has its
dtype and its numeric noise beside it; the noise is measured by running the solution with other settings, such as float64. The
tolerance and the versions of the libraries are stored once for all exercises.
"""

import functools
import json
from importlib import resources

import numpy as np


def encode(value):
    """Return an observed value in a form that JSON can hold.

    A string stays as it is. A number or array becomes a dict with "dtype", "shape" and "data", a flat list.
    """
    if isinstance(value, str):
        return value
    a = np.asarray(value)
    data = [float(str(v)) for v in a.ravel()] if a.dtype == np.float32 else a.ravel().tolist()  # float32 needs few digits
    return {"dtype": str(a.dtype), "shape": list(a.shape), "data": data}


def decode(value):
    if isinstance(value, str):
        return value
    return np.array(value["data"], dtype=value["dtype"]).reshape(value["shape"])


@functools.cache
def _file():
    return json.loads(resources.files("dpr_course.checks").joinpath("expected.json").read_text(encoding="utf-8"))


def load_expected(exercise):
    """Return two values for the exercise with this id: the observation of the reference solution, and the known mistakes.

    The known mistakes are a list of dicts with "name", "message" and "observation".
    """
    entry = _file()["exercises"][exercise]
    expected = {key: decode(value) for key, value in entry["reference"].items()}
    mistakes = [{**m, "observation": {key: decode(value) for key, value in m["observation"].items()}} for m in entry["mistakes"]]
    return expected, mistakes
