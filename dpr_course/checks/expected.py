"""Pinned expected values: the results of the reference solutions, and of known wrong ones, on the published inputs.

`expected.json` is written by `python -m autograder pin` and never edited by hand. For each exercise it holds
the observations of the reference and of the known mistakes. Each value of the reference has its dtype and the noise
measured over numeric variants. The file holds the tolerance and the versions of the libraries once, for all exercises.
"""

import functools
import json
from importlib import resources

import numpy as np


def encode(value):
    """Return an observed value as JSON: strings as they are, numbers and arrays with dtype and shape."""
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
    """Return the reference's observation and the list of known mistakes (name, message, observation)."""
    entry = _file()["exercises"][exercise]
    expected = {key: decode(value) for key, value in entry["reference"].items()}
    mistakes = [{**m, "observation": {key: decode(value) for key, value in m["observation"].items()}} for m in entry["mistakes"]]
    return expected, mistakes
