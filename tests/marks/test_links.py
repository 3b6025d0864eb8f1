"""Links of a student's on the instructor's pages: the web, mail, the page itself, and nothing else, however they are written.

`dprtest:` is a scheme that no program handles: pressing on such a link shows that it is live and does nothing.
"""

import base64

import nbformat
import pytest
from chromium import Chromium
from damages import png
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_results import LOSS, judged, not_gradable, notebook, result

from autograder.marks import harmless
from autograder.marks.feedback import feedback_page
from autograder.marks.formgrader_copy import shown_notebook
from autograder.marks.harmless import allowed, as_page, as_written, harmless_html, harmless_markdown, make_harmless, shows_no_harm

ESSAY = "06_experiments"
DEAD = {
    "inline": "[press](dprtest:1)",
    "with a title": '[press](dprtest:1 "title")',
    "in brackets": "[press](<dprtest:1>)",
    "capitals": "[press](DPRtest:1)",
    "two slashes": "[press](dprtest://host/1)",
    "a reference": "[press][a]\n\n[a]: dprtest:1",
    "a short reference": "[press]\n\n[press]: dprtest:1",
    "a reference with a title": '[press][a]\n\n[a]: <dprtest:1>\n   "title"',
    "a reference in a quotation": "> [press][a]\n>\n> [a]: dprtest:1",
    "by itself": "<dprtest:press>",
    "HTML": '<a href="dprtest:1">press</a>',
    "HTML without quotes": "<a href=dprtest:1>press</a>",
    "HTML after a blank": '<a href=" dprtest:1">press</a>',
    "HTML in a block": '<div>\n<a href="dprtest:1">press</a>\n</div>',
    "HTML with an area": '<area href="dprtest:1">press',
    "SVG": '<svg><a href="dprtest:1" xlink:href="dprtest:1"><text y="20">press</text></a></svg>',
    "a form": '<form action="dprtest:1"><button>press</button></form>',
    "a picture in a link": "[![press](x.png)](dprtest:1)",
    "a picture": "![press](dprtest:1)",
    "a character reference": "[press](&#100;prtest:1)",
    "a named one": "[press](dprtest&colon;1)",
    "one in HTML": '<a href="&#100;prtest&#58;1">press</a>',
    "a backslash": "[press](dprtest\\:1)",
    "a control character": "[press](\x01dprtest:1)",
    "a line break": "[press](\ndprtest:1)",
    "a tab in HTML": '<a href="dpr\ttest:1">press</a>',
    "a line break in HTML": '<a href="dpr\ntest:1">press</a>',
    "a colon further on": "[press](a/dprtest:1)",
    "a colon further on in HTML": '<a href="a/dprtest:1">press</a>',
    "in a table": "| a |\n|---|\n| [press](dprtest:1) |",
    "in a list": "* one\n* [press](dprtest:1)",
    "in a heading": "# [press](dprtest:1)",
    "in bold": "**[press](dprtest:1)**",
    "brackets in the text": "[pr[e]ss](dprtest:1)",
    "a footnote": "press[^1]\n\n[^1]: [press](dprtest:1)",
    "TeX": "$\\href{dprtest:1}{press}$",
    "TeX, written out": "&#36;\\&#104;ref{dprtest:1}{press}&#36;",
    "a diagram": '```mermaid\nflowchart LR\n  A[press]\n  click A "dprtest:1"\n```',
    "an attachment that is a link": "[press](attachment:a.png)",
    "data": "[press](data:text/plain,1)",
}
LIVE = {
    "[here](https://example.org/a_(b)?c=d&e=f#g)": "https://example.org/a_(b)?c=d&e=f#g",
    "[here](HTTP://example.org)": "HTTP://example.org",
    '[here](http://example.org "a title")': "http://example.org",
    "[here][a]\n\n[a]: https://example.org/x": "https://example.org/x",
    "<https://example.org/y>": "https://example.org/y",
    "[here](mailto:ada@example.org)": "mailto:ada@example.org",
    "[here](#part)": "#part",
    "[here](other.md)": "other.md",
    "[here](../a/b.ipynb)": "../a/b.ipynb",
    '<a href="https://example.org/z">here</a>': "https://example.org/z",
    "[here](<https://example.org/a b>)": None,  # rare: it may stay text
}


class Links(harmless.Page):
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


@pytest.mark.parametrize("text", DEAD.values(), ids=DEAD)
def test_other_schemes_are_no_links(text):
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
    monkeypatch.setattr(harmless, "MAX_SECONDS", 0.05)
    cells = [nbformat.v4.new_markdown_cell("word [a](b) " * 4_000) for _ in range(20)]
    make_harmless(cells)
    assert all(c.source.startswith("<pre>") for c in cells) and as_written(cells[0].source) == "word [a](b) " * 4_000
    long = "word " * 40_000
    assert harmless_markdown(long) == f"<pre>{long}</pre>"


def formgrader(shown, path):
    """A recorded notebook as formgrader shows it."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers
    from traitlets.config import Config

    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    told = {
        "assignment_id": ESSAY,
        "notebook_id": ESSAY,
        "submission_id": "1",
        "index": 0,
        "total": 1,
        "base_url": "",
        "student": "ada",
    }
    told |= {"last_name": "", "first_name": "", "notebook_path": "x"}
    page, _ = HTMLExporter(config=config).from_notebook_node(shown, resources=told)
    path.write_text(page, encoding="utf-8")
    return path


def written_by_a_student():
    """A notebook with every link above, in an answer, in own cells and in outputs."""
    made = notebook(ESSAY, written={"plan": "\n\n".join(DEAD.values()), "conclusion": "\n\n".join(LIVE)})
    made.cells += [nbformat.v4.new_markdown_cell(t) for t in DEAD.values()]
    data = {"text/html": DEAD["HTML"], "text/markdown": DEAD["inline"], "image/svg+xml": DEAD["SVG"], "text/plain": "x"}
    for kind, text in data.items():
        made.cells.append(nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", {kind: text})]))
    made.cells.append(nbformat.v4.new_raw_cell(DEAD["HTML"]))
    return made


PLACES = """
window.pressed = [];
(() => {
  if (document.querySelector('#notebook'))
    for (const e of document.querySelectorAll('body > *')) if (!e.querySelector('#notebook')) e.remove();
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    for (const m of node.data.matchAll(/press|here/g)) {
      const range = document.createRange();
      range.setStart(node, m.index); range.setEnd(node, m.index + m[0].length);
      const r = range.getBoundingClientRect();
      if (r.width) found.push([m[0], r.left + r.width / 2 + scrollX, r.top + r.height / 2 + scrollY]);
    }
  }
  window.addEventListener('click', e => {
    const a = e.target.closest('a[href]');
    if (a) pressed.push(a.href);
    if (a && /^(http|mailto|file)/.test(a.href)) e.preventDefault();  // nothing is fetched here
  });
  return found;
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    made = Chromium(tmp_path_factory.mktemp("chromium"))
    yield made
    made.close()


def pressed(browser, path):
    """What every word to press on asked for: (words pressed, addresses that the browser tried to open, live links)."""
    browser.open(path)
    browser.call("Emulation.setDeviceMetricsOverride", width=1200, height=12_000, deviceScaleFactor=1, mobile=False)
    places = browser.run(PLACES)
    asked = [address for _, x, y in places for address in browser.press(x, y)]
    return [word for word, _, _ in places], asked, browser.run("pressed")


def test_in_chromium_a_press_on_a_foreign_scheme_opens_nothing(browser, tmp_path):
    made, ada = written_by_a_student(), result("ada", ESSAY)
    words, asked, _ = pressed(browser, formgrader(made, tmp_path / "untouched.html"))
    assert [a for a in asked if a.lower().startswith("dprtest:")], "the test sees a live link where there is one"
    words, asked, live = pressed(browser, formgrader(shown_notebook(ada, made), tmp_path / "shown.html"))
    assert words.count("press") > 60 and not asked, asked
    assert {href.split(":")[0].lower() for href in live} <= {"http", "https", "mailto", "file"}
    assert "mailto:ada@example.org" in live and "https://example.org/x" in live


def test_in_chromium_the_feedback_page_has_no_link_of_a_students(browser, tmp_path):
    made = shown_notebook(result("ada", ESSAY), written_by_a_student())
    path = tmp_path / "feedback.html"
    path.write_text(feedback_page(result("ada", ESSAY), made), encoding="utf-8")
    words, asked, live = pressed(browser, path)
    assert words.count("press") > 20 and not asked and not live
    e = judged(LOSS, "arange")
    e = e | {
        "output": "\n".join(DEAD.values()),
        "tests": [t | {"message": " ".join(DEAD.values()), "passed": False} for t in e["tests"]],
    }
    path.write_text(feedback_page(result("ada", exercises={LOSS: e})), encoding="utf-8")
    assert pressed(browser, path)[1:] == ([], [])


def test_a_reason_is_no_link_either():
    shown = shown_notebook(not_gradable("ada", reason="see [press](dprtest:1)"), None)
    assert "could not be graded" in shown.cells[0].source and not links(as_page(shown.cells[0].source, {}))[0]
