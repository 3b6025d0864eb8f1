"""What stands near an answer costs it nothing: cells that bind its name again, and lines that fail on the grading machine alone."""

import json

import pytest
from damages import LOSS, MASKED, check, clean, code, edit, exercise, find, text_of

from autograder.grade.exercise_run import Run
from autograder.grade.judge import judge
from autograder.repair.repair import repair
from autograder.repair.statements import globals_of, is_definition, needed
from autograder.sandbox.pool import Limits, Pool, PoolError
from dpr_course.checks import CHECKS

STAGE, FIRST = "04_in_batch_loss", "01_dual_encoder"
SECRET = "a secret for the tests, as long as it must be"
VARIANT = f"def {LOSS}(model, batch, temperature=4.0):\n    return torch.zeros((), requires_grad=True), 0"


@pytest.fixture(scope="module")
def pool():
    try:
        with Pool() as made:
            made.run(LOSS, "x = 1")
            yield made
    except PoolError as e:
        pytest.skip(str(e))


def graded(pool, nb, stage=STAGE, seconds=20.0):
    """The results of a notebook by exercise."""
    repaired = repair(json.dumps(nb).encode(), stage)
    results = {}
    for key, source in repaired.exercises.items():
        run = Run.of(key, source, repaired.extras[key], SECRET, Limits(seconds=seconds))
        results[key] = judge(key, run.outcome(pool), run.seeds)
    return results


def full(results):
    return {k: r["points"] == CHECKS[k].points for k, r in results.items()}


REBINDINGS = {
    "a variant": VARIANT,
    "a variant under a decorator": "@torch.no_grad()\n" + VARIANT,
    "in a condition": "if True:\n    " + VARIANT.replace("\n", "\n    "),
    "a wrapper": f"old = {LOSS}\ndef {LOSS}(*a):\n    return old(*a)[0] * 0, 0",
    "itself": f"{LOSS} = {LOSS}",
    "a lambda": f"{LOSS} = lambda model, batch: (torch.zeros(()), 0)",
    "compiled": f"{LOSS} = torch.compile({LOSS})",
    "several at once": f"a, {LOSS} = 1, 2",
    "annotated": f"{LOSS}: object = None",
    "deleted": f"del {LOSS}",
    "a loop": f"for {LOSS} in []:\n    pass",
    "a loop that runs": f"for {LOSS} in [1, 2]:\n    pass",
    "an import": f"import math as {LOSS}",
    "an import from a module": f"from math import pi as {LOSS}",
    "with": f"import contextlib\nwith contextlib.nullcontext(3) as {LOSS}:\n    pass",
    "except": f"try:\n    1 / 0\nexcept ZeroDivisionError as {LOSS}:\n    pass",
    "walrus": f"print({LOSS} := 3)",
    "added to": f"{LOSS} += 1",
    "an attribute": f"{LOSS}.__code__ = (lambda model, batch: (0, 0)).__code__",
    "through globals": f"globals()['{LOSS}'] = None",
    "through setattr": f"setattr({LOSS}, '__code__', (lambda model, batch: (0, 0)).__code__)",
    "a magic": f"%time {LOSS} = None",
}


@pytest.mark.parametrize("text", REBINDINGS.values(), ids=REBINDINGS)
@pytest.mark.parametrize("where", ["below", "between", "above"])
def test_the_marked_cell_is_the_answer(pool, text, where):
    nb = json.loads(clean())
    place = {"below": len(nb["cells"]), "between": check(nb), "above": exercise(nb)}[where]
    nb["cells"].insert(place, code(text))
    assert all(full(graded(pool, nb)).values())


def test_a_variant_in_a_cell_of_the_release_is_no_answer(pool):
    nb = json.loads(clean())
    edit(nb, find(nb, "temperature = 4.0"), lambda s: s + "\n\n" + VARIANT)
    assert all(full(graded(pool, nb)).values())


def test_the_variant_stays_in_the_notebook_and_the_student_is_told():
    nb = json.loads(clean())
    nb["cells"].append(code(VARIANT))
    repaired = repair(json.dumps(nb).encode(), STAGE)
    assert repaired.notebook.cells[-1].source == VARIANT
    assert [n for n in repaired.notes if "defined again" in n and "4.1" in n]


def test_a_wrong_marked_cell_gets_nothing_from_a_right_variant(pool):
    nb = json.loads(clean())
    right = text_of(nb["cells"][exercise(nb)]).split("\n", 1)[1]
    edit(nb, exercise(nb), lambda s: s.replace("X @ Y.T", "(X @ Y.T) * 2"))
    nb["cells"].append(code(right))
    assert full(graded(pool, nb)) == {LOSS: False, MASKED: True}


def test_of_two_marked_cells_the_one_above_the_check_counts(pool):
    nb = json.loads(clean())
    nb["cells"].insert(check(nb) + 1, code(f"# exercise: {LOSS}\n{VARIANT}"))
    assert all(full(graded(pool, nb)).values())
    nb = json.loads(clean())
    nb["cells"].insert(exercise(nb), code(f"# exercise: {LOSS}\n{VARIANT}"))
    assert all(full(graded(pool, nb)).values())


def test_without_any_mark_the_cell_above_the_check_counts(pool):
    nb = json.loads(clean())
    edit(nb, exercise(nb), lambda s: s.split("\n", 1)[1])
    nb["cells"].append(code(VARIANT))
    assert all(full(graded(pool, nb)).values())


@pytest.mark.parametrize("where", ["end", "between", "above"])
@pytest.mark.parametrize(
    "patch", ["{0}.forward = lambda *a: None", "setattr({0}, 'forward', None)", "del {0}.forward", "E = {0}\nE.forward = None"]
)
@pytest.mark.parametrize("name", ["Encoder", "DualEncoder"])
def test_a_class_is_graded_as_its_cell_made_it(pool, name, patch, where):
    nb = json.loads(clean(FIRST))
    place = {"end": len(nb["cells"]), "between": check(nb, "make_dual_encoder"), "above": exercise(nb, "make_dual_encoder")}[where]
    nb["cells"].insert(place, code(patch.format(name)))
    assert all(full(graded(pool, nb, FIRST)).values())


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
    "a package inside": ("", "import a_package_that_is_not_there", "is not installed where the work is graded"),
    "a file": ("table = open('my_table.json').read()", "table.upper()", "files beside the notebook are not there"),
    "a GPU": ("", "torch.zeros(2).cuda()", "there is no GPU where the work is graded"),
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
    assert told("model = train()", answer) == []  # a parameter of that name is another thing
    assert told("h = slow()\nother = slow()", answer) == ["h = slow()"]
    assert told("k = slow()\ndef g(m):\n    return k", answer) == ["k = slow()", "def g(m):\n    return k"]
    assert told("import torch\ntorch.set_default_dtype(torch.float64)", "torch.zeros(2)") == ["import torch"]
    assert globals_of("def f(:") == set()
