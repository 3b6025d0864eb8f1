"""What a file is that was handed in as a notebook and is none: a sentence that names it and says what to do."""

import re

HAND_IN = "hand in the notebook itself, the file that ends in .ipynb"
# How the bytes begin, and what such a file is.
MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an old office program"),
    (b"{\\rtf", "a document in rich text (RTF)"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\x89HDF\r\n\x1a\n", "a file of arrays or weights (HDF5)"),
    (b"\x93NUMPY", "a file of arrays (NumPy)"),
    (b"\x80\x02", "a Python pickle"), (b"\x80\x03", "a Python pickle"), (b"\x80\x04", "a Python pickle"), (b"\x80\x05", "a Python pickle"),
    (b"bplist00", "a bookmark or settings file of macOS"),
    (b"book\0\0\0\0mark", "an alias of macOS, which only points to the file"),
    (b"\x00\x05\x16\x07", "a companion file that macOS makes, without the notebook's content"),
    (b"L\0\0\0\x01\x14\x02\0", "a shortcut of Windows, which only points to the file"),
    (b"\x7fELF", "a program"), (b"MZ", "a program"),
)  # fmt: skip
IN_ZIPS = ((b"word/", "a Word document"), (b"xl/", "an Excel workbook"), (b"ppt/", "a PowerPoint presentation"), (b"/data.pkl", "weights of PyTorch"))  # fmt: skip
CONFLICT = re.compile(r"^[ \t]*(<{7}|={7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)
LINK = re.compile(
    r"\s*(?:\[InternetShortcut\]\s+|URL=)*(?:https?://|www\.)\S{1,4000}(?:\s+\S+=\S*|\s+(?:https?://|www\.)\S{1,4000}){0,20}\s*"
)
PYTHON = re.compile(
    r"^(?:def \w+\(|class \w+[(:]|import \w+|from [\w.]+ import |# %%|# In\[|#!.{0,30}python|# -\*- coding)", re.MULTILINE
)


def kind_of_bytes(raw):
    """What a binary file is, in words; "" if its bytes do not say, as those of text do not."""
    if raw.startswith(b"PK\x03\x04"):
        names = raw[: 1 << 20]
        return next((kind for name, kind in IN_ZIPS if name in names), "a zip archive")
    if raw[257:262] == b"ustar":
        return "a tar archive"
    head = raw[:1024].lstrip()
    return next((kind for magic, kind in MAGIC if raw.startswith(magic) or (magic == b"%PDF-" and magic in head)), "")


def advice(kind):
    if kind.endswith("archive"):
        return f"the file is {kind}, not a notebook: unpack it and {HAND_IN}"
    return f"the file is {kind}, not a notebook: {HAND_IN}"


def why_not_json(text, error):
    """Why `text`, which is no JSON, is no notebook. error: the JSONDecodeError."""
    if marks := [(m[1], line_of(text, m.start(1))) for _, m in zip(range(9), CONFLICT.finditer(text))]:
        signs = {sign[0] for sign, _ in marks}
        if "<" in signs or len(signs) > 1:
            shown = ", ".join(f"line {n} ({sign})" for sign, n in marks[:3])
            return f"a merge conflict of git is left in the file, in {shown}: settle it, open the notebook, save it and submit it again"
    head = text[:2000].lstrip()
    if head.startswith("version https://git-lfs"):
        return f"the file is a pointer of Git LFS, which stands for the notebook and does not hold it: run `git lfs pull` and {HAND_IN}"
    if head.startswith("<"):
        return why_markup(text, head.casefold())
    if LINK.fullmatch(text[:10_000]):
        return f"the file holds a link and no notebook: open the link, download the notebook (File > Download) and {HAND_IN}"
    if re.match(r"\{\s*'", head):
        return f"the file is a Python dictionary as print shows it, not JSON: save the notebook in Jupyter and {HAND_IN}"
    if head[0] in "{[":
        return why_broken(text, error)
    if re.match(r"(?:From|Received|MIME-Version|Return-Path|Delivered-To)[: ]", head):
        return f"the file is an e-mail, not a notebook: save its attachment and {HAND_IN}"
    if PYTHON.search(text):
        return f"the file is Python source (.py), not JSON as a notebook is: put your code into the notebook's exercise cells and {HAND_IN}"
    return f"the file is plain text, not JSON as a notebook is: {HAND_IN}"


def why_markup(text, head):
    if "jp-notebook" in text[:2_000_000].casefold() or 'class="ipynb"' in head:
        return f"the file is a web page to which the notebook was exported: {HAND_IN}"
    if head.startswith("<?xml") and "<html" not in head or head.startswith("<svg"):
        return f"the file is XML, not a notebook: {HAND_IN}"
    return f"the file is a web page, not a notebook: download the notebook itself (on GitHub with Raw) and {HAND_IN}"


def why_broken(text, error):
    """What is wrong with JSON that begins well."""
    at = error.pos
    before, rest = text[max(0, at - 10_000) : at].rstrip(), text[at : at + 10_000]
    comma = at if rest[:1] == "," and rest[1:].lstrip()[:1] in ("]", "}") else len(before) - 1 + max(0, at - 10_000)
    if comma == at or (before.endswith(",") and rest[:1] in ("]", "}")):
        return (
            f"the JSON of the file is broken: there is a comma too many at the end of line {line_of(text, comma)}, before a closing "
            "bracket: take it out with a text editor and submit the file again"
        )
    if at + 5 > len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return "the file is cut off, it ends in the middle: save the notebook, see that the disk is not full, and submit it again"
    if error.msg == "Extra data":
        return f"the file goes on after the end of the notebook, in line {error.lineno}: delete what follows, or save the notebook anew"
    return (
        f"the JSON of the file is broken in line {error.lineno} ({error.msg}): undo what was changed there by hand, or save the "
        "notebook anew in Jupyter, and submit it again"
    )


def why_no_cells(document):
    """Why a JSON document that holds no list of cells is no notebook."""
    what = {dict: "an object", list: "a list", str: "a text"}.get(type(document), "a single value")
    if isinstance(document, dict):
        if {"doc_id", "url"} & document.keys() and len(document) < 10:
            return f"the file is a link of Google Drive, not the notebook: download it (File > Download > .ipynb) and {HAND_IN}"
        keys = ", ".join(str(k)[:20] for k in list(document)[:4])
        what = f"an object with the keys {keys}" if keys else "an empty object"
    return f"the file is not a notebook: it is JSON, but {what}, and has no list of cells: {HAND_IN}"


def line_of(text, at):
    return text.count("\n", 0, at) + 1
