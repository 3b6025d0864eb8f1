"""Cleans text that may come from a student, before it is stored or shown. Also writes numbers of points as text."""

import re

# The C0 and C1 control characters except tab and newline, the marks that change the direction of text, and lone surrogates.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def plain(text, limit=None):
    """Return `text` without terminal colour codes, control characters and the other characters in UNFIT.

    If the result has more than `limit` characters, it is cut there and "(cut)" is added. None means no limit.
    """
    text = UNFIT.sub("", ANSI.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n")))
    return text if limit is None or len(text) <= limit else text[:limit].rstrip() + "\n… (cut)"


def shown(name):
    """Return `name`, a file name or other text from outside, with escape sequences in place of unprintable characters."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(name))


def number(value):
    """Return a number of points as text with at most two decimals, such as "4" or "2.5"."""
    return f"{round(value, 2):g}"
