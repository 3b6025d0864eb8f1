"""A bench's section of a page: what stands between two HTML comments, which the bench replaces and nothing else touches."""

from dpr_course.files import replacing


def marks(name):
    """Return the two comments around the section `name`."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def replace_section(path, name, text):
    """Put `text` between the marks of the section `name` in the file `path`. Raises ValueError if the marks are not there."""
    begin, end = marks(name)
    before, found, rest = path.read_text(encoding="utf-8").partition(begin)
    _, also_found, after = rest.partition(end)
    if not (found and also_found):
        raise ValueError(f"{path}: the marks {begin} and {end} are not there")
    with replacing(path) as part:
        part.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
