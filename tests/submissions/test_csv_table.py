"""CSV tables: no cell that we write is run as a formula by a spreadsheet, and files of every dialect are read."""

import re

import pytest
from attacks.injection import FORMULAS, SPLIT

from autograder.submissions.csv_table import RosterError, read_table, safe


@pytest.mark.parametrize("bad", FORMULAS)
def test_no_formula_gets_into_a_spreadsheet(attacked, bad):
    attacked("injected text", repr(bad))
    assert safe(bad).startswith("'")


@pytest.mark.parametrize(
    "good", ["-", "", "-3.5", "+4", "12,5", "a=b", "Anne-Marie", "  Points Possible", 7.5, "good, -1 for style; - and so on"]
)
def test_plain_cells_stay(good):
    assert safe(good) == str(good)


@pytest.mark.parametrize("bad", SPLIT)
def test_no_formula_comes_from_a_cell_that_is_split_elsewhere(attacked, bad):
    """A spreadsheet may split a cell at a semicolon or tab, depending on its language. None of the parts may be a formula."""
    attacked("injected text", repr(bad))
    assert not any(part.strip()[:1] in tuple("=+-@|") for part in re.split(r"[;,\t\n]", safe(bad)))


def test_what_a_file_is_written_in_is_seen(tmp_path):
    path = tmp_path / "x.csv"
    for text, delimiter, comma, quoted in [
        ("a,b\n1.5,x\n", ",", False, False), ("a;b\n1,5;x\n", ";", True, False), ("a\tb\n1\tx\n", "\t", None, False),
        ('"a","b"\n"1,5","x"\n', ",", True, True), ("sep=;\na;b\n1;2\n", ";", None, False), ('"a, b";c\n1;2\n', ";", None, False),
    ]:  # fmt: skip
        path.write_text(text)
        table = read_table(path)
        assert (table.delimiter, table.comma, table.quoted, len(table.header)) == (delimiter, comma, quoted, 2), text
    path.write_text("")
    with pytest.raises(RosterError, match="empty"):
        read_table(path)
