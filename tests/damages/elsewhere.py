"""Damage in which an answer, or a helper function that it needs, is not in the exercise's cell but in another."""

import copy

from damages.register import damage
from damages.submission import LOSS, MASKED, code, edit, exercise, find, stub, text_of, unmarked

HELPER = "def scores(X, Y):\n    return X @ Y.T  # (B, N)"


def with_helper(text):
    return text.replace("X @ Y.T  # (B, N)", "scores(X, Y)", 1)


@damage("full")
def helper_in_a_cell_above(nb):
    edit(nb, exercise(nb), with_helper)
    nb["cells"].insert(exercise(nb), code(HELPER))
    return nb


@damage("full")
def helper_in_a_cell_below(nb):
    edit(nb, exercise(nb), with_helper)
    nb["cells"].insert(exercise(nb) + 1, code(HELPER))
    return nb


@damage("full")
def helper_above_the_marker_in_the_same_cell(nb):
    return edit(nb, exercise(nb), lambda s: HELPER + "\n\n\n" + with_helper(s))


@damage("full")
def helper_in_a_copy_of_the_exercise_cell(nb):
    """A helper function is in a copy of the exercise's cell, which has the metadata and id of the exercise."""
    edit(nb, exercise(nb), with_helper)
    nb["cells"].insert(exercise(nb), {**copy.deepcopy(nb["cells"][exercise(nb)]), "source": HELPER})
    return nb


@damage("full")
def helper_in_the_other_exercise(nb):
    edit(nb, exercise(nb, MASKED), lambda s: s.replace("(X @ Y.T)", "scores(X, Y)"))
    return edit(nb, exercise(nb), lambda s: s + "\n\n\n" + HELPER)


@damage("full")
def import_added_to_a_cell_of_the_release(nb):
    edit(nb, exercise(nb), lambda s: s.replace("F.cross_entropy", "functional.cross_entropy"))
    return edit(nb, find(nb, "import torch\n"), lambda s: s + "\nfrom torch.nn import functional\n")


@damage(note="untouched copy")
def answer_in_a_new_cell_and_the_stub_left(nb):
    i = exercise(nb)
    nb["cells"].insert(i + 1, code(unmarked(text_of(nb["cells"][i]))))
    nb["cells"][i] = stub()
    return nb


@damage(note="untouched copy")
def answer_at_the_very_end_and_the_stub_left(nb):
    i = exercise(nb)
    nb["cells"].append(code(unmarked(text_of(nb["cells"][i]))))
    nb["cells"][i] = stub()
    return nb


@damage("partly", lost=(LOSS,), note="defined again")
def redefined_in_a_later_cell(nb):
    """A wrong answer in the marked cell is followed by a right one in a later cell.

    The marked cell counts, right or wrong: the check below it has shown the student how many points it gets.
    """
    i = exercise(nb)
    nb["cells"].append(code(unmarked(text_of(nb["cells"][i]))))
    return edit(nb, i, lambda s: s.replace("X @ Y.T", "Y @ X.T"))
