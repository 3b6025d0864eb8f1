"""Damage to markers, the first lines of exercises ("# exercise: NAME"): they are deleted or written differently."""

from damages.register import damage
from damages.submission import LOSS, MASKED, edit, exercise, text_of, unmarked


@damage(note="without the first line")
def marker_deleted(nb):
    return edit(nb, exercise(nb), unmarked)


@damage(note="without the first line")
def every_marker_and_all_metadata_deleted(nb):
    for c in nb["cells"]:
        c["metadata"] = {}
        c["id"] = "x"
        if text_of(c).startswith(("# exercise:", "# check:")):
            c["source"] = unmarked(text_of(c))
    return nb


@damage()
def marker_indented(nb):
    return edit(nb, exercise(nb), lambda s: "    " + s)


@damage()
def marker_with_other_spaces_and_case(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("# exercise: ", "#  Exercise :\t", 1))


@damage()
def marker_below_the_code(nb):
    """The marker is the last line of the cell, so only the function's name shows which exercise the answer belongs to."""
    return edit(nb, exercise(nb), lambda s: unmarked(s) + "\n" + s.split("\n")[0])


@damage()
def marker_of_the_other_exercise(nb):
    return edit(nb, exercise(nb, MASKED), lambda s: s.replace(MASKED, LOSS, 1))


@damage()
def blank_lines_and_a_comment_above_the_marker(nb):
    return edit(nb, exercise(nb), lambda s: "\n\n# by Ada\n\n" + s)
