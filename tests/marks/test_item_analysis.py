"""The item analysis (difficulty and discrimination): values computed by hand, changes without effect, and a made-up class."""

import json
import math
import random
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_class import SIZE, STAGES, drawn, made_results
from sample_results import LOSS, MASKED, judged, not_gradable, result

from autograder.marks.attempts import DateError, note_attempts, note_release, release_dates, times
from autograder.marks.class_report import analysis_json, map_of_items, report_page, summaries, write_report
from autograder.marks.item_analysis import FEWEST, analyse, difficulty, discrimination, remark
from autograder.stages.contexts import exercises_of

STAGE = "04_in_batch_loss"


@pytest.fixture(scope="module")
def made():
    return made_results()


def test_values_computed_by_hand():
    assert difficulty([5, 2, 2, 3], 5) == 0.6
    # Item 1 1 1 0 0 and rest 4 3 2 2 1 have the means 0.6 and 2.4. Sums over deviations: products 1.8, squares 1.2 and 5.2.
    r, why = discrimination([1, 1, 1, 0, 0], [4, 3, 2, 2, 1])
    assert math.isclose(r, 1.8 / math.sqrt(1.2 * 5.2)) and why == ""
    # The point-biserial formula: (mean of those who pass - mean of those who fail) / s * sqrt(p * q), where s divides by n.
    assert math.isclose(r, (3 - 1.5) / math.sqrt(5.2 / 5) * math.sqrt(0.6 * 0.4))


def test_why_there_is_no_value():
    assert discrimination([1, 0, 1], [1, 2, 3]) == (None, "too few students (3, 5 are needed)")
    assert discrimination([1] * 6, range(6)) == (None, "all students earn the same here")
    assert discrimination(range(6), [0.1] * 6) == (None, "all students earn the same elsewhere")


POINTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), min_size=FEWEST, max_size=30)


@settings(max_examples=60, deadline=None)
@given(POINTS, st.integers(-50, 50), st.sampled_from([0.25, 1, 3]), st.randoms(use_true_random=False))
def test_what_does_not_change_discrimination(pairs, constant, factor, rng):
    item, rest = map(list, zip(*pairs))
    r, why = discrimination(item, rest)
    order = rng.sample(range(len(item)), len(item))
    again = [
        discrimination([item[i] for i in order], [rest[i] for i in order]),
        discrimination([v + constant for v in item], rest),
        discrimination(item, [factor * v + constant for v in rest]),
        discrimination(rest, item),
    ]
    if r is None:
        assert all(value is None for value, _ in again) and why
        return
    assert -1 <= r <= 1 and all(math.isclose(value, r, abs_tol=1e-9) for value, _ in again)
    assert math.isclose(discrimination(item, [-v for v in rest])[0], -r, abs_tol=1e-9)
    assert math.isclose(r, np.corrcoef(item, rest)[0, 1], abs_tol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_students_does_not_matter(made, rng):
    assert analyse(rng.sample(made, len(made))) == analyse(made)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=20))
def test_difficulty_is_a_share(points):
    assume(any(points))
    share = difficulty(points, 5)
    assert 0 < share <= 1 and math.isclose(share + difficulty([5 - p for p in points], 5), 1)


def test_an_item_is_taken_out_of_what_it_is_compared_with():
    """An item (an exercise or one test of it) is compared with the points that the same students earned without it.

    If there are two exercises, each is compared with the other one. A test is compared with all points except its own.
    """
    wrong = judged(LOSS, "arange")
    results = [result(f"s{i}", exercises={LOSS: wrong if i < 3 else judged(LOSS)}) for i in range(8)]
    first, second = analyse(results)
    assert first["exercise"] == LOSS and (first["discrimination"], first["why"]) == (None, "all students earn the same elsewhere")
    assert second["why"] == "all students earn the same here" and second["difficulty"] == 1
    failed = [t for t, x in zip(first["tests"], wrong["tests"]) if not x["passed"]]
    assert len(failed) > 1 and all(math.isclose(t["discrimination"], 1) for t in failed), "they fail together"
    assert all(t["remark"] == "never fails" for t in second["tests"])


def test_remarks():
    assert remark(1.0, None, 9) == "never fails" and remark(0.0, None, 9) == "never passes"
    assert remark(0.5, 0.05, 9) == "does not separate strong work from weak" and remark(0.5, 0.4, 9) == "" == remark(1.0, None, 3)


def test_a_made_up_class_is_found_again(made):
    """In a made-up class, the difficulty of an exercise (mean share of points) is at least the share of right answers.

    It can be more, since wrong answers may earn points. Answers depend on the student's ability, so the mean discrimination is positive.
    """
    answers = drawn()
    items = analyse(made)
    assert len(items) == sum(len(exercises_of(s)) for s in STAGES) == 7 and drawn() == answers
    for item in items:
        right = sum(a[item["exercise"]] is None for a in answers.values())
        assert item["students"] == SIZE and item["difficulty"] >= right / SIZE - 1e-9
        assert item["tried"] == sum(a[item["exercise"]] != "" for a in answers.values())
    assert np.mean([i["discrimination"] for i in items]) > 0.15
    shares = [i["difficulty"] for i in items]
    assert max(shares) - min(shares) > 0.25


def test_students_of_some_stages_only_and_files_that_could_not_be_graded():
    results = [result("a"), result("b", "06_experiments"), not_gradable("c")]
    items = analyse(results)
    assert [i["students"] for i in items] == [1, 1, 1] and items[2]["why"] == "nothing else was graded"
    assert analyse([not_gradable("c")]) == [] and "1 not gradable" in report_page([not_gradable("c")])


def test_dates_are_told_where_they_are_known(tmp_path):
    early, late = "2026-11-14T00:00:00+00:00", "2026-11-16T12:00:00+00:00"
    wrong = {LOSS: judged(LOSS, "arange")}
    first = result("a", exercises=wrong, timestamp=early, submission="1")
    second = result("a", timestamp=late, submission="2")
    assert times([second], {}, tmp_path)[STAGE, LOSS]["why"] == "no release of this stage is recorded"
    note_release([STAGE], "guided", tmp_path, datetime(2026, 11, 13, tzinfo=UTC))
    note_release([STAGE], "standard", tmp_path, datetime(2026, 11, 15, tzinfo=UTC))  # only the first release counts
    note_attempts([first], tmp_path)
    note_attempts([first, second], tmp_path)
    dates = release_dates(root=tmp_path)
    found = times([second], dates, tmp_path)
    assert found[STAGE, LOSS] == {"days": 3.5, "students": 1, "why": ""} and found[STAGE, MASKED]["days"] == 1
    assert times([first], dates, tmp_path / "other")[STAGE, LOSS]["why"] == "no right hand-in has a date"
    assert times([result("a", timestamp="")], dates, tmp_path / "other")[STAGE, LOSS]["days"] is None
    assert release_dates(["04=2026-11-14"], tmp_path)["04"] == datetime(2026, 11, 14, tzinfo=UTC)
    with pytest.raises(DateError, match="write stage and date like 04=2026-11-13"):
        release_dates(["04=soon"], tmp_path)
    (tmp_path / "autograder" / "term" / "attempts.json").write_text("{")
    with pytest.raises(DateError, match="damaged"):
        times([second], dates, tmp_path)


def test_the_page_and_the_json(made, tmp_path):
    released = release_dates([f"{s[:2]}=2026-11-13" for s in STAGES], tmp_path)
    page, data = write_report(made, tmp_path / "report.html", released=released, root=tmp_path, cells=False)
    html, found = page.read_text(encoding="utf-8"), json.loads(data.read_text(encoding="utf-8"))
    assert len(found["exercises"]) == 7 and data == tmp_path / "report.json"
    assert "Exercises by difficulty" not in html and "Difficulty and discrimination of each exercise. 2.1: " in html
    assert "(median of" in html and "not known" not in html and "students, same values" in html
    assert "student0" not in data.read_text(encoding="utf-8") and not any("student0" in g for g in html.split("same values")[1:])
    for e in found["exercises"]:
        assert e["time_to_right"]["days"] > 0 and e["wrong_without_values"] == 0
        assert sum(g["students"] for g in e["groups"]) == sum(drawn()[s][e["exercise"]] not in (None, "") for s in drawn())


def test_a_picture_only_where_there_is_something_to_draw(made):
    assert map_of_items(analyse(made[:5])) is None
    uri, alt = map_of_items(analyse(made))
    assert uri.startswith("data:image/png") and alt.count(";") == 6
    random.Random(1).shuffle(made)
    assert analysis_json(summaries(made)[0]) == analysis_json(summaries(sorted(made, key=lambda r: r["student"]))[0])
