"""Damage to answers: IPython syntax in them, syntax errors, and missing answers."""

from damages.register import damage
from damages.submission import LOSS, check, edit, exercise, stub


@damage()
def time_magic_above_the_marker(nb):
    return edit(nb, exercise(nb), lambda s: "%%time\n" + s)


@damage()
def time_magic_below_the_marker(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("\n", "\n%%time\n", 1))


@damage("full")
def magics_and_shell_lines_in_the_answer(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("\n", "\n!pip install -q einops\n%matplotlib inline\n", 1) + "\n\nF?")


@damage("full")
def time_magic_inside_the_function(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("    S = ", "    %time S = "))


@damage("partly", lost=(LOSS,))
def syntax_error_in_one_answer(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("return loss", "return (loss"))


@damage("partly", lost=(LOSS,))
def one_exercise_and_its_check_deleted(nb):
    del nb["cells"][check(nb)], nb["cells"][exercise(nb)]
    return nb


@damage("partly", lost=(LOSS,))
def one_exercise_untouched(nb):
    nb["cells"][exercise(nb)] = stub()
    return nb
