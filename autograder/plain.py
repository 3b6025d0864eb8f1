"""Text that a student may have written, made fit to be stored and shown: no control characters, nothing that cannot be encoded."""

import re

# C0 and C1 controls but tab and newline, the marks that turn the direction of text, and halves of surrogate pairs.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def plain(text, limit=None):
    """`text` without colour codes and unfit characters, cut at `limit` characters with a word that says so."""
    text = UNFIT.sub("", ANSI.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n")))
    return text if limit is None or len(text) <= limit else text[:limit].rstrip() + "\n… (cut)"


def shown(name):
    """A file's name, or other people's words, on one line of a terminal: what cannot be printed is written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(name))


def number(value):
    """Points as people write them: 4, 2.5."""
    return f"{round(value, 2):g}"
