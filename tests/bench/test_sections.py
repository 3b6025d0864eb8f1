"""Each benchmark that writes to bench/README.md has its own section there, and changes no other part of the file."""

import pytest

from autograder.bench import grading_scale, profile, search_scale
from autograder.bench.sections import marks, replace_section


def test_the_page_has_a_section_for_each_command_that_writes_to_it():
    assert profile.TARGET == search_scale.README == grading_scale.README
    text = profile.TARGET.read_text(encoding="utf-8")
    for name in ("profile", "bench-search", "bench-cluster"):
        assert [text.count(mark) for mark in marks(name)] == [1, 1]


def test_a_section_is_replaced_and_nothing_else(tmp_path):
    page = tmp_path / "page.md"
    other = "{}\n\nother\n\n{}\n".format(*marks("other"))
    page.write_text("head\n{} old {}\n".format(*marks("mine")) + other, encoding="utf-8")
    for _ in range(2):
        replace_section(page, "mine", "\nnew\n")
        assert page.read_text(encoding="utf-8") == "head\n{}\n\nnew\n\n{}\n".format(*marks("mine")) + other
    with pytest.raises(ValueError, match="the marks .* are not there"):
        replace_section(page, "nobody's", "new")
