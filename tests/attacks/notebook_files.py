"""Notebook files that cost the grader too much (endless brackets, cells or digits), or that are malformed.

Each large file is just large enough for one of our limits to act. Files that would hang or crash other programs are not kept
here. Examples are a file that is nested too deeply for a parser, and a number of a million digits, which takes minutes to parse.
"""

import json

from attacks.answers import WRONG

CELL = {"cell_type": "code", "metadata": {}, "source": "# exercise: get_in_batch_contrastive_loss\n" + WRONG}


def notebook(*cells, **more):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


# {name: a function that makes the bytes of a file}. The grader must refuse each file with a reason.
REFUSED = {
    "brackets without end": lambda: b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "too many brackets": lambda: b'{"cells": [' + b"[]," * 20_000_001 + b"[]]}",
    "too many cells": lambda: notebook(*[{"cell_type": "code", "source": "1"}] * 10_001),
    "a number of too many digits": lambda: b'{"cells": [' + b"9" * 5_000 + b"]}",
    "too much code": lambda: notebook({"cell_type": "code", "source": "x = 1\n" * 400_000}),
    "another file's bytes": lambda: b"\x7fELF" + bytes(1000),
    "half a file": lambda: notebook(CELL)[:100],
    "no list of cells": lambda: json.dumps({"cells": {"0": CELL}}).encode(),
}
# {name: a function that makes the bytes of a file}. The grader must read each file and grade its answer.
READ = {
    "a picture that is none": lambda: notebook(CELL | {"outputs": [{"output_type": "display_data", "data": {"image/png": "x" * 10**6}}]}),
    "outputs of other types": lambda: notebook(CELL | {"outputs": {"0": 1}, "execution_count": "always"}),
    "metadata of other types": lambda: notebook(CELL | {"metadata": [1, 2]}, metadata=7),
    "lone surrogates": lambda: notebook(CELL, {"cell_type": "markdown", "metadata": {}, "source": "\ud800"}),
}  # fmt: skip
