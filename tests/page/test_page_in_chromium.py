"""The page as a user sees it in Chromium, opened from the disk without a network: keyboard, phone screens, hostile text."""

import re

import pytest

from dpr_course.page.columns import bm25_column
from dpr_course.page.export import write

HOSTILE = "<script>window.bad = 1</script><img src=x onerror='window.bad = 1'> & </script><!-- {{about}} “quoted”"


def opened(browser, path, width=1280, height=900):
    browser.open(path)
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
    browser.wait("window.retrievers && retrievers.ready")


def type_text(browser, text):
    """Type a text, as by the keyboard, into the element that has the focus."""
    browser.call("Input.insertText", text=text)


def press_key(browser, key, code=0):
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)


def test_ten_typed_questions_are_answered_by_keyboard_alone_and_nothing_is_fetched(browser, page):
    opened(browser, page.path)
    assert browser.run("document.activeElement.id") == "question", "one can type at once"
    asked = 0
    for sample in page.samples[:1000:100]:
        browser.run("document.activeElement.select()")
        type_text(browser, sample["question"])
        told = browser.wait(
            "retrievers.input.value && [...document.querySelectorAll('article')].map(a => a.querySelectorAll('li').length).join()"
        )
        assert told == "5,5,5"
        browser.wait("!document.getElementById('answer').hidden")
        assert sample["answers"][0] in browser.run("document.getElementById('answer').textContent")
        asked += browser.run("document.querySelectorAll('article')[0].querySelectorAll('mark').length") > 0
    assert asked >= 6, "BM25's five passages hold the answer of most questions, marked"
    press_key(browser, "Tab", 9)
    assert browser.run("document.activeElement.id") == "known"
    requests = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    assert [u for u in requests if not u.startswith(("file://", "data:"))] == []
    assert browser.run("document.cookie") == "" and browser.run("performance.getEntriesByType('resource').length") == 0


def test_gold_reasons_matrix_map_and_recall(browser, page):
    opened(browser, page.path)
    known = page.samples[500]
    browser.run("retrievers.put(retrievers.room.questions[500].question)")
    assert "gold passage at rank 1" in browser.run("document.querySelector('article').textContent")
    assert browser.run("document.querySelectorAll('article')[0].querySelectorAll('li.gold').length") == 1
    browser.run("for (const d of document.querySelectorAll('details')) d.open = true")
    browser.wait("document.querySelectorAll('.tokens li').length")
    tokens = browser.run("[...document.querySelector('.tokens').children].map(e => e.textContent)")
    assert tokens == ["[CLS]", *page.moved.tokenizer.tokenize(known["question"]), "[SEP]"]
    assert "stop word" in browser.run("document.querySelector('.words').textContent")
    browser.wait("document.getElementById('cell').textContent")
    first = browser.run("document.getElementById('cell').textContent")
    assert known["question"] in first and "its gold" in first
    browser.run("document.querySelector('#matrix canvas').focus()")
    press_key(browser, "ArrowRight", 39)
    assert browser.run("document.getElementById('cell').textContent") not in ("", first)
    first = browser.wait("document.getElementById('place').textContent")
    browser.run("document.querySelector('#map canvas').focus()")
    press_key(browser, "ArrowDown", 40)
    assert first.startswith("1. ") and browser.run("document.getElementById('place').textContent").startswith("2. ")
    # The first 40 questions are enough to see that the page counts R@k.
    browser.run(
        "retrievers.recall.known = retrievers.recall.known.slice(0, 40); retrievers.recall.run().then(r => window.table = r)"
    )
    table = browser.wait("window.table")
    ranks = browser.run(
        "retrievers.recall.known.map(q => best(retrievers.room.columns[2].scores(q.question), 5).findIndex(h => h.number === q.gold))"
    )
    assert table["moved"]["1"] == pytest.approx(100 * ranks.count(0) / 40)
    assert table["moved"]["5"] == pytest.approx(100 * sum(r >= 0 for r in ranks) / 40)
    assert browser.run("document.querySelector('#recall progress').value") == 1


def test_a_question_is_encoded_once_with_the_map_open(browser, page):
    browser.open(page.path)
    browser.wait("window.retrievers && retrievers.ready")
    browser.run("""document.getElementById('map').open = true; window.asked = [];
        const encoder = retrievers.room.columns[2].encoder, own = encoder.encode.bind(encoder);
        encoder.encode = (ids) => { asked.push(ids.length); return own(ids); };
        retrievers.put('who discovered radium'); retrievers.map.draw()""")
    assert browser.run("asked.length") == 1
    browser.run("retrievers.put('who discovered penicillin')")
    assert browser.run("asked.length") == 2


def test_one_where_they_disagree(browser, page):
    opened(browser, page.path)
    browser.run("document.getElementById('disagree').click()")
    golds = browser.run("[...document.querySelectorAll('article')].map(a => !!a.querySelector('li:first-child.gold'))")
    assert len(set(golds)) == 2
    browser.run("retrievers.put(''); 1")
    assert browser.run("document.querySelectorAll('article li').length") == 0


def test_on_a_phone_nothing_hangs_over_and_every_control_has_a_name(browser, page):
    opened(browser, page.path, width=390)
    browser.run("for (const d of document.querySelectorAll('details')) d.open = true")
    assert browser.run("document.documentElement.scrollWidth") <= 390
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    kinds = {"button", "combobox", "searchbox", "progressbar", "image", "list"}
    unnamed = [n for n in nodes if not n.get("ignored") and n["role"]["value"] in kinds - {"list"} and not n["name"]["value"]]
    assert unnamed == []


def test_hostile_text_is_shown_as_text(browser, page, tmp_path):
    passages = [
        {"id": "p0", "title": HOSTILE, "text": f"{HOSTILE} penicillin"},
        {"id": "p1", "title": "two", "text": "penicillin two"},
    ]
    samples = [{"question": f"penicillin {HOSTILE}", "answers": [HOSTILE], "gold_context": passages[0]}]
    write([bm25_column(HOSTILE)], passages, samples, tmp_path / "ask.html")
    opened(browser, tmp_path / "ask.html")
    browser.run("retrievers.put(retrievers.room.questions[0].question)")
    browser.run("for (const d of document.querySelectorAll('details')) d.open = true")
    browser.wait("document.querySelectorAll('.words td').length")
    assert browser.run("typeof window.bad") == "undefined"
    assert browser.run("document.querySelector('article strong').textContent") == HOSTILE
    assert browser.run("document.querySelector('article h2').textContent") == HOSTILE
    assert browser.run("document.querySelectorAll('article img, article script').length") == 0


def test_a_damaged_file_says_so(browser, page, tmp_path):
    text = page.path.read_text(encoding="utf-8")
    at = re.search(r'id="weights"[^>]*>', text).end() + 500_000
    (tmp_path / "ask.html").write_text(text[:at] + text[at + 100 :], encoding="utf-8", newline="\n")
    browser.open(tmp_path / "ask.html")
    browser.wait("document.getElementById('status').textContent.includes('damaged')")
