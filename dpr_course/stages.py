"""The folders of the stages, and the marks of the cells in their notebooks.

The folder that holds `00_start_here`, `01_dual_encoder` and so on is found from anywhere in the course. A *mark* is the first
line of a cell that the course must recognise: `# exercise: ID`, `# check: ID`, or `<!-- answer: ID -->` for a written answer.
"""

from pathlib import Path

STAGE = "[0-9][0-9]_*"
UNSOLVED = "this exercise is not solved yet"  # how the error of an untouched exercise begins
OPEN = "OPEN"  # in a guided exercise, the placeholder for code that the student writes


MARKS = {"exercise": "# exercise: {}", "check": "# check: {}", "written": "<!-- answer: {} -->"}


def marked(kind, key, source):
    """Return `source` with a mark as its first line. `kind` is "exercise", "check" or "written", and `key` the ID in the mark."""
    return f"{MARKS[kind].format(key)}\n{source}"


def mark_of(source):
    """Return the kind and the ID in the mark of a cell, or ("", "") for a cell without a mark."""
    first = source.partition("\n")[0].strip()
    for kind, mark in MARKS.items():
        begin, end = mark.split("{}")
        if first.startswith(begin) and first.endswith(end) and (key := first[len(begin) : len(first) - len(end)]).isidentifier():
            return kind, key
    return "", ""


def stage_folders(folder):
    """Return the stages in `folder`, in order: the numbered subfolders that hold a notebook of the same name or a previous.py."""
    found = [p for p in Path(folder).glob(STAGE) if (p / f"{p.name}.ipynb").is_file() or (p / "previous.py").is_file()]
    return sorted(found)


def find_notebooks(place="."):
    """Return the folder that holds the student's stages, or None.

    It is `place` or its subfolder `notebooks`; if neither holds stages, the folders above `place` are searched likewise, the
    nearest first. A folder `solutions` beside `notebooks` holds the reference notebooks and is skipped.
    """
    place = Path(place).absolute()
    for folder in (place, *place.parents):
        if stage_folders(folder / "notebooks"):
            return folder / "notebooks"
        if stage_folders(folder) and not (folder.name == "solutions" and stage_folders(folder.parent / "notebooks")):
            return folder
    return None
