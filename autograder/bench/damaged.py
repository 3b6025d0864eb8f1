"""Damages submission files, for measurements, in ways that occur often, and says which points each damage costs the student.

`DAMAGES` is {name of a damage: (function, cost)}. The function takes a notebook (a dict) and returns the bytes of the damaged
file. The cost is NOTHING if the grader repairs the damage, ONE if the first exercise gets no points, or ALL if the file cannot
be graded. The cost does not depend on the answers. tests/damages tries many more damages, all on a single submission.
"""

import copy
import json

from dpr_course.stages import mark_of

NOTHING, ONE, ALL = "nothing", "one exercise", "not gradable"
DAMAGES = {}


def damage(cost):
    """Return a decorator that puts a function into DAMAGES with the cost `cost`. The function's name is the damage's name.

    The function takes a notebook (a dict) and returns either a changed notebook or the bytes of a file.
    """

    def register(function):
        def make(notebook):
            made = function(copy.deepcopy(notebook))
            return made if isinstance(made, bytes) else json.dumps(made, indent=1, ensure_ascii=False).encode()

        DAMAGES[function.__name__.replace("_", " ")] = make, cost
        return function

    return register


def text_of(cell):
    return "".join(cell["source"])


def cells_of(notebook, kind):
    """Return the indices of the cells of one kind, "exercise" or "check". The first line of a cell says which kind it is."""
    return [i for i, cell in enumerate(notebook["cells"]) if mark_of(text_of(cell))[0] == kind]


def first_exercise(notebook):
    return notebook["cells"][cells_of(notebook, "exercise")[0]]


@damage(NOTHING)
def metadata_stripped(notebook):
    for part in (notebook, *notebook["cells"]):
        part["metadata"] = {}
    return notebook


@damage(NOTHING)
def all_ids_the_same(notebook):
    for cell in notebook["cells"]:
        cell["id"] = "x"
    return notebook


@damage(NOTHING)
def cells_reversed(notebook):
    notebook["cells"].reverse()
    return notebook


@damage(NOTHING)
def prose_deleted(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return notebook


@damage(NOTHING)
def checks_deleted(notebook):
    for i in reversed(cells_of(notebook, "check")):
        del notebook["cells"][i]
    return notebook


@damage(NOTHING)
def check_replaced_by_its_points(notebook):
    cell = notebook["cells"][cells_of(notebook, "check")[0]]
    cell["source"] = text_of(cell).partition("\n")[0] + "\n5.0"
    return notebook


@damage(NOTHING)
def mark_of_the_exercise_deleted(notebook):
    cell = first_exercise(notebook)
    cell["source"] = text_of(cell).partition("\n")[2]
    return notebook


@damage(NOTHING)
def exercise_turned_into_Markdown(notebook):
    cell = first_exercise(notebook)
    cell["cell_type"] = "markdown"
    for key in ("outputs", "execution_count"):
        cell.pop(key, None)
    return notebook


@damage(NOTHING)
def exercise_twice(notebook):
    notebook["cells"].insert(cells_of(notebook, "exercise")[0], copy.deepcopy(first_exercise(notebook)))
    return notebook


@damage(NOTHING)
def exercise_and_check_in_one_cell(notebook):
    cell, check = first_exercise(notebook), notebook["cells"].pop(cells_of(notebook, "check")[0])
    cell["source"] = text_of(cell) + "\n\n" + text_of(check)
    return notebook


@damage(NOTHING)
def a_megabyte_printed(notebook):
    printed = {"output_type": "stream", "name": "stdout", "text": ["x" * 99 + "\n"] * 10_000}
    notebook["cells"][cells_of(notebook, "check")[0]]["outputs"] = [printed]
    return notebook


@damage(NOTHING)
def windows_line_ends(notebook):
    for cell in notebook["cells"]:
        cell["source"] = text_of(cell).replace("\n", "\r\n")
    return notebook


@damage(NOTHING)
def utf_16(notebook):
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


@damage(NOTHING)
def format_of_2012(notebook):
    cells = []
    for cell in notebook["cells"]:
        kept = {key: value for key, value in cell.items() if key not in ("id", "source", "execution_count")}
        cells.append({**kept, "input" if cell["cell_type"] == "code" else "source": cell["source"]})
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


@damage(ONE)
def exercise_and_check_deleted(notebook):
    for kind in ("check", "exercise"):
        del notebook["cells"][cells_of(notebook, kind)[0]]
    return notebook


@damage(ONE)
def syntax_error(notebook):
    cell = first_exercise(notebook)
    cell["source"] = text_of(cell) + "\nscores = (1, 2"
    return notebook


@damage(ALL)
def cut_off(notebook):
    raw = json.dumps(notebook).encode()
    return raw[: len(raw) // 2]


@damage(ALL)
def an_empty_file(notebook):
    return b""


@damage(ALL)
def a_web_page(notebook):
    return b"<!DOCTYPE html><html><body>Sign in to continue</body></html>"
