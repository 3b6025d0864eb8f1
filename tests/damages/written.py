"""Damage to written answers: their markers ("<!-- answer: NAME -->") are missing, or the text is in another cell."""

from damages.register import damage
from damages.submission import PLAN, WRITTEN_STAGE, edit, find, merge, text_of, unmarked


@damage(stage=WRITTEN_STAGE)
def written_answers_clean(nb):
    return nb


@damage(stage=WRITTEN_STAGE, note="without its marker")
def written_answer_without_its_mark(nb):
    return edit(nb, find(nb, "<!-- answer: plan"), unmarked)


@damage(stage=WRITTEN_STAGE)
def written_answers_without_marks_or_metadata(nb):
    for c in nb["cells"]:
        c.update(metadata={}, id="x")
        if text_of(c).startswith("<!-- answer"):
            c["source"] = unmarked(text_of(c))
    return nb


@damage(stage=WRITTEN_STAGE)
def written_answer_in_a_new_cell(nb):
    i = find(nb, "<!-- answer: plan")
    nb["cells"].insert(i + 1, {"cell_type": "markdown", "metadata": {}, "source": unmarked(text_of(nb["cells"][i]))})
    return edit(nb, i, lambda s: s.split("\n")[0] + "\nYOUR ANSWER HERE")


@damage(stage=WRITTEN_STAGE)
def written_answer_typed_into_the_question(nb):
    i = find(nb, "<!-- answer: plan")
    edit(nb, i - 1, lambda s: s + "\n\n" + PLAN)
    return edit(nb, i, lambda s: s.split("\n")[0] + "\nYOUR ANSWER HERE")


@damage(stage=WRITTEN_STAGE)
def written_answer_merged_with_the_question(nb):
    i = find(nb, "<!-- answer: plan")
    return merge(nb, i - 1, i)


@damage(stage=WRITTEN_STAGE)
def written_answer_in_a_code_cell(nb):
    nb["cells"][find(nb, "<!-- answer: plan")].update(cell_type="code", outputs=[], execution_count=None)
    return nb


@damage(stage=WRITTEN_STAGE)
def placeholder_left_above_the_written_answer(nb):
    return edit(nb, find(nb, "<!-- answer: plan"), lambda s: s.replace("\n", "\nYOUR ANSWER HERE\n\n", 1))
