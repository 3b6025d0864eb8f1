"""Files that cannot be graded, each with the reason that the grader must give."""

import json

from damages.register import damage
from damages.submission import clean, code


@damage("refused", reason="empty")
def empty_file(nb):
    return b""


@damage("refused", reason="empty")
def blanks_only(nb):
    return b" \n\n"


@damage("refused", reason="not JSON")
def not_json(nb):
    return b"def f():\n    return 1\n"


@damage("refused", reason="cut off")
def truncated(nb):
    raw = json.dumps(nb).encode()
    return raw[: len(raw) // 2]


@damage("refused", reason="web page")
def a_web_page(nb):
    return b"<!DOCTYPE html><html><body>GitHub</body></html>"


@damage("refused", reason="no list of cells")
def other_json(nb):
    return b'{"a": 1}'


@damage("refused", reason="no list of cells")
def a_json_list(nb):
    return b"[1, 2, 3]"


@damage("refused", reason="no cells")
def no_cells(nb):
    return {**nb, "cells": []}


@damage("refused", reason="did you submit the right file")
def another_course(nb):
    return {**nb, "cells": [code("import pandas as pd"), code("def f(x):\n    return x")]}


@damage("refused", reason="the notebook of 03_recall_at_k")
def another_stage(nb):
    return clean("03_recall_at_k")


@damage("refused", reason="JSON")
def brackets_without_end(nb):
    return b"[" * 100_000


@damage("refused", reason="MB")
def too_large(nb):
    return b'{"cells": [' + b" " * 200_000_001 + b"]}"


@damage("refused", reason="MB of text")
def too_much_code(nb):
    nb["cells"].append(code("x = 1\n" * 400_000))
    return nb
