"""What a student writes is shown as text, and never executed, in a browser, a spreadsheet or a terminal."""

import pytest
from attacks.injection import FORMULAS, PAGES, TERMINAL
from attacks.links import DEAD

from autograder.marks.sanitize import as_page, harmless_html, harmless_markdown, shows_no_harm
from autograder.plain import plain, shown
from autograder.submissions.csv_table import safe


def harmful(page):
    """Return whether an HTML page could act: by a forbidden link, an event handler, or a tag that loads or runs something."""
    return not shows_no_harm(page) or any(tag in page.lower() for tag in ("<script", "<iframe", "<svg"))


@pytest.mark.parametrize("attack", PAGES)
def test_nothing_on_a_page_acts(attacked, attack):
    attacked("injected text", attack)
    assert not harmful(as_page(harmless_markdown(PAGES[attack]), {}))
    assert not harmful(harmless_html(PAGES[attack]))


def test_canary_pages_act_where_they_are_not_cleaned(canary):
    canary("injected text", "links")
    assert all(harmful(as_page(text, {})) for text in PAGES.values())
    assert harmful(as_page(DEAD["inline"], {})) and not harmful(as_page(harmless_markdown(DEAD["inline"]), {}))


@pytest.mark.parametrize("attack", TERMINAL)
def test_nothing_reaches_a_terminal_but_letters(attacked, attack):
    attacked("injected text", attack)
    for text in (plain(TERMINAL[attack]), shown(TERMINAL[attack])):
        assert all(c.isprintable() or c == "\n" for c in text)


def test_canary_a_terminal_gets_what_is_not_cleaned(canary):
    canary("injected text")
    assert not any(all(c.isprintable() or c == "\n" for c in text) for text in TERMINAL.values())


def test_canary_cells_are_formulas_where_they_are_not_quoted(canary):
    canary("injected text")
    starts = ("=", "+", "-", "@", "|", "＝")
    assert all(cell.strip().startswith(starts) and not safe(cell).strip().startswith(starts) for cell in FORMULAS)
