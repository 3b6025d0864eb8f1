"""The folders of the stages, and the marks of their cells.

The folder that holds `00_start_here`, `01_dual_encoder` and so on is found from anywhere in the course. In a notebook the
first line of a cell is its mark: `# exercise: ID`, `# check: ID`, or `<!-- answer: ID -->` for a written answer.
"""

from pathlib import Path

STAGE = "[0-9][0-9]_*"
UNSOLVED = "this exercise is not solved yet"  # how the error of an untouched exercise begins
OPEN = "OPEN"  # stands in a guided exercise wherever the student has to write something


MARKS = {"exercise": "# exercise: {}", "check": "# check: {}", "written": "<!-- answer: {} -->"}


def marked(kind, key, source):
    """Return the source of a cell with its mark as the first line. kind: "exercise", "check" or "written"."""
    return f"{MARKS[kind].format(key)}\n{source}"


def mark_of(source):
    """Return the kind and the key in the mark of a cell, or ("", "") for a cell without a mark."""
    first = source.partition("\n")[0].strip()
    for kind, mark in MARKS.items():
        begin, end = mark.split("{}")
        if first.startswith(begin) and first.endswith(end) and (key := first[len(begin) : len(first) - len(end)]).isidentifier():
            return kind, key
    return "", ""


def stage_folders(folder):
    """Return the stages in `folder`, in order: its numbered subfolders that hold their notebook or previous.py."""
    found = [p for p in Path(folder).glob(STAGE) if (p / f"{p.name}.ipynb").is_file() or (p / "previous.py").is_file()]
    return sorted(found)


def find_notebooks(place="."):
    """Return the folder with the student's stages: `place`, its subfolder `notebooks`, or the same in the nearest folder above.

    Return None if there is none. The reference notebooks, `solutions` beside `notebooks`, are not the student's.
    """
    place = Path(place).absolute()
    for folder in (place, *place.parents):
        if stage_folders(folder / "notebooks"):
            return folder / "notebooks"
        if stage_folders(folder) and not (folder.name == "solutions" and stage_folders(folder.parent / "notebooks")):
            return folder
    return None
