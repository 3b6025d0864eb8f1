"""Lines around an answer that raise errors on the grading machine cost no points, unless the answer needs what they define."""

import json

import pytest
from damages import LOSS, check, clean, code, edit, exercise
from graded_notebook import full, graded

from autograder.repair.statements import globals_of, is_definition, needed

LINES = {
    "a default device that is not there": "torch.set_default_device('cuda')\nSIZE = torch.zeros(2)",
    "a default device of a Mac": "torch.set_default_device('mps')",
    "a package": "import a_package_that_is_not_there as pd",
    "a name of a package": "from a_package_that_is_not_there.deep import thing, other",
    "Colab": "from google.colab import drive\ndrive.mount('/content/drive')",
    "a GPU": "import torch\nmodel = torch.nn.Linear(2, 2).cuda()",
    "a device": "import torch\ndevice = torch.device('cuda')\nx = torch.zeros(2, device=device)",
    "a condition": "import torch\nassert torch.cuda.is_available(), 'switch the GPU on'",
    "a file": "table = open('my_table.json').read()",
    "a file in a block": "import json\nwith open('my_table.json') as f:\n    table = json.load(f)",
    "installing": "!pip install einops\n%pip install -q einops",
    "installing without a sign": "pip install einops",
    "a folder": "cd /content/drive/MyDrive",
    "a long command": "!pip install \\\n    einops \\\n    pandas",
    "a magic": "%matplotlib inline\n%load_ext autoreload\n%autoreload 2",
    "a helper of Colab": "from google.colab import files\nuploaded = files.upload()",
    "a question": "name = input('Who are you? ')",
    "a stop": "breakpoint()",
    "an end": "exit()",
    "an end of the system": "import sys\nsys.exit(0)",
    "what other cells make": "print(model_that_was_trained_above.history)",
    "a future": "from __future__ import annotations",
    "awaiting": "await something()",
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
@pytest.mark.parametrize("where", ["above, marked first", "above the mark", "below", "own cell above", "own cell between"])
def test_lines_around_the_answer_cost_it_nothing(pool, lines, where):
    nb, i = json.loads(clean()), None
    i = exercise(nb)
    if where == "above, marked first":
        edit(nb, i, lambda s: s.replace("\n", f"\n{lines}\n", 1))
    elif where == "above the mark":
        edit(nb, i, lambda s: f"{lines}\n{s}")
    elif where == "below":
        edit(nb, i, lambda s: f"{s}\n\n{lines}")
    else:
        nb["cells"].insert(check(nb) if where == "own cell between" else i, code(lines))
    assert all(full(graded(pool, nb)).values())


def test_a_line_without_end_hides_no_answer(pool):
    nb = json.loads(clean())
    edit(nb, exercise(nb), lambda s: s.replace("\n", "\nwhile True:\n    pass\n", 1))
    nb["cells"].insert(exercise(nb), code("x = 0\nwhile True:\n    x += 1"))
    assert full(graded(pool, nb, seconds=4.0))[LOSS]


NEEDED = {
    "a package": ("import a_package_that_is_not_there as pd", "pd.DataFrame()", "a_package_that_is_not_there is not installed"),
    "a package inside": ("", "import a_package_that_is_not_there", "is not installed on the grading machine"),
    "a file": ("table = open('my_table.json').read()", "table.upper()", "files beside the notebook are not available"),
    "a GPU": ("", "torch.zeros(2).cuda()", "the grading machine has no GPU"),
    "a breakpoint": ("", "breakpoint()", "breakpoint() waits for a person"),
    "a debugger": ("import pdb", "pdb.set_trace()", "pdb.set_trace() waits for a person"),
    "another debugger": ("import pdb", "pdb.Pdb().set_trace()", "waits for a person"),
    "a question": ("", "input('go on?')", "input() waits for a person"),
}


@pytest.mark.parametrize("own_cell", [False, True])
@pytest.mark.parametrize("line, use, words", NEEDED.values(), ids=NEEDED)
def test_what_the_answer_needs_and_does_not_find_is_named(pool, line, use, words, own_cell):
    nb = json.loads(clean())
    edit(nb, exercise(nb), lambda s: s.replace("    Q, Q_mask", f"    {use}\n    Q, Q_mask", 1))
    if own_cell:
        nb["cells"].insert(exercise(nb), code(line))
    else:
        edit(nb, exercise(nb), lambda s: s.replace("\n", f"\n{line}\n", 1))
    result = graded(pool, nb)[LOSS]
    assert result["points"] == 0
    assert all(words in t["message"] for t in result["tests"]), result["tests"][0]["message"]
    assert "BdbQuit" not in str(result) or words == "waits for a person"


def test_a_definition_that_fails_is_named_with_its_cause(pool):
    nb = json.loads(clean())
    edit(nb, exercise(nb), lambda s: s.replace("\n", "\nimport a_package_that_is_not_there as fast\n@fast.jit\n", 1))
    result = graded(pool, nb)[LOSS]
    assert result["status"] == "crashed" and "a_package_that_is_not_there is not installed" in result["reason"], result["reason"]


def test_a_merge_conflict_in_the_cell_is_named(pool):
    nb = json.loads(clean())
    edit(
        nb,
        exercise(nb),
        lambda s: s.replace("    S = ", "<<<<<<< HEAD\n    S = ").replace("    loss", "=======\n>>>>>>> main\n    loss", 1),
    )
    result = graded(pool, nb)[LOSS]
    assert result["status"] == "syntax error" and "merge conflict" in result["reason"] and "<<<<<<< HEAD" in result["reason"]


HELPERS = {
    "an object": "from dataclasses import dataclass\n@dataclass\nclass Config:\n    factor: float = 1.0\nconfig = Config()\nfactor = lambda: config.factor",
    "a table in a loop": "table = {}\nfor i in [1]:\n    table['factor'] = float(i)\ndef factor():\n    return table['factor']",
    "a list that grows": "rows = []\nrows.append(1.0)\nfactor = lambda: rows[0]",
    "either of two": "try:\n    from a_package_that_is_not_there import factor\nexcept ImportError:\n    def factor():\n        return 1.0",
    "a closure": "def make():\n    def inner():\n        return 1.0\n    return inner\nfactor = make()",
    "in a block": "import contextlib\nwith contextlib.nullcontext(1.0) as one:\n    def factor():\n        return one",
    "an attribute": "class Settings:\n    pass\nSettings.factor = 1.0\ndef factor():\n    return Settings.factor",
    "redefined": "def factor():\n    return 2.0\ndef factor():\n    return 1.0",
    "cached": "import functools\n@functools.lru_cache\ndef factor():\n    return 1.0",
}


def with_factor(s):
    return s.replace("X @ Y.T  # (B, N)", "factor() * X @ Y.T", 1)


@pytest.mark.parametrize("helper", HELPERS.values(), ids=HELPERS)
def test_what_other_cells_define_is_there_as_it_was_when_the_check_ran(pool, helper):
    nb = json.loads(clean())
    edit(nb, exercise(nb), with_factor)
    nb["cells"].insert(exercise(nb), code(helper))
    nb["cells"].append(code("def factor():\n    return 100.0\ntable = rows = config = Settings = one = None"))
    assert all(full(graded(pool, nb)).values())


def test_a_helper_that_changed_before_the_check_is_the_changed_one(pool):
    nb = json.loads(clean())
    edit(nb, exercise(nb), with_factor)
    nb["cells"].insert(exercise(nb), code("def factor():\n    return 100.0"))
    nb["cells"].insert(check(nb), code("def factor():\n    return 1.0"))
    assert all(full(graded(pool, nb)).values())


def test_only_what_the_answer_needs_is_run_of_what_may_cost():
    import ast

    def told(source, code):
        nodes = ast.parse(source).body
        kept = needed(nodes, code)
        return [ast.unparse(n) for n in nodes if n in kept or is_definition(n)]

    answer = "def f(model):\n    return g(model) + h"
    assert told("model = train()", answer) == []  # `model` is a parameter of f here, so the global is not needed
    assert told("h = slow()\nother = slow()", answer) == ["h = slow()"]
    assert told("k = slow()\ndef g(m):\n    return k", answer) == ["k = slow()", "def g(m):\n    return k"]
    assert told("import torch\ntorch.set_default_dtype(torch.float64)", "torch.zeros(2)") == ["import torch"]
    assert globals_of("def f(:") == set()
