"""Damage by copying: cells that occur more than once."""

import copy

from damages.register import damage
from damages.submission import check, exercise, stub, text_of


@damage(note="2 times")
def exercise_duplicated(nb):
    nb["cells"].insert(exercise(nb), copy.deepcopy(nb["cells"][exercise(nb)]))
    return nb


@damage(note="untouched copy")
def untouched_copy_below_the_answer(nb):
    nb["cells"].insert(exercise(nb) + 1, stub())
    return nb


@damage(note="untouched copy")
def untouched_copy_above_the_answer(nb):
    nb["cells"].insert(exercise(nb), stub())
    return nb


@damage()
def untouched_copy_with_another_id_at_the_end(nb):
    nb["cells"].append({**stub(), "id": "copy"})
    return nb


@damage(note="2 times")
def wrong_attempt_above_the_answer(nb):
    wrong = copy.deepcopy(nb["cells"][exercise(nb)])
    wrong["source"] = text_of(wrong).replace("X @ Y.T", "Y @ X.T")
    nb["cells"].insert(exercise(nb), wrong)
    return nb


@damage(note="2 times")
def check_duplicated(nb):
    nb["cells"].insert(0, copy.deepcopy(nb["cells"][check(nb)]))
    return nb


@damage()
def every_cell_twice(nb):
    nb["cells"] = [copy.deepcopy(c) for c in nb["cells"] for _ in range(2)]
    return nb


@damage()
def whole_notebook_twice(nb):
    nb["cells"] += copy.deepcopy(nb["cells"])
    return nb
