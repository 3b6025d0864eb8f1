"""Where the stages are, and how their cells are marked.

The folder that holds `00_start_here`, `01_dual_encoder` and so on is found from anywhere in the course. In a notebook the
first line of a cell says what it is: `# exercise: ID`, `# check: ID`, or `<!-- answer: ID -->` for a written answer.
"""

from pathlib import Path

STAGE = "[0-9][0-9]_*"
UNSOLVED = "this exercise is not solved yet"  # how the error of an untouched exercise begins


MARKS = {"exercise": "# exercise: {}", "check": "# check: {}", "written": "<!-- answer: {} -->"}


def marked(kind, key, source):
    """The source of a cell under its mark. kind: "exercise", "check" or "written"."""
    return f"{MARKS[kind].format(key)}\n{source}"


def mark_of(source):
    """What the first line of a cell says that it is: a kind and its key, ("", "") for a cell without a mark."""
    first = source.partition("\n")[0].strip()
    for kind, mark in MARKS.items():
        begin, end = mark.split("{}")
        if first.startswith(begin) and first.endswith(end) and (key := first[len(begin) : len(first) - len(end)]).isidentifier():
            return kind, key
    return "", ""


def stage_folders(folder):
    """The stages in `folder`, in order: its subfolders with a number whose notebook or previous.py is there."""
    found = [p for p in Path(folder).glob(STAGE) if (p / f"{p.name}.ipynb").is_file() or (p / "previous.py").is_file()]
    return sorted(found)


def find_notebooks(place="."):
    """The folder with the student's stages: `place` itself, `notebooks` in it, or the same of the nearest folder above.

    None if there is none. The reference notebooks, `solutions` beside `notebooks`, are not the student's.
    """
    place = Path(place).absolute()
    for folder in (place, *place.parents):
        if stage_folders(folder / "notebooks"):
            return folder / "notebooks"
        if stage_folders(folder) and not (folder.name == "solutions" and stage_folders(folder.parent / "notebooks")):
            return folder
    return None
