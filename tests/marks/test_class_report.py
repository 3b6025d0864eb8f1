"""The class report: its counts are right for one student and for two hundred, and no text of a student becomes markup in it."""

import re

from sample_results import LOSS, MASKED, failed, judged, not_gradable, result
from test_feedback import EVIL, Page, assert_harmless

from autograder.marks.class_report import report_page, write_report
from autograder.places import TERM_OF_COURSE


def test_counts_of_failures_mistakes_and_trouble():
    hidden = judged(LOSS)
    hidden = hidden | {
        "points": 3.0,
        "tests": [hidden["tests"][0] | {"passed": False, "points": 0.0, "hidden_only": True}, *hidden["tests"][1:]],
    }
    results = [
        result("a"), result("b", exercises={LOSS: judged(LOSS, "arange")}), result("c", exercises={LOSS: judged(LOSS, "arange")}),
        result("d", exercises={LOSS: hidden}), result("e", exercises={MASKED: failed(MASKED, "memory", "It asked for 40 GB.")}),
        not_gradable("f", reason="The file is empty."),
    ]  # fmt: skip
    page = report_page(results)
    text = assert_harmless(page).text
    assert "5 graded: mean" in text and "1 not gradable" in text and "f not gradable The file is empty." in text
    assert "e 4.2 memory It asked for 40 GB." in text
    remark = "(does not separate strong work from weak )?"
    assert re.search(rf"loss {remark}2 1 \(20 %\) 1 ", text), "one fails, on hidden inputs only"
    assert re.search(rf"hard negatives and their labels {remark}1 2 \(40 %\) 0 ", text)
    mistake = next(t["message"] for t in judged(LOSS, "arange")["tests"] if t["mistake"]).replace("`", " ")
    assert re.search(re.escape(" ".join(mistake.split()))[:60] + r".{0,140} 2 ", text)
    alts = [v for t, n, v in Page(page).attributes if t == "img" and n == "alt"]
    assert any("2 points: 2, 3 points: 1, 5 points: 2" in a for a in alts)


def test_one_student_and_two_hundred_of_several_stages(tmp_path):
    assert "1 graded" in Page(report_page([result("solo")])).text
    assert "0 graded" in Page(report_page([not_gradable("solo")])).text
    wrong = [judged(LOSS), judged(LOSS, "arange"), judged(LOSS, "sum"), judged(LOSS, "transposed")]
    many = [result(f"s{i:03}", exercises={LOSS: wrong[i % 4]}) for i in range(200)] + [
        result(f"s{i:03}", "06_experiments") for i in range(200)
    ]
    path, _ = write_report(many, root=tmp_path)
    assert path == tmp_path / TERM_OF_COURSE / "class_report.html", "the report is written into the course in root"
    text = Page(path.read_text(encoding="utf-8")).text
    assert "200 graded" in text and "04 · The in-batch loss" in text and "06 · One experiment" in text
    assert path.stat().st_size < 1_000_000


def test_hostile_names_and_messages():
    e = judged(LOSS, "arange")
    bad = e | {"tests": [t | {"message": EVIL, "mistake": EVIL} for t in e["tests"]], "reason": EVIL, "status": "crashed"}
    assert "alert(1)" in assert_harmless(report_page([result(EVIL, exercises={LOSS: bad}), not_gradable(EVIL, reason=EVIL)])).text
