"""Links in a student's text, shown on the instructor's pages: they may lead only to the web, to mail and to the page itself.

The links that must not work have the made-up scheme `dprtest:`, which no program handles, so a click on one does no harm.
"""

import base64

import nbformat
import pytest
from attacks.links import DEAD, LIVE
from damages import png
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_results import not_gradable

from autograder.marks import sanitize
from autograder.marks.formgrader_copy import shown_notebook
from autograder.marks.sanitize import allowed, as_page, as_written, harmless_html, harmless_markdown, make_harmless, shows_no_harm


class Links(sanitize.Page):
    def __init__(self):
        super().__init__()
        self.links = []

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href", "action") and value]


def links(page):
    seen = Links()
    seen.feed(page)
    return [x for x in seen.links if not x.startswith("#")], seen


@pytest.mark.parametrize("name, text", DEAD.items(), ids=DEAD)
def test_other_schemes_are_no_links(attacked, name, text):
    attacked("links", name)
    made = harmless_markdown(text)
    found, seen = links(as_page(made, {}))
    assert not [x for x in found if not x.startswith("x.png")] and not seen.harm
    assert shows_no_harm(as_page(made, {}))


@pytest.mark.parametrize("text, address", LIVE.items())
def test_links_to_the_web_to_mail_and_to_the_page_stay(text, address):
    made = harmless_markdown(text)
    seen = Links()
    seen.feed(as_page(made, {}))
    assert address is None or [x.replace("&amp;", "&") for x in seen.links] == [address], made


@pytest.mark.parametrize("text", [*DEAD.values(), *LIVE])
def test_one_bad_link_takes_no_good_one_with_it(text):
    made = harmless_markdown(f"{text}\n\n[good](https://example.org/good)")
    assert made.startswith("<pre>") or "https://example.org/good" in links(as_page(made, {}))[0]


@pytest.mark.parametrize(
    "text",
    [
        "Plain words: a list, x[0](1), a[i]: int.",
        "# Title\n\n* one\n* two",
        "$\\alpha_{1}$ and $$x^2$$",
        "`code: x[1](y)` and **bold**",
    ],
)
def test_what_has_no_link_stays_as_it_is(text):
    assert harmless_markdown(text) == text


def test_what_the_student_wrote_can_be_read_back():
    for text in [
        t for t in DEAD.values() if "\x01" not in t and "<" not in t and "&" not in t and "href{" not in t and "mermaid" not in t
    ]:
        assert as_written(harmless_markdown(text)) == text


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["[", "]", "(", ")", "<", ">", ":", "\\", "`", "!", "\n", "\n\n", " ", "&#100;", "$", '"', "a", "dprtest:", "x", "*", "|", "> ", "    "]),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_no_mixture_of_signs_makes_a_link(text):
    made = harmless_markdown(text)
    assert shows_no_harm(as_page(made, {}))
    assert not [x for x in links(as_page(made, {}))[0] if not allowed(x)]


def test_outputs_are_made_harmless_too():
    link = '<a href="dprtest:1">press</a>'
    data = {
        "text/html": f"{link} <a href='https://example.org'>ok</a>", "text/markdown": "[press](dprtest:1) [ok](https://example.org)",
        "image/svg+xml": f"<svg>{link}</svg>", "text/latex": "$\\href{dprtest:1}{press}$", "application/json": {"a": 1},
        "text/plain": "kept", "application/vnd.mermaid": "x",
    }  # fmt: skip
    cell = nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data)])
    raw = nbformat.v4.new_raw_cell(link)
    make_harmless([cell, raw])
    kept = cell.outputs[0].data
    assert set(kept) == {"text/html", "text/markdown", "text/plain"} and kept["text/plain"] == "kept"
    assert 'dprtest:1"' not in kept["text/html"] and "https://example.org" in kept["text/html"]
    assert links(as_page(kept["text/markdown"], {}))[0] == ["https://example.org"]
    assert raw.source == "<a>press</a>"
    assert "$" not in harmless_html("<b>$\\href{dprtest:1}{press}$</b>") or "\\href" not in harmless_html("$\\href{dprtest:1}{x}$")


def test_pictures_beside_a_cell_stay_and_missing_ones_do_not_break_the_page():
    encoded = base64.b64encode(png()).decode()
    there = {"a.png": {"image/png": encoded}}
    text = "![one](attachment:a.png)"
    assert harmless_markdown(text, there) == text and "data:image/png" in as_page(text, there)
    assert "missing" in as_page(harmless_markdown("![missing](attachment:b.png)", there), there)


def test_a_cell_that_takes_too_long_is_shown_as_it_was_typed(monkeypatch):
    monkeypatch.setattr(sanitize, "MAX_SECONDS", 0.05)
    cells = [nbformat.v4.new_markdown_cell("word [a](b) " * 4_000) for _ in range(20)]
    make_harmless(cells)
    assert all(c.source.startswith("<pre>") for c in cells) and as_written(cells[0].source) == "word [a](b) " * 4_000
    long = "word " * 40_000
    assert harmless_markdown(long) == f"<pre>{long}</pre>"


def test_a_reason_is_no_link_either():
    shown = shown_notebook(not_gradable("ada", reason="see [press](dprtest:1)"), None)
    assert "could not be graded" in shown.cells[0].source and not links(as_page(shown.cells[0].source, {}))[0]
