"""Feedback pages: they say in plain words what happened, load nothing from elsewhere, and run nothing that a student wrote."""

from html.parser import HTMLParser

import nbformat
import pytest
from sample_results import LOSS, MASKED, PNG, failed, judged, not_gradable, notebook, result

from autograder.authoring.html_templates import png_uri
from autograder.marks.feedback import ADVICE, feedback_page, pictures_of, write_feedback
from autograder.marks.gradebook import gradebook
from autograder.marks.recorded import Mark
from autograder.marks.write_marks import record
from autograder.plain import plain

ESSAY = "06_experiments"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover='alert(3)' </pre></style>{{ 7*7 }}`<b>`"


class Page(HTMLParser):
    """A parsed HTML page: lists of its tags and attributes, its text, and the levels of its headings in order."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self.levels = [], [], [], []
        self.feed(page)
        self.text = " ".join(" ".join(self.text).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *a) for a in attrs]
        if tag in ("h1", "h2", "h3"):
            self.levels.append(int(tag[1]))

    def handle_data(self, data):
        self.text.append(data)


def assert_harmless(page):
    seen = Page(page)
    assert not {"script", "iframe", "object", "embed", "link", "form", "base", "b"} & set(seen.tags)
    assert not [a for a in seen.attributes if a[1].startswith("on")]
    for tag, name, value in seen.attributes:
        if name in ("src", "href"):
            assert value.startswith(("data:image/png;base64,", "#")), (tag, value)
    assert "default-src 'none'" in page
    return seen


def test_verdicts_messages_output_and_pictures_are_there():
    r = result("ada", exercises={LOSS: judged(LOSS, "arange") | {"output": "tensor(3.2188)"}}, notes=["The check had been edited."])
    page = feedback_page(r, notebook(picture=LOSS))
    seen = assert_harmless(page)
    e = r["exercises"][LOSS]
    assert f"{r['points']:g} of 9 points" in seen.text and f"{e['points']:g} of 5 points" in seen.text
    for t in e["tests"]:
        assert t["name"] in seen.text
    mistake = next(t["message"] for t in e["tests"] if t["mistake"])
    assert mistake.startswith("This is what you get if") and mistake.split(".")[0] in seen.text
    assert "tensor(3.2188)" in seen.text and "The check had been edited." in seen.text
    assert ("img", "src", f"data:image/png;base64,{PNG}") in seen.attributes
    assert seen.levels[0] == 1 and all(b <= a + 1 for a, b in zip(seen.levels, seen.levels[1:]))
    assert seen.tags.count("th") and ("html", "lang", "en") in seen.attributes
    assert r["exercises"][LOSS]["receipt"]["code"][:10] in seen.text
    for test in e["tests"]:
        mark = "✓ passes" if test["passed"] else "✗ not yet"
        assert f"{mark} {test['points']:g} / {test['max_points']:g}" in seen.text


def test_nothing_a_student_wrote_becomes_markup():
    e = judged(LOSS, "arange")
    e = e | {"output": EVIL, "tests": [t | {"message": EVIL, "passed": False} for t in e["tests"]]}
    r = result("ada", exercises={LOSS: e, MASKED: failed(MASKED, "crashed", EVIL)}, notes=[EVIL])
    book = notebook(picture=LOSS)
    for cell in book.cells:
        for output in cell.get("outputs", []):
            output.metadata["image/png"]["alt"] = EVIL
    mark = Mark("ada", EVIL, EVIL, EVIL, r["stage"], 9.0, comments={LOSS: EVIL}, submitted=True)
    seen = assert_harmless(feedback_page(r, book, mark))
    assert "alert(1)" in seen.text and "{{ 7*7 }}" in seen.text
    assert_harmless(feedback_page(not_gradable(EVIL, reason=EVIL)))
    answers = notebook(ESSAY, written={"plan": EVIL})
    assert "alert(1)" in assert_harmless(feedback_page(result("ada", ESSAY), answers)).text


@pytest.mark.parametrize("status", ADVICE)
def test_what_stopped_an_exercise_is_said_with_what_to_do(status):
    r = result("ada", exercises={LOSS: failed(LOSS, status, "Reason of the grader.")})
    text = Page(feedback_page(r)).text
    assert ADVICE[status][0] in text and "Reason of the grader." in text and ADVICE[status][1] in text
    assert "4 of 4 points" in text, "the other exercise keeps its points"


def test_a_hidden_failure_is_explained():
    e = judged(LOSS)
    tests = [e["tests"][0] | {"passed": False, "points": 0.0, "hidden_only": True, "message": "A hint."}, *e["tests"][1:]]
    text = Page(feedback_page(result("ada", exercises={LOSS: e | {"tests": tests, "points": 3.0}}))).text
    assert "It passes on the published inputs but fails on others." in text and "◐ partly 0 / 2" in text


def test_not_gradable_is_no_zero():
    text = Page(feedback_page(not_gradable("bob", reason="The file is empty."))).text
    assert "The file is empty." in text and "not a zero" in text and "of 9 points" not in text


def test_marks_and_comments_of_a_person_and_lateness_come_from_the_gradebook():
    r = result("ada", ESSAY, written={"conclusion": True})
    exercise, e = next(iter(r["exercises"].items()))
    cell = f"check_{exercise}"
    mark = Mark("ada", "Ada", "Lovelace", "", ESSAY, 20.0, submitted=True, penalty=1.5, code={cell})
    assert "2 written answers not marked yet" in Page(feedback_page(r, None, mark)).text
    mark.manual, mark.total = {"plan": 4.0, cell: 2.0}, {"plan": 4.0, cell: 2.0}
    mark.comments = {"plan": "Name both seeds.\nAll of them.", exercise: "I read your code."}
    text = Page(feedback_page(r, None, mark)).text
    assert "4.5 of 20 points so far" in text and "1 written answer not marked yet" in text and "1.5 points taken off" in text
    assert "Name both seeds." in text and "I read your code." in text and f"the tests alone give {e['points']:g}" in text


def test_only_real_pngs_and_not_too_many():
    assert png_uri(PNG) and png_uri([PNG[:20], PNG[20:]])
    for bad in ("", "PHN2Zz4=", "\udc80", 'x" onerror="alert(1)', "=", [1]):
        assert png_uri(bad) is None
    book = notebook()
    cell = nbformat.v4.new_code_cell(f"# exercise: {LOSS}\n")
    cell.outputs = [nbformat.v4.new_output("display_data", {"image/png": PNG})] * 40
    book.cells = [cell]
    assert len(pictures_of(book)[LOSS]) == 6


def test_text_is_made_fit():
    assert plain("a\x00b\x1b[31mc\u202ed\ud800e\r\nf\tg") == "abcde\nf\tg"
    assert plain("x" * 50, 10) == "x" * 10 + "\n… (cut)"


def test_pages_are_written_where_nbgrader_releases_them_from(course_with_marks):
    root, results = course_with_marks
    paths = write_feedback(results, root)
    assert [p.relative_to(root / "autograder" / "term" / "feedback").parts for p in paths] == [
        (r["student"], r["stage"], f"{r['stage']}.html") for r in results
    ]
    assert (paths[0].parent / "timestamp.txt").read_text() == "2026-11-20 10:00:00.250000 UTC"
    text = Page(paths[0].read_text(encoding="utf-8")).text
    assert "Feedback for Ada O'Neill, née “Ω”" in text and "My <plan>: is 1 < 2?" in text
    first = paths[0].read_bytes()
    write_feedback(results, root)
    assert paths[0].read_bytes() == first


@pytest.fixture
def course_with_marks(course):
    from autograder.marks.gradebook import course_directory

    for student in ("ada", "bob"):
        folder = course / "autograder" / "term" / "submitted" / student / ESSAY
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text("2026-11-20 10:00:00.250000 UTC")
    results = [result("ada", ESSAY), not_gradable("bob", ESSAY)]
    record(results, {("ada", ESSAY): notebook(ESSAY, written={"plan": "My <plan>: is 1 < 2?"})}, course)
    with gradebook(course_directory(course)) as book:
        book.update_or_create_student("ada", first_name="Ada", last_name="O'Neill, née “Ω”")
    return course, results
