"""A platform's grade file: read whatever the dialect, written back in the same one.

Encoding, byte-order mark, separator, quotation, line ends and the decimal sign come back as they came.
"""

import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.plain import number, plain
from autograder.repair.unknown_bytes import decoded


class RosterError(ValueError):
    """The file from the LMS is not what its format needs. The message says what is missing."""


@dataclass(frozen=True)
class Table:
    header: list
    rows: list
    delimiter: str = ","
    encoding: str = "utf-8"
    mark: bytes = b""
    newline: str = "\r\n"
    quoted: bool = False  # every cell
    comma: bool | None = None  # in decimals; None where no cell shows one

    def show(self, value):
        """Points as this file writes them."""
        comma = self.delimiter == ";" if self.comma is None else self.comma
        return number(value).replace(".", ",") if comma else number(value)

    def with_rows(self, header, rows):
        return replace(self, header=list(header), rows=[list(r) for r in rows])


def read_table(path):
    """The Table of a file; short rows are filled up. Raises RosterError if it is none."""
    if not Path(path).is_file():
        raise RosterError(f"there is no file {path}: give the CSV file that the LMS exports")
    raw = Path(path).read_bytes()
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterError(f"{path} is a spreadsheet, not a CSV file: have the LMS export CSV (comma or tab separated values)")
    text, encoding, mark = decoded(raw)
    hint = re.match(r"sep=(.)\r?\n", text)
    text = text[hint.end() :] if hint else text
    first = text.partition("\n")[0]
    delimiter = hint[1] if hint else max(",;\t", key=re.sub(r'"[^"]*"', "", first).count)
    try:
        rows = [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(c.strip() for c in r)]
    except csv.Error as e:
        raise RosterError(f"{path} is no CSV file ({e}): export it from the LMS again") from None
    if not rows:
        raise RosterError(f"{path} is empty: export it from the LMS again")
    header = [h.strip() for h in rows[0]]
    cells = [c.strip() for r in rows[1:] for c in r]
    commas, points = (sum(bool(re.fullmatch(rf"-?\d+{sign}\d+ ?%?", c)) for c in cells) for sign in (",", r"\."))
    comma = None if commas == points == 0 else commas > points
    quoted = (
        bool(first.strip()) and all(c[:1] == '"' for c in first.strip().split(delimiter)) and first.count('"') >= 2 * len(header)
    )
    return Table(
        header, [r + [""] * (len(header) - len(r)) for r in rows[1:]], delimiter, encoding, mark,
        "\r\n" if "\r\n" in text else "\n", quoted, comma,
    )  # fmt: skip


def safe(value):
    """A cell that no spreadsheet takes for a formula, nor, where it splits cells at another sign, a part of it."""
    text = plain(value)
    if re.fullmatch(r"[-+]?\d+([.,]\d+)?|-", text):
        return text
    text = re.sub(r"([;,\t\n]\s*)(?=[=@|]|[+-][^\s\d])", r"\1'", text)
    return "'" + text if text.strip() and (text[0] in "\t\n" or text.lstrip()[0] in "=+-@|＝＋－＠") else text


def safe_id(value):
    """A cell by which an LMS knows a person: as it is, but for one by which a spreadsheet could run or open anything."""
    text = str(value)
    return safe(text) if re.search(r"[=+\-@|].*[(|!]", text, re.DOTALL) else text


def to_text(table, ids=()):
    """CSV text that is safe to open. ids: numbers of the columns by which the LMS knows people."""
    guards = [safe_id if i in ids else safe for i in range(len(table.header))]
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if table.quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=table.delimiter, lineterminator=table.newline, quoting=quoting)
    writer.writerows([g(c) for g, c in zip(guards, row)] for row in [table.header, *table.rows])
    return out.getvalue()


def to_bytes(text, table):
    """The text as the file came: encoding and mark; what that encoding lacks becomes a question mark."""
    return table.mark + text.encode(table.encoding, "replace")


def amount(text):
    """A positive number of points, or None for anything else."""
    try:
        value = float(str(text).strip().replace(",", "."))
    except ValueError:
        return None
    return value if value > 0 else None
