"""Reads submitted notebook files: turns their bytes into plain cells, even if parts of the file are damaged.

All versions of nbformat from 2 to 4.9 can be read. No field is trusted: each may be missing or have a wrong type.
"""

import json
import re
from dataclasses import dataclass, field

from autograder.repair.file_kinds import advice, kind_of_bytes, why_no_cells, why_not_json
from autograder.repair.unknown_bytes import decoded

MAX_BYTES = 200_000_000  # bytes of the file
MAX_BRACKETS = 20_000_000  # opening brackets in the JSON; more could fill the memory with empty lists
MAX_CELLS = 10_000  # cells that are not empty
MAX_CODE = 2_000_000  # characters in all code cells together
KINDS = {"code": "code", "markdown": "markdown", "heading": "markdown", "html": "markdown", "raw": "raw", "plaintext": "raw"}


class NotGradable(ValueError):
    """Raised if a file cannot be graded. The message is one sentence for the student that says why and what to do."""


@dataclass
class SubmittedCell:
    """One cell of a submitted notebook."""

    kind: str  # "code", "markdown" or "raw"
    source: str  # lines end with \n
    cell_id: str = ""
    nbgrader: dict = field(default_factory=dict)  # nbgrader's metadata
    outputs: list = field(default_factory=list)  # as submitted
    attachments: dict = field(default_factory=dict)  # pictures in Markdown, as submitted

    @property
    def grade_id(self):
        return string(self.nbgrader.get("grade_id"))


def string(value):
    """Return `value`, a str or a list of str, as one str that can be encoded as UTF-8. Return "" for any other value."""
    if isinstance(value, list):
        value = "".join(v for v in value if isinstance(v, str))
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def dictionary(value):
    return value if isinstance(value, dict) else {}


def sequence(value):
    return value if isinstance(value, list) else []


def read_bytes(path):
    """Return the bytes of a submitted file, but no more than the first MAX_BYTES + 1.

    A result with more than MAX_BYTES bytes tells the caller that the file is too large.
    """
    with open(path, "rb") as f:
        return f.read(MAX_BYTES + 1)


def read_json(raw, notes):
    """Return the JSON document in `raw`, the bytes of a file, as Python objects. Raises NotGradable if it cannot be read.

    If the text is not in UTF-8, a sentence for the student is appended to the list `notes`.
    """
    if len(raw) > MAX_BYTES:
        raise NotGradable(f"the file has more than {MAX_BYTES / 1e6:.0f} MB: clear the outputs and submit it again")
    if raw.count(b"[") + raw.count(b"{") > MAX_BRACKETS:
        raise NotGradable("the file holds more lists than a notebook can have: clear the outputs and submit it again")
    if kind := kind_of_bytes(raw):
        raise NotGradable(advice(kind))
    text = text_of(raw, notes).strip().strip("\0\ufeff").strip()
    if not text:
        raise NotGradable("the file is empty: save the notebook and submit it again")
    try:
        return json.loads(text)
    except json.JSONDecodeError as e:
        raise NotGradable(why_not_json(text, e)) from None
    except (ValueError, RecursionError) as e:  # numbers with thousands of digits, or brackets nested too deeply
        raise NotGradable(f"the file is not a notebook: its JSON cannot be read ({type(e).__name__})") from None


def text_of(raw, notes):
    """Return the text in `raw`, a submitted file's bytes. If they are not UTF-8, append a sentence to the list `notes`."""
    text, encoding, _ = decoded(raw)
    if encoding.startswith(("utf-16", "utf-32")):
        notes.append(f"The file was in {encoding[:6].upper()}, not in UTF-8; it was read nevertheless.")
    elif encoding != "utf-8":
        notes.append("The file was not in UTF-8; letters with accents may be wrong.")
    return text


def read_cells(raw, notes):
    """Return the cells of a submitted notebook file as a list of SubmittedCell. `raw` is the bytes of the file.

    For each unusual thing about the file, a sentence for the student is appended to the list `notes`. Raises NotGradable if the
    file cannot be graded.
    """
    return plain_cells(read_json(raw, notes), notes)


def plain_cells(read, notes):
    """Return the cells of a notebook as a list of SubmittedCell, without empty cells. `read` is its JSON as Python objects.

    For each unusual thing, a sentence for the student is appended to the list `notes`. Raises NotGradable if `read` is not a
    notebook, or has no text, too many cells or too much code.
    """
    document = dictionary(read)
    if isinstance(document.get("cells"), list):
        cells = document["cells"]
    elif isinstance(document.get("worksheets"), list):
        cells = [c for sheet in document["worksheets"] for c in sequence(dictionary(sheet).get("cells"))]
        notes.append("The notebook was in an old format (nbformat 3 or before); it was converted.")
    else:
        raise NotGradable(why_no_cells(read))
    kernel = string(dictionary(dictionary(document.get("metadata")).get("kernelspec")).get("name"))
    if kernel not in ("", "python3"):
        notes.append(f"The notebook names the kernel {kernel[:40]!r}; it was graded with python3.")
    found = [read_cell(c) for c in cells if isinstance(c, dict) and not is_empty(c)]
    if len(found) > MAX_CELLS:
        raise NotGradable(
            f"the notebook has {len(found)} cells, more than the {MAX_CELLS} that are read: delete the cells that are not needed"
        )
    if not any(c.source.strip() for c in found):
        raise NotGradable("the notebook has no cells with text in them: did you submit the right file?")
    if sum(len(c.source) for c in found if c.kind == "code") > MAX_CODE:
        raise NotGradable(
            f"the code cells hold more than {MAX_CODE / 1e6:.0f} MB of text: remove the data from them and submit again"
        )
    return found


def is_empty(cell):
    """Return whether `cell`, a dict from the file, holds nothing to grade: neither text nor nbgrader's metadata."""
    return not any(string(cell.get(k)).strip() for k in ("source", "input")) and not dictionary(cell.get("metadata")).get(
        "nbgrader"
    )


def read_cell(cell):
    kind = KINDS.get(string(cell.get("cell_type")), "code" if "outputs" in cell or "input" in cell else "raw")
    source = string(cell.get("source")) or string(cell.get("input"))
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    nbgrader = dictionary(dictionary(cell.get("metadata")).get("nbgrader"))
    outputs, attachments = sequence(cell.get("outputs")), dictionary(cell.get("attachments"))
    if kind == "markdown" and "data:image/" in source:
        source, attachments = attach(source, attachments)
    return SubmittedCell(kind, source, string(cell.get("id")), nbgrader, outputs, attachments)


PASTED = re.compile(r"(!\[[^\[\]\n]{0,500}\]\()data:image/([\w.+-]{1,20});base64,([A-Za-z0-9+/=]+)\)")


def attach(source, attachments):
    """Move the pictures in the text of a Markdown cell to the cell's attachments. Return (text, attachments).

    Notebooks from Colab have their pictures in the text.

    source       the cell's text, in which pictures may stand as data URIs
    attachments  the cell's attachments, {name: {MIME type: base64}}
    """
    pasted = {}

    def name(m):
        pasted[f"pasted-{len(pasted) + 1}.png"] = {f"image/{m[2]}": m[3]}
        return f"{m[1]}attachment:{list(pasted)[-1]})"

    return PASTED.sub(name, source), {**attachments, **pasted}
