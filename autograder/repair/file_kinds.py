"""Recognises files that were handed in as a notebook but are something else.

The functions `why_...` return a sentence that says what the file is and what the student should do.
"""

import re

HAND_IN = "hand in the notebook itself, the file that ends in .ipynb"
WHY_LINK = f"the file holds a link instead of a notebook: open the link, download the notebook (File > Download) and {HAND_IN}"
# The first bytes of a file, and the kind of file that begins with them.
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
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"bplist00", "a bookmark or settings file of macOS"),
    (b"book\0\0\0\0mark", "an alias of macOS, which only points to the file"),
    (b"\x00\x05\x16\x07", "a companion file that macOS makes, without the notebook's content"),
    (b"L\0\0\0\x01\x14\x02\0", "a shortcut of Windows, which only points to the file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"%!PS", "a PostScript document"),
    (b"PAR1", "a table (Parquet)"),
    (b"ID3", "a sound recording"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"PK\x07\x08", "a zip archive"),
)
# Names that occur inside a zip, and the kind of file that such a zip is.
IN_ZIPS = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"/data.pkl", "weights of PyTorch"),
    (b"mimetypeapplication/vnd.oasis", "an OpenDocument file"),
    (b"Index/Document.iwa", "a document of Apple's office programs"),
)
CONTAINED = {b"WEBP": "a picture (WebP)", b"AVI ": "a video", b"WAVE": "a sound recording"}  # at byte 8 of a RIFF file
CONTROL = bytes(c for c in range(32) if c not in b"\t\n\r\f\x1b\x1a")
CONFLICT = re.compile(r"^[ \t]*(<{7}|={7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)
URL = r"(?:https?://|www\.)\S{1,4000}|(?:[\w-]{1,60}\.){1,4}(?:com|org|net|edu|io|dev|google|[a-z]{2})/\S{1,4000}"
LINK = re.compile(rf"(?:\S{{1,60}}\s+){{0,20}}[\[(<]{{0,2}}(?:{URL})(?:\s+\S{{1,4000}}){{0,20}}")
SHORTCUT = re.compile(
    r"\[(?:InternetShortcut|Desktop Entry)\]|\[[^\]\n]{0,300}\]\((?:https?://|www\.)[^)\s]{1,4000}\)\s*$|<https?://[^>\s]{1,4000}>\s*$"
)
# Text files that belong to a notebook in a version control system: (how the file begins, what it is, what to do first).
INSTEAD = (
    (re.compile(r"version https://git-lfs"), "a pointer of Git LFS", "run `git lfs pull` and "),
    (re.compile(r"(?:(?:\.\./){0,20}\.git)?/annex/objects/"), "a pointer of git-annex", "run `git annex get` on it and "),
    (re.compile(r"(?:md5: \w+\s+)?outs:\s+- (?:md5|etag|checksum|hash|size|path):"), "a pointer of DVC", "run `dvc pull` and "),
    (
        re.compile(r"diff -|nbdiff |From [0-9a-f]{40} |--- [^\n]{1,300}\n\+\+\+ |Index: [^\n]{1,300}\n={20}"),
        "a diff, which lists changes to a notebook",
        "",
    ),
)
DOCUMENT = re.compile(r'\{\s*"(?:cells|metadata|nbformat)"\s*:')
PYTHON = re.compile(
    r"^(?:def \w+\(|class \w+[(:]|import \w+|from [\w.]+ import |# %%|# In\[|#!.{0,30}python|# -\*- coding)", re.MULTILINE
)


def kind_of_bytes(raw):
    """Return the kind of a binary file, such as "a PDF", recognised by its bytes `raw`.

    Return "" if the file is a text file or its kind is not recognised.
    """
    if raw.startswith(b"PK\x03\x04"):
        names = raw[: 1 << 20]
        return next((kind for name, kind in IN_ZIPS if name in names), "a zip archive")
    if raw[257:262] == b"ustar":
        return "a tar archive"
    if raw[:4] == b"RIFF":
        return CONTAINED.get(raw[8:12], "a picture, sound or video")
    if raw[4:8] == b"ftyp":
        return "a picture (HEIC)" if raw[8:11] in (b"hei", b"mif", b"avi") else "a video"
    head = raw[:1024].lstrip()
    return next((kind for magic, kind in MAGIC if raw.startswith(magic) or (magic == b"%PDF-" and magic in head)), "")


def is_binary(text):
    """Return whether `text`, the decoded content of a file, is binary data.

    A text counts as binary if more than 1 in 200 of its first 10,000 characters are control characters or U+FFFD, which stands
    for bytes that could not be decoded.
    """
    return sum(map(text[:10_000].count, [*map(chr, CONTROL), "\ufffd"])) > len(text[:10_000]) / 200


def advice(kind):
    if kind.endswith("archive"):
        return f"the file is {kind}, not a notebook: unpack it and {HAND_IN}"
    return f"the file is {kind}, not a notebook: {HAND_IN}"


def why_not_json(text, error):
    """Return a sentence that tells the student why a file is not a notebook, and what to do.

    `text` is the content of the file. It is not valid JSON; `error` is the JSONDecodeError that parsing it raised.
    """
    if marks := [(m[1], line_of(text, m.start(1))) for _, m in zip(range(9), CONFLICT.finditer(text))]:
        signs = {sign[0] for sign, _ in marks}
        if signs & {"<", ">"}:
            shown = ", ".join(f"line {n} ({sign})" for sign, n in marks[:3])
            return (
                f"a git merge conflict is left in the file, in {shown}: resolve it, open the notebook, save it and submit it again"
            )
    head = text[:2000].lstrip()
    if head[0] not in "{[<" and is_binary(text):
        return f"the file is neither text nor a notebook, but holds data of some other program: {HAND_IN}"
    for pattern, kind, todo in INSTEAD:
        if pattern.match(head):
            return f"the file is {kind}, not the notebook itself: {todo}{HAND_IN}"
    if SHORTCUT.match(head):
        return WHY_LINK
    if head.startswith("<"):
        return why_markup(text, head.casefold())
    if len(text) < 10_000 and head[0] not in "{[" and not PYTHON.search(text) and LINK.fullmatch(text.strip()):
        return WHY_LINK
    if re.match(r"\{\s*'", head):
        return f"the file is a Python dictionary as `print` shows it, not JSON: save the notebook in Jupyter and {HAND_IN}"
    if head[0] in "{[":
        return why_broken(text, error)
    if re.match(r"(?:From|Received|MIME-Version|Return-Path|Delivered-To|Subject|Date|Message-ID|X-[\w-]+)[: ]", head):
        return f"the file is an e-mail, not a notebook: save its attachment and {HAND_IN}"
    if begun := DOCUMENT.search(text[:10_000]):
        return (
            f"there is something before the notebook, which begins in line {line_of(text, begun.start())} of the file: delete what is above "
            "it with a text editor, and what is below its last bracket, or save the notebook again in Jupyter, and submit it"
        )
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
    """Return a sentence that says what is wrong with a file that begins like JSON but cannot be parsed.

    `text` is the content of the file, `error` the JSONDecodeError that parsing it raised.
    """
    at = error.pos
    before, rest = text[max(0, at - 10_000) : at].rstrip(), text[at : at + 10_000]
    comma = at if rest[:1] == "," and rest[1:].lstrip()[:1] in ("]", "}") else len(before) - 1 + max(0, at - 10_000)
    if comma == at or (before.endswith(",") and rest[:1] in ("]", "}")):
        return (
            f"the JSON of the file is broken: there is an extra comma at the end of line {line_of(text, comma)}, before a closing "
            "bracket: delete it with a text editor and submit the file again"
        )
    if at + 5 > len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return "the file is cut off in the middle: save the notebook, make sure that the disk is not full, and submit it again"
    if error.msg == "Extra data":
        return f"the file goes on after the end of the notebook, in line {error.lineno}: delete what follows, or save the notebook again"
    return (
        f"the JSON of the file is broken in line {error.lineno} ({error.msg}): undo what was changed there by hand, or save the "
        "notebook again in Jupyter, and submit it"
    )


def why_no_cells(document):
    """Return a sentence that tells the student why `document` is not a notebook, and what to do.

    `document` is the content of a file that is valid JSON but has no list of cells, as Python objects.
    """
    what = {dict: "an object", list: "a list", str: "a text"}.get(type(document), "a single value")
    if isinstance(document, dict):
        if {"doc_id", "url"} & document.keys() and len(document) < 10:
            return f"the file is a link of Google Drive, not the notebook: download it (File > Download > .ipynb) and {HAND_IN}"
        keys = ", ".join(str(k)[:20] for k in list(document)[:4])
        what = f"an object with the keys {keys}" if keys else "an empty object"
    return f"the file is not a notebook: it is JSON, but {what}, and has no list of cells: {HAND_IN}"


def line_of(text, at):
    return text.count("\n", 0, at) + 1
