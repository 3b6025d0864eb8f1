"""Damage to cells: cells of another type, merged cells, and cells in another order."""

from damages.register import damage
from damages.submission import MASKED, check, code, each, edit, exercise, merge, text_of, unmarked


@damage(note="not a code cell")
def answer_turned_into_markdown(nb):
    c = nb["cells"][exercise(nb)]
    c["cell_type"] = "markdown"
    del c["outputs"], c["execution_count"]
    return nb


@damage(note="not a code cell")
def answer_in_a_markdown_fence(nb):
    answer_turned_into_markdown(nb)
    return edit(nb, exercise(nb), lambda s: s.replace("\n", "\n```python\n", 1) + "\n```")


@damage(note="not a code cell")
def answer_turned_into_raw(nb):
    nb["cells"][exercise(nb)]["cell_type"] = "raw"
    return nb


@damage(note="not a code cell")
def answer_turned_into_markdown_without_marker_or_metadata(nb):
    answer_turned_into_markdown(nb)
    nb["cells"][exercise(nb)].update(source=unmarked(text_of(nb["cells"][exercise(nb)])), metadata={}, id="x")
    return nb


@damage()
def cell_type_lost(nb):
    return each(nb, lambda c: c.pop("cell_type"))


@damage()
def cells_reversed(nb):
    nb["cells"].reverse()
    return nb


@damage()
def cells_sorted_by_text(nb):
    nb["cells"].sort(key=text_of)
    return nb


@damage()
def all_prose_deleted(nb):
    nb["cells"] = [c for c in nb["cells"] if c["cell_type"] == "code"]
    return nb


@damage()
def only_the_answers_left(nb):
    nb["cells"] = [c for c in nb["cells"] if text_of(c).startswith("# exercise:")]
    return nb


@damage()
def exercise_merged_with_its_check(nb):
    return merge(nb, exercise(nb), check(nb))


@damage()
def two_exercises_in_one_cell(nb):
    return merge(nb, exercise(nb), exercise(nb, MASKED))


@damage()
def two_exercises_in_one_cell_without_markers(nb):
    i, j = exercise(nb), exercise(nb, MASKED)
    edit(nb, j, unmarked)
    edit(nb, i, unmarked)
    return merge(nb, i, j)


@damage()
def exercise_merged_with_the_prose_above(nb):
    i = exercise(nb)
    return merge(nb, i - 2, i)


@damage()
def exercise_merged_with_the_prose_below(nb):
    i = exercise(nb, MASKED)
    return merge(nb, i, i + 2)


@damage("full")
def exercise_merged_with_the_code_below(nb):
    return merge(nb, exercise(nb), exercise(nb) + 1)


@damage("full")
def everything_in_one_cell(nb):
    """All code is in one cell and all prose is lost, as after converting the notebook to a plain script and back."""
    parts = [text_of(c) if c["cell_type"] == "code" else "" for c in nb["cells"]]
    nb["cells"] = [code("\n\n".join(filter(None, parts)))]
    return nb
