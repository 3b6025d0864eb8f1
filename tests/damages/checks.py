"""Damage to check cells, each of which tests an exercise: they are deleted, edited or moved."""

from damages.register import damage
from damages.submission import check, edit, text_of, unmarked


@damage(note="missing")
def check_deleted(nb):
    del nb["cells"][check(nb)]
    return nb


@damage()
def every_check_deleted(nb):
    nb["cells"] = [c for c in nb["cells"] if not text_of(c).startswith("# check:")]
    return nb


@damage(note="edited")
def check_edited(nb):
    return edit(nb, check(nb), lambda s: s.replace('check("4.1"', 'print("mine"); check("4.1"') + "\n5.0")


@damage(note="edited")
def check_replaced_under_its_marker(nb):
    return edit(nb, check(nb), lambda s: s.split("\n")[0] + "\n5.0")


@damage()
def check_without_its_marker(nb):
    return edit(nb, check(nb), unmarked)


@damage(note="was above")
def check_moved_to_the_top(nb):
    nb["cells"].insert(0, nb["cells"].pop(check(nb)))
    return nb


@damage()
def check_moved_to_the_end(nb):
    nb["cells"].append(nb["cells"].pop(check(nb)))
    return nb


@damage(note="edited")
def check_turned_into_markdown(nb):
    c = nb["cells"][check(nb)]
    c["cell_type"] = "markdown"
    del c["outputs"], c["execution_count"]
    return nb
