"""The answer is in the cell that begins with "# exercise: NAME". Other cells that define the same name do not change its points."""

import json

import pytest
from damages import LOSS, MASKED, check, clean, code, edit, exercise, find, text_of
from graded_notebook import full, graded

from autograder.repair.repair import repair

STAGE, FIRST = "04_in_batch_loss", "01_dual_encoder"
VARIANT = f"def {LOSS}(model, batch, temperature=4.0):\n    return torch.zeros((), requires_grad=True), 0"

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
