"""Links in a student's text, clicked in a real browser on formgrader's page and on the feedback page.

The links that must not work have the made-up scheme `dprtest:`, which no program handles, so a click on one does no harm.
"""

import nbformat
import pytest
from attacks.links import DEAD, LIVE
from chromium import Chromium
from sample_results import LOSS, judged, notebook, result

from autograder.marks.feedback import feedback_page
from autograder.marks.formgrader_copy import shown_notebook

ESSAY = "06_experiments"


def formgrader(shown, path):
    """Write the notebook `shown` to the file `path` as the HTML page that nbgrader's formgrader makes of it. Returns the path."""
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
    """Return a notebook with the links of `DEAD` and `LIVE`, in written answers, in the student's own cells and in outputs."""
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
    """Click on every word "press" and "here" of a page.

    Returns (the clicked words, the addresses that the browser tried to open, the addresses of the links that were clicked).
    """
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
