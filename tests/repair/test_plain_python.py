"""IPython's own syntax is turned into plain Python, and no text makes the parser crash or run for long."""

import json
import time

import pytest
from damages import LOSS, MASKED, STAGE, clean, code, exercise

from autograder.repair.plain_python import plain
from autograder.repair.repair import repair


@pytest.mark.parametrize(
    "source, expected",
    [
        ("%time x = f(1)", "x = f(1)"),
        ("%%time\ndef f():\n    return 1", "def f():\n    return 1"),
        ("files = !ls\ny = 2", "files = None\ny = 2"),
        ("def f():\n    !ls\n    return 1", "def f():\n    pass\n    return 1"),
        (">>> x = 1\n>>> y = 2", "x = 1\ny = 2"),
        ("get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", "pass\nx = 1"),
        ("%%bash\necho hello", "%%bash\necho hello"),
        ("def f(:\n    %time 1", "def f(:\n    %time 1"),
        ("x = 5 % 3 != 1", "x = 5 % 3 != 1"),
        ('s = """\n%time\n!ls\n"""', 's = """\n%time\n!ls\n"""'),
    ],
)
def test_magics_become_plain_python_and_errors_stay(source, expected):
    assert plain(source) == expected


@pytest.mark.parametrize(
    "text", ["(" * 5000, "-" * 40_000 + "1", "x = \0", "\\", "'" * 9, "#" + " " * 500_000, "%t\n" * 5000, "\ud800"]
)
def test_texts_that_upset_parsers(text):
    nb = json.loads(clean())
    nb["cells"].insert(0, code(text))
    nb["cells"][exercise(nb)]["source"].append("\n" + text)
    start = time.process_time()
    assert set(repair(json.dumps(nb).encode(), STAGE).exercises) == {LOSS, MASKED}
    assert time.process_time() - start < 5
