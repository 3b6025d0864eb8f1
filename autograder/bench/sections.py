"""Replaces a section of a Markdown page: the text between two HTML comments, which is always written by a command."""

from dpr_course.files import replacing


def marks(name):
    """Return the two HTML comments, (begin, end), that mark the section `name`."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def replace_section(path, name, text):
    """Replace the section `name` in the file `path` by `text`. Raises ValueError if the section's two comments are missing."""
    begin, end = marks(name)
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, also_found, after = rest.partition(end)
    if not (found and also_found):
        raise ValueError(f"{path}: the marks {begin} and {end} are not there")
    with replacing(path) as part:
        part.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
