"""Decodes bytes in an unknown encoding, such as notebooks and tables that have passed through several programs."""

import codecs
import json

MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decoded(raw):
    """Return (text, encoding, byte-order mark) for `raw`, the bytes of a file.

    UTF-8, UTF-16 and UTF-32 are recognised, with or without a byte-order mark. Anything else is read as cp1252, which old
    editors and spreadsheets write. Bytes that cannot be decoded become U+FFFD. The byte-order mark is b"" if the file has none.
    For UTF-32 it is always b"".
    """
    guessed = json.detect_encoding(raw)  # by the byte-order mark, or by the positions of zeros among the first bytes
    if guessed.startswith("utf-32"):  # tested first, because its byte-order mark begins with that of UTF-16
        return raw.decode(guessed, "replace"), guessed, b""
    for mark, encoding in MARKS.items():
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace"), encoding, mark
    if guessed.startswith("utf-16"):
        return raw.decode(guessed, "replace"), guessed, b""
    try:
        return raw.decode("utf-8"), "utf-8", b""
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), "cp1252", b""
