"""Slides: each shows one idea, the speaker has notes, nothing is fetched from the network, and no slide is cut off."""

import re

import nbformat
import pytest
from chromium import Chromium

from autograder.authoring.html_export import formula, markdown, write_html
from autograder.places import SOURCES
from autograder.slides import LINES, deck, executed, shown, write_deck
from autograder.stages.source import Cell, Stage, read_stage, stage_names

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def picture(alt):
    return nbformat.v4.new_output("display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": alt}})


def printed(text):
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def small_stage():
    cells = [
        Cell("markdown", "# 04 · Title\n\nWhy.", {}),
        Cell("code", "import torch", {}),
        Cell("markdown", "## The goal\n\n$$ S = X Y^{\\top} $$", {}),
        Cell("code", "show(S)", {}),
        Cell("code", "print('more')", {"slide": "code"}),
        Cell(
            "markdown", "### ✏️ Exercise 4.1 · Loss\n\nComplete it.\n\n<details><summary>Hint 1</summary>Use **this**.</details>", {}
        ),
        Cell("code", "def loss():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", {"exercise": "loss"}),
        Cell("code", 'check("4.1", loss)', {"check": "loss"}),
        Cell("markdown", "Say this.", {"slide": "notes"}),
        Cell("markdown", "Not here.", {"slide": "skip"}),
        Cell("markdown", "## One question\n\nWhy?\n\n**Read on:** papers", {}),
    ]
    outputs = {"show(S)": [picture('scores "S"')], "print('more')": [printed("more <b>\n")]}
    return Stage("04_small", cells), outputs


def test_cells_become_slides():
    columns = deck(*small_stage())
    assert [len(column) for column in columns] == [1, 3, 1]
    goal, code, pause = columns[1]
    assert (
        "<math" in goal.html
        and 'alt="scores &quot;S&quot;"' in goal.html
        and "show(S)" in goal.notes[0]
        and "show(S)" not in goal.html
    )
    assert "print(&#x27;more&#x27;)" in code.html and "more &lt;b&gt;" in code.html and code.above == "The goal"
    assert pause.kind == "pause" and "Hint" not in pause.html
    notes = "".join(pause.notes)
    assert "<b>Hint 1.</b>" in notes and "<strong>this</strong>" in notes and "return 1" in notes and "Say this." in notes
    everything = "".join(s.html + "".join(s.notes) for column in columns for s in column)
    assert (
        "Not here" not in everything and "Read on" not in everything and "SOLUTION" not in everything and "check(" not in everything
    )


def test_long_output_is_shortened_and_says_so():
    html = shown([printed("\n".join(map(str, range(40))))])
    assert html.count("\n") == LINES and "… and 24 more lines" in html
    assert shown([nbformat.v4.new_output("display_data", {"text/html": "<iframe src='ask.html'>"})]) == ""


def test_formulas_are_drawn_without_a_script():
    assert formula(r"\frac{1}{B}", "inline").startswith("<math") and formula(r"\frac{1}{", "inline").startswith("<")
    assert "<math" in markdown("the score $x_1$") and "$" not in markdown("the score $x_1$")
    for stage in stage_names():
        for cell in read_stage(stage).cells:
            if cell.kind == "markdown":
                html = markdown(cell.source)
                assert "$$" not in html and not re.search(r"<code>[^<]*\\(frac|sum|text)", html), f"{stage}: {cell.source[:80]}"


def opened(browser, path):
    """Open the page `path`, and keep the events of loading it in `browser.events`, which `Chromium.open` would clear."""
    browser.events.clear()
    browser.call("Page.navigate", url=path.as_uri())
    browser.wait(f"document.readyState == 'complete' && location.href.startsWith({path.as_uri()!r})")


def requests(browser):
    """Return the addresses that the page requested, other than its own file and data addresses."""
    asked = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    return [a for a in asked if not a.startswith(("data:", "file:", "about:"))]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    pytest.importorskip("websocket")
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    browser.call("Network.enable")
    browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=720, deviceScaleFactor=1, mobile=False)
    yield browser
    browser.close()


def test_an_executed_notebook_fetches_nothing(browser, tmp_path):
    notebook = nbformat.read(SOURCES / "04_in_batch_loss/04_in_batch_loss.ipynb", as_version=4)
    write_html(notebook, tmp_path / "04.html")
    opened(browser, tmp_path / "04.html")
    assert requests(browser) == []
    assert browser.run("document.querySelectorAll('math').length") == 3 and "$$" not in browser.run("document.body.innerText")
    assert browser.run("Math.round(document.querySelector('math').getBoundingClientRect().height)") > 20, "the formula is drawn"


def test_a_page_that_fetches_something_is_found(browser, tmp_path):
    (tmp_path / "page.html").write_text('<img src="http://127.0.0.1:9/a.png">')
    opened(browser, tmp_path / "page.html")
    assert requests(browser) == ["http://127.0.0.1:9/a.png"]


SLIDE = """(() => {
    const slide = Reveal.getCurrentSlide(), fit = slide.querySelector(".fit"), box = fit.getBoundingClientRect();
    const inner = [...fit.querySelectorAll("*")].map((e) => e.getBoundingClientRect()).filter((r) => r.width && r.height);
    return JSON.stringify({zoom: Number(fit.style.zoom), right: Math.max(box.right, ...inner.map((r) => r.right)),
        bottom: Math.max(box.bottom, ...inner.map((r) => r.bottom)), left: Math.min(...inner.map((r) => r.left)), text: slide.innerText.slice(0, 60)});
})()"""


def slides_in(browser, path):
    """Return a list of dicts, one per slide of a deck: its edges (pixels), zoom and text. Fails if the deck requests anything."""
    import json

    opened(browser, path)
    browser.wait("window.Reveal && Reveal.isReady()")
    found = []
    for _ in range(browser.run("Reveal.getTotalSlides()")):
        found.append(json.loads(browser.run(SLIDE)))
        browser.run("Reveal.next()")
    assert requests(browser) == []
    return found


@pytest.mark.parametrize("stage", stage_names())
def test_nothing_is_cut_off(stage, browser, tmp_path, request):
    """No slide is larger than the screen. By default, the slides show text and code without outputs.

    With the outputs of `make course`: pytest tests/authoring/test_slides.py --executed report
    """
    pytest.importorskip("sphinx_revealjs")
    folder = request.config.getoption("--executed")
    notebook = executed(stage, folder) if folder else nbformat.read(SOURCES / stage / f"{stage}.ipynb", as_version=4)
    write_deck(read_stage(stage), notebook, tmp_path / "deck.html")
    found = slides_in(browser, tmp_path / "deck.html")
    assert len(found) > 8
    for slide in found:
        assert slide["bottom"] <= 720 and slide["right"] <= 1280 and slide["left"] >= 0, slide
        assert slide["zoom"] >= 0.55, f"too much for one slide: {slide}"


def test_a_slide_that_is_too_full_is_found(browser, tmp_path):
    pytest.importorskip("sphinx_revealjs")
    full = Stage("04_full", [Cell("markdown", "# 04 · Full\n\n" + "\n\n".join(["word " * 60] * 30), {})])
    write_deck(full, nbformat.v4.new_notebook(), tmp_path / "deck.html")
    [slide] = slides_in(browser, tmp_path / "deck.html")
    assert slide["bottom"] > 720 or slide["zoom"] < 0.55
