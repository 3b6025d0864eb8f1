"""Damaged submissions: every way that we know in which a notebook suffers on its way from a student.

`DAMAGES` is a list of Damage; each makes a damaged file from a clean one and says what must come of it:
`same`    the answers are read as in the clean file, to the letter
`full`    they are written a little differently but deserve full marks
`partly`  full marks but for the exercises in `lost`
`refused` not gradable, for a reason that contains `reason`
"""

import base64
import copy
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from autograder.bench.classroom import reference_answers
from autograder.places import ROOT

LOSS, MASKED = "get_in_batch_contrastive_loss", "get_masked_contrastive_loss"
STAGE, WRITTEN_STAGE = "04_in_batch_loss", "06_experiments"
PLAN = "I ask whether a tied encoder is worse, change only that, and run two seeds each."
CONCLUSION = "The two arms differ by less than their seeds do, so I claim nothing."


@dataclass(frozen=True)
class Damage:
    name: str
    make: Callable  # bytes of a clean submission -> bytes of the damaged one
    outcome: str = "same"
    stage: str = STAGE
    reason: str = ""
    lost: tuple = ()  # exercises that are rightly lost
    note: str = ""  # words that a note must contain


DAMAGES = []


def damage(outcome="same", **options):
    """Register a function from a notebook (dict) to a notebook or to bytes; its name is the damage's."""

    def register(function):
        def make(raw):
            made = function(json.loads(raw))
            return made if isinstance(made, bytes) else json.dumps(made, indent=1, ensure_ascii=False).encode()

        DAMAGES.append(Damage(function.__name__.replace("_", " "), make, outcome, **options))
        return function

    return register


def png(width=40, height=30):
    """A small real PNG."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(3 * width) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def clean(stage=STAGE, answers=None):
    """A clean submission: the release with the reference's answers, or `answers` by exercise, and with outputs."""
    nb = json.loads((ROOT / "notebooks" / stage / f"{stage}.ipynb").read_text(encoding="utf-8"))
    for key, text in (reference_answers(stage) | (answers or {})).items():
        put(nb, find(nb, f"# exercise: {key}"), f"# exercise: {key}\n{text}")
    for key, text in {"plan": PLAN, "conclusion": CONCLUSION}.items() if stage == WRITTEN_STAGE else ():
        put(nb, find(nb, f"<!-- answer: {key} -->"), f"<!-- answer: {key} -->\n{text}")
    for i, cell in enumerate(nb["cells"]):
        if cell["cell_type"] == "code":
            cell["execution_count"] = i
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [f"cell {i}\n"]}]
            if text_of(cell).startswith("# check:"):
                data = {"text/plain": ["<Figure>"], "image/png": base64.b64encode(png()).decode()}
                cell["outputs"].append({"output_type": "display_data", "data": data, "metadata": {}})
    return json.dumps(nb, indent=1, ensure_ascii=False).encode()


def text_of(cell):
    return "".join(cell["source"])


def put(nb, i, text):
    nb["cells"][i]["source"] = text.splitlines(keepends=True)


def find(nb, start):
    """Index of the cell whose text begins with `start`."""
    return next(i for i, c in enumerate(nb["cells"]) if text_of(c).startswith(start))


def exercise(nb, key=LOSS):
    return find(nb, f"# exercise: {key}")


def check(nb, key=LOSS):
    return find(nb, f"# check: {key}")


def code(text, **fields):
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text, **fields}


def edit(nb, i, function):
    put(nb, i, function(text_of(nb["cells"][i])))
    return nb


def each(nb, function):
    for cell in nb["cells"]:
        function(cell)
    return nb


def stub(key=LOSS, stage=STAGE):
    nb = json.loads((ROOT / "notebooks" / stage / f"{stage}.ipynb").read_text(encoding="utf-8"))
    return copy.deepcopy(nb["cells"][exercise(nb, key)])


def unmarked(text):
    return text.split("\n", 1)[1]


# Metadata and ids


@damage()
def nothing_at_all(nb):
    return nb


@damage(note="metadata")
def all_metadata_stripped(nb):
    nb["metadata"] = {}
    return each(nb, lambda c: c.update(metadata={}))


@damage()
def no_metadata_keys_at_all(nb):
    del nb["metadata"], nb["nbformat_minor"]
    return each(nb, lambda c: c.pop("metadata"))


@damage()
def ids_changed(nb):
    for i, c in enumerate(nb["cells"]):
        c["id"] = f"new{i}"
    return nb


@damage()
def all_ids_the_same(nb):
    return each(nb, lambda c: c.update(id="x"))


@damage()
def ids_rotated(nb):
    """Each cell has its neighbour's id and metadata: both lie."""
    ids = [(c["id"], c["metadata"]) for c in nb["cells"]]
    for c, (i, m) in zip(nb["cells"], ids[1:] + ids[:1]):
        c.update(id=i, metadata=m)
    return nb


@damage()
def ids_missing(nb):
    return each(nb, lambda c: c.pop("id"))


@damage(note="metadata")
def schema_version_lost(nb):
    return each(nb, lambda c: c["metadata"].get("nbgrader", {}).pop("schema_version", None))


@damage(note="metadata")
def grade_flags_flipped(nb):
    for c in nb["cells"]:
        if m := c["metadata"].get("nbgrader"):
            m.update(grade=not m["grade"], solution=not m["solution"], locked=not m["locked"])
    return nb


@damage(note="metadata")
def points_edited(nb):
    nb["cells"][check(nb)]["metadata"]["nbgrader"]["points"] = 1000
    return nb


@damage()
def one_grade_id_renamed(nb):
    nb["cells"][exercise(nb)]["metadata"]["nbgrader"]["grade_id"] = "something"
    return nb


@damage()
def unknown_kernel(nb):
    nb["metadata"]["kernelspec"] = {"name": "my-conda-env", "display_name": "conda", "language": "R"}
    return nb


@damage()
def no_kernel(nb):
    nb["metadata"].pop("kernelspec")
    return nb


# Duplicates


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


# Checks


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


@damage(note="stood above")
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


# The marker


@damage(note="without its first line")
def marker_deleted(nb):
    return edit(nb, exercise(nb), unmarked)


@damage(note="without its first line")
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
    """Only the function itself says what it is; the marker's part is empty."""
    return edit(nb, exercise(nb), lambda s: unmarked(s) + "\n" + s.split("\n")[0])


@damage()
def marker_of_the_other_exercise(nb):
    return edit(nb, exercise(nb, MASKED), lambda s: s.replace(MASKED, LOSS, 1))


@damage()
def blank_lines_and_a_comment_above_the_marker(nb):
    return edit(nb, exercise(nb), lambda s: "\n\n# by Ada\n\n" + s)


# Cell types, merged and moved cells


@damage(note="no code cell")
def answer_turned_into_markdown(nb):
    c = nb["cells"][exercise(nb)]
    c["cell_type"] = "markdown"
    del c["outputs"], c["execution_count"]
    return nb


@damage(note="no code cell")
def answer_in_a_markdown_fence(nb):
    answer_turned_into_markdown(nb)
    return edit(nb, exercise(nb), lambda s: s.replace("\n", "\n```python\n", 1) + "\n```")


@damage(note="no code cell")
def answer_turned_into_raw(nb):
    nb["cells"][exercise(nb)]["cell_type"] = "raw"
    return nb


@damage(note="no code cell")
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


def merge(nb, i, j):
    """Cell j joins cell i, as Jupyter merges cells."""
    a, b = nb["cells"][i], nb["cells"].pop(j)
    a["source"] = text_of(a) + "\n\n" + text_of(b)
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
    """As `jupytext --to py` and back would give it, prose commented out."""
    parts = [text_of(c) if c["cell_type"] == "code" else "" for c in nb["cells"]]
    nb["cells"] = [code("\n\n".join(filter(None, parts)))]
    return nb


# Answers in other places

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
    """The copy brings the exercise's metadata and id with it."""
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
    """The marked cell is the answer, right or wrong: its check showed the student what it is worth."""
    i = exercise(nb)
    nb["cells"].append(code(unmarked(text_of(nb["cells"][i]))))
    return edit(nb, i, lambda s: s.replace("X @ Y.T", "Y @ X.T"))


# Text


@damage()
def windows_line_ends(nb):
    return each(nb, lambda c: c.update(source=text_of(c).replace("\n", "\r\n")))


@damage()
def byte_order_mark(nb):
    return b"\xef\xbb\xbf" + json.dumps(nb).encode()


@damage()
def byte_order_mark_in_every_cell(nb):
    return each(nb, lambda c: c.update(source="\ufeff" + text_of(c)))


@damage(note="UTF-16")
def utf_16(nb):
    return json.dumps(nb, ensure_ascii=False).encode("utf-16")


@damage()
def not_utf_8(nb):
    """Saved by an old editor; letters outside its alphabet are lost, but no code has any."""
    return json.dumps(nb, ensure_ascii=False).encode("cp1252", "replace")


@damage()
def source_as_one_string(nb):
    return each(nb, lambda c: c.update(source=text_of(c)))


@damage("full")
def tabs(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("    ", "\t"))


@damage("full")
def tabs_and_spaces_mixed(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("    X, Y", "\tX, Y").replace("    S =", "\tS ="))


@damage()
def the_whole_cell_indented(nb):
    return edit(nb, exercise(nb), lambda s: "\n".join("  " + line for line in s.split("\n")))


@damage()
def blanks_at_the_ends_of_lines(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("\n", "   \n") + "\n\n\n")


# IPython's own syntax


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


# Formats


@damage(note="old format")
def format_3(nb):
    kinds = {"source": "input"}
    cells = [{kinds.get(k, k) if c["cell_type"] == "code" else k: v for k, v in c.items() if k != "id"} for c in nb["cells"]]
    for c in cells:
        if c["cell_type"] == "code":
            c["outputs"] = [{"output_type": "pyout", "text": ["5.0"], "png": base64.b64encode(png()).decode()}]
            c["language"] = "python"
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


@damage()
def format_4_0(nb):
    nb["nbformat_minor"] = 0
    return each(nb, lambda c: c.pop("id"))


@damage()
def format_4_9(nb):
    nb["nbformat_minor"] = 9
    return nb


@damage()
def format_lost(nb):
    del nb["nbformat"], nb["nbformat_minor"]
    return nb


@damage()
def through_colab(nb):
    """The known effects of a round trip."""
    nb["metadata"] = {
        "colab": {"provenance": [], "gpuType": "T4", "collapsed_sections": ["x"]}, "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"a": {"model_module": "x"}}},
    }  # fmt: skip
    nb["nbformat_minor"] = 0
    for i, c in enumerate(nb["cells"]):
        c.pop("id")
        c["metadata"] = {"id": f"aBcD{i}", "colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"{i:x}-0"}
        if c["cell_type"] == "code":
            c["metadata"]["cellView"] = "form"
            c["source"] = f'#@title Cell {i} {{ display-mode: "form" }}\n#@markdown words\n' + text_of(c)
    nb["cells"].insert(0, {"cell_type": "markdown", "metadata": {"id": "view-in-github"}, "source": '<a href="x">Colab</a>'})
    return nb


# Size


@damage(note="Outputs")
def outputs_of_100_megabytes(nb):
    nb["cells"][check(nb)]["outputs"].insert(0, {"output_type": "stream", "name": "stdout", "text": ["x" * 99 + "\n"] * 1_000_000})
    return nb


@damage(note="Outputs")
def pages_and_scripts_in_the_outputs(nb):
    for c in nb["cells"]:
        if c["cell_type"] == "code":
            data = {"text/html": "<script>alert(1)</script>" * 1000, "application/javascript": "alert(1)"}
            c["outputs"].append({"output_type": "display_data", "data": data, "metadata": {}})
    return nb


@damage()
def outputs_that_are_none(nb):
    for c in nb["cells"]:
        if c["cell_type"] == "code":
            c["outputs"] = {"a": 1} if len(c["source"]) % 2 else ["x", None, {"output_type": "stream", "text": 3}, {}]
    return nb


@damage()
def a_thousand_empty_cells(nb):
    nb["cells"][3:3] = [code("") for _ in range(1000)]
    return nb


@damage()
def no_outputs_keys(nb):
    return each(nb, lambda c: (c.pop("outputs", None), c.pop("execution_count", None)))


# Written answers


@damage(stage=WRITTEN_STAGE)
def written_answers_clean(nb):
    return nb


@damage(stage=WRITTEN_STAGE, note="without its mark")
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


# What cannot be graded


@damage("refused", reason="empty")
def empty_file(nb):
    return b""


@damage("refused", reason="empty")
def blanks_only(nb):
    return b" \n\n"


@damage("refused", reason="not JSON")
def not_json(nb):
    return b"def f():\n    return 1\n"


@damage("refused", reason="cut off")
def truncated(nb):
    raw = json.dumps(nb).encode()
    return raw[: len(raw) // 2]


@damage("refused", reason="web page")
def a_web_page(nb):
    return b"<!DOCTYPE html><html><body>GitHub</body></html>"


@damage("refused", reason="no list of cells")
def other_json(nb):
    return b'{"a": 1}'


@damage("refused", reason="no list of cells")
def a_json_list(nb):
    return b"[1, 2, 3]"


@damage("refused", reason="no cells")
def no_cells(nb):
    return {**nb, "cells": []}


@damage("refused", reason="did you submit the right file")
def another_course(nb):
    return {**nb, "cells": [code("import pandas as pd"), code("def f(x):\n    return x")]}


@damage("refused", reason="the notebook of 03_recall_at_k")
def another_stage(nb):
    return clean("03_recall_at_k")


@damage("refused", reason="JSON")
def brackets_without_end(nb):
    return b"[" * 100_000


@damage("refused", reason="MB")
def too_large(nb):
    return b'{"cells": [' + b" " * 200_000_001 + b"]}"


@damage("refused", reason="MB of text")
def too_much_code(nb):
    nb["cells"].append(code("x = 1\n" * 400_000))
    return nb
