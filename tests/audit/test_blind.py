"""Blind answers are written by authors who have seen only the student's notebooks.

There are enough of them, a broken entry in a file is named, and answers that the checks judge wrongly are reported.
"""

from collections import Counter

import pytest

from autograder.audit.blind import VERDICTS, Answer, BlindError, problems, read_answers, rounds, row, told, write_told
from autograder.audit.publish import run_blind
from autograder.stages.source import exercise_source, without_markers
from autograder.wilson import bounds
from dpr_course.checks import CHECKS

RECALL = "topk_retrieval_accuracy"


def answer(right, code, **fields):
    return Answer(RECALL, "a", right, "" if right else "one too many", code, **fields)


RIGHT = without_markers(exercise_source(RECALL))
WRONG = RIGHT + "\n_right = topk_retrieval_accuracy\ndef topk_retrieval_accuracy(*a):\n    return {k: 100.0 for k in _right(*a)}\n"


def test_the_recorded_rounds_hold_enough_answers_of_several_authors_with_a_verdict_each():
    for name, answers in rounds().items():
        sizes = Counter((a.exercise, a.right) for a in answers)
        assert all(sizes[e, False] >= 20 and sizes[e, True] >= 8 for e in CHECKS), name
        assert len({a.author for a in answers}) >= 4 and all(a.verdict in VERDICTS for a in answers), name
        assert all((a.verdict in ("missed", "")) == (a.told == "") for a in answers if a.verdict != "disputed"), name


def test_a_right_answer_reads_nothing_and_a_wrong_one_loses_points():
    assert told(answer(True, RIGHT)) == "" and told(answer(False, WRONG))
    assert told(answer(False, "def topk_retrieval_accuracy(a, b):\n    return 1 / 0")).count("ZeroDivisionError")
    assert "stopped with SyntaxError" in told(answer(False, "def topk_retrieval_accuracy(:"))


def test_only_answers_that_are_judged_wrongly_are_problems():
    answers = [
        answer(True, RIGHT),
        answer(True, RIGHT),
        answer(False, WRONG),
        answer(False, WRONG),
        answer(False, WRONG, verdict="disputed"),
    ]
    found = [sentence for _, sentence in problems(answers, ["", "loses", "caught", "", ""])]
    assert len(found) == 2 and "a right answer" in found[0] and "keeps full marks" in found[1]


def test_the_row_of_a_round_counts_first_and_now():
    verdicts = ["named", "unnamed", "misnamed", "missed", "disputed"]
    cells = row(
        "round_1", [answer(False, WRONG, verdict=v) for v in verdicts] + [answer(True, RIGHT, verdict="")], ["m"] * 4 + ["", ""]
    )
    assert [c.split(":")[0] for c in cells[2:]] == ["3 of 4", "1 of 3", "1 of 3", "0 of 1", "4 of 4", "0 of 1"]


def test_the_interval_is_wilsons():
    assert bounds(0, 0) == (0, 100) and bounds(0, 10) == pytest.approx((0, 27.75), abs=0.01)
    assert bounds(10, 10) == pytest.approx((72.25, 100), abs=0.01) and bounds(5, 10) == pytest.approx((23.66, 76.34), abs=0.01)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("9.9.yaml", "[]", "no exercise has the number '9.9'"),
        ("3.2.yaml", "{a: [", "not YAML"),
        ("3.2.yaml", "right: true", "must be a list"),
        ("3.2.yaml", "- right: maybe\n  code: x", "entry 1: 'right' must be given, as true or false"),
        ("3.2.yaml", "- right: true\n  code: x\n- right: true", "entry 2: 'code' must be given, as text"),
        ("3.2.yaml", "- right: false\n  code: x", "needs its 'mistake'"),
        ("3.2.yaml", "- text", "must have the fields"),
    ],
)
def test_a_broken_file_is_named_with_its_entry(name, text, what, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BlindError, match=what):
        read_answers(tmp_path / name)


def test_what_was_read_first_is_never_overwritten(tmp_path):
    first = [answer(False, WRONG, told="then", verdict="named"), answer(False, WRONG)]
    write_told(tmp_path, first, ["now", "now"])
    assert [(a.told, a.verdict) for a in read_answers(tmp_path / "3.2.yaml")] == [("then", "named"), ("now", None)]


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(BlindError, match="no answers"):
        run_blind(tmp_path)
