"""Finds the folders of the stages (`00_start_here`, `01_dual_encoder` and so on), and reads the marks of notebook cells.

A *mark* is the first line of a cell, by which the course recognises the cell: `# exercise: ID` for an exercise, `# check: ID` for
the cell that checks this exercise, and `<!-- answer: ID -->` for a written answer.
"""

from pathlib import Path

STAGE = "[0-9][0-9]_*"
UNSOLVED = "this exercise is not solved yet"  # how the error of an untouched exercise begins
OPEN = "OPEN"  # in a guided exercise, the placeholder for code that the student writes


MARKS = {"exercise": "# exercise: {}", "check": "# check: {}", "written": "<!-- answer: {} -->"}


def marked(kind, key, source):
    """Return a cell's source with a mark added as the first line. `kind` is a key of MARKS, and `key` is the ID in the mark."""
    return f"{MARKS[kind].format(key)}\n{source}"


def mark_of(source):
    """Return (kind, ID) of the mark in a cell's first line, such as ("check", "fuse"); ("", "") for a cell without a mark."""
    first = source.partition("\n")[0].strip()
    for kind, mark in MARKS.items():
        begin, end = mark.split("{}")
        if first.startswith(begin) and first.endswith(end) and (key := first[len(begin) : len(first) - len(end)]).isidentifier():
            return kind, key
    return "", ""


def stage_folders(folder):
    """Return the stages' folders in `folder`, in order: numbered subfolders with a notebook of the same name or a previous.py."""
    found = [p for p in Path(folder).glob(STAGE) if (p / f"{p.name}.ipynb").is_file() or (p / "previous.py").is_file()]
    return sorted(found)


def find_notebooks(place="."):
    """Return the folder that holds the student's stages; None if there is none.

    The stages are searched for in the subfolder `notebooks` of `place`, then in `place` itself, and then in the same way in
    each folder above `place`, the nearest first. A folder `solutions` beside `notebooks` is skipped, because it holds the
    reference notebooks.
    """
    place = Path(place).absolute()
    for folder in (place, *place.parents):
        if stage_folders(folder / "notebooks"):
            return folder / "notebooks"
        if stage_folders(folder) and not (folder.name == "solutions" and stage_folders(folder.parent / "notebooks")):
            return folder
    return None
