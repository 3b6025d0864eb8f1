"""Damage to the text: encodings, line ends, tabs and spaces."""

import json

from damages.register import damage
from damages.submission import each, edit, exercise, text_of


@damage()
def windows_line_ends(nb):
    return each(nb, lambda c: c.update(source=text_of(c).replace("\n", "\r\n")))


@damage()
def byte_order_mark(nb):
    return b"\xef\xbb\xbf" + json.dumps(nb).encode()


@damage()
def byte_order_mark_in_every_cell(nb):
    return each(nb, lambda c: c.update(source="\ufeff" + text_of(c)))


@damage(note="UTF-16")
def utf_16(nb):
    return json.dumps(nb, ensure_ascii=False).encode("utf-16")


@damage()
def not_utf_8(nb):
    """The file is saved in cp1252, as by an old editor. Characters outside cp1252 are lost, but the code contains none."""
    return json.dumps(nb, ensure_ascii=False).encode("cp1252", "replace")


@damage()
def source_as_one_string(nb):
    return each(nb, lambda c: c.update(source=text_of(c)))


@damage("full")
def tabs(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("    ", "\t"))


@damage("full")
def tabs_and_spaces_mixed(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("    X, Y", "\tX, Y").replace("    S =", "\tS ="))


@damage()
def the_whole_cell_indented(nb):
    return edit(nb, exercise(nb), lambda s: "\n".join("  " + line for line in s.split("\n")))


@damage()
def blanks_at_the_ends_of_lines(nb):
    return edit(nb, exercise(nb), lambda s: s.replace("\n", "   \n") + "\n\n\n")
