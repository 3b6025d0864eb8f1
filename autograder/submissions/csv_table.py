"""Reads and writes the grade file of a learning platform, a CSV file in any dialect.

A file is written in the dialect in which it was read: encoding, byte-order mark, delimiter, quoting, line ends and decimal
sign stay the same.
"""

import csv
import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.plain import number, plain
from autograder.repair.unknown_bytes import decoded


class RosterError(ValueError):
    """Raised if a file from the LMS (learning platform) does not have the expected format. The message says what is wrong."""


@dataclass(frozen=True)
class Table:
    """The content of a CSV file and its dialect, such as the delimiter and the encoding."""

    header: list
    rows: list
    delimiter: str = ","
    encoding: str = "utf-8"
    mark: bytes = b""  # the byte-order mark
    newline: str = "\r\n"
    quoted: bool = False  # whether every cell is quoted
    comma: bool | None = None  # whether decimal numbers have a comma; None if no cell holds a decimal number

    def show(self, value):
        """Return a number of points as text, with the file's decimal sign."""
        comma = self.delimiter == ";" if self.comma is None else self.comma
        return number(value).replace(".", ",") if comma else number(value)

    def with_rows(self, header, rows):
        return replace(self, header=list(header), rows=[list(r) for r in rows])


def read_table(path):
    """Return the CSV file `path` as a Table. Short rows are filled up with empty cells. Raises RosterError if it is no CSV file."""
    if not Path(path).is_file():
        raise RosterError(f"there is no file {path}: give the CSV file that the LMS exports")
    raw = Path(path).read_bytes()
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterError(f"{path} is a spreadsheet, not a CSV file: export the grades as CSV (comma- or tab-separated values)")
    text, encoding, mark = decoded(raw)
    hint = re.match(r"sep=(.)\r?\n", text)
    text = text[hint.end() :] if hint else text
    first = text.partition("\n")[0]
    delimiter = hint[1] if hint else max(",;\t", key=re.sub(r'"[^"]*"', "", first).count)
    try:
        rows = [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(c.strip() for c in r)]
    except csv.Error as e:
        raise RosterError(f"{path} is not a CSV file ({e}): export it from the LMS again") from None
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
    """Return the text of a cell, with an apostrophe before each formula that a spreadsheet could run.

    A formula after a comma, semicolon, tab or line end counts too, because a spreadsheet may begin a new cell there.
    """
    text = plain(value)
    if re.fullmatch(r"[-+]?\d+([.,]\d+)?|-", text):
        return text
    text = re.sub(r"([;,\t\n]\s*)(?=[=@|]|[+-][^\s\d])", r"\1'", text)
    return "'" + text if text.strip() and (text[0] in "\t\n" or text.lstrip()[0] in "=+-@|＝＋－＠") else text


def safe_id(value):
    """Like `safe`, but for a cell by which the LMS (learning platform) identifies a person, such as a login.

    Only text that looks like a whole formula, such as "=f(1)", is changed. All other text stays as it is, so that the LMS
    recognises the person.
    """
    text = str(value)
    return safe(text) if re.search(r"[=+\-@|].*[(|!]", text, re.DOTALL) else text


def to_text(table, ids=()):
    """Return a Table as CSV text that is safe to open in a spreadsheet.

    `ids` are the indices of the columns by which the LMS identifies people.
    """
    guards = [safe_id if i in ids else safe for i in range(len(table.header))]
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if table.quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=table.delimiter, lineterminator=table.newline, quoting=quoting)
    writer.writerows([g(c) for g, c in zip(guards, row)] for row in [table.header, *table.rows])
    return out.getvalue()


def to_bytes(text, table):
    """Return `text` as bytes, in the encoding and with the byte-order mark of `table`. Unencodable characters become "?"."""
    return table.mark + text.encode(table.encoding, "replace")


def amount(text):
    """Return the number of points in a text such as "12,5" or "12.5", or None if the text is not a positive number."""
    try:
        value = float(str(text).strip().replace(",", "."))
    except ValueError:
        return None
    return value if value > 0 else None
