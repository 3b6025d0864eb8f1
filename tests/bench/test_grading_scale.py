"""The benchmark of grading at scale: damage to a file costs exactly the stated points, and every wrong mark is reported.

In a whole run with a small class, every mark is right, although the cluster loses a worker.
"""

import json
from collections import Counter

import pytest
from handed_in import LOSS, MASKED, SECRET, STAGE

from autograder.bench import grading_scale
from autograder.bench.classroom import make_notebook
from autograder.bench.damaged import ALL, DAMAGES, ONE
from autograder.bench.grading import spared
from autograder.bench.large_class import Student, drawn, wrong_marks
from autograder.proof.bank import entries
from autograder.repair.repair import NotGradable, repair
from dpr_course.checks import CHECKS


def entry(exercise, name):
    return next(e for e in entries(exercise) if e.name == name)


RIGHT = {LOSS: entry(LOSS, "loop"), MASKED: entry(MASKED, "loops")}
WRONG = {LOSS: entry(LOSS, "arange"), MASKED: entry(MASKED, "all_copies_merged")}
ANSWERS = (RIGHT, WRONG, {LOSS: None, MASKED: RIGHT[MASKED]}, {LOSS: RIGHT[LOSS], MASKED: None}, {LOSS: None, MASKED: None})


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_costs_what_it_says_whatever_the_answers_are(name):
    make, cost = DAMAGES[name]
    for answers in ANSWERS:
        raw = make_notebook(STAGE, {e: a.code for e, a in answers.items() if a}, keep=spared(STAGE))
        damaged = make(json.loads(raw))
        assert damaged != raw
        if cost == ALL:
            with pytest.raises(NotGradable):
                repair(damaged, STAGE)
            continue
        clean, found = repair(raw, STAGE).exercises, repair(damaged, STAGE).exercises
        assert found.get(MASKED) == clean[MASKED]
        assert (found.get(LOSS) == clean[LOSS]) == (cost != ONE), name


def test_a_class_has_its_share_of_damages_and_is_drawn_the_same_way_again():
    students = drawn(STAGE, 400, 0.05)
    damages = Counter(s.damage for s in students.values())
    assert len(students) == 400 and damages[""] == 380 and set(damages) <= {"", *DAMAGES}
    assert {n: (s.answers, s.damage) for n, s in students.items()} == {
        n: (s.answers, s.damage) for n, s in drawn(STAGE, 400, 0.05).items()
    }
    answers = [s.answers[LOSS] for s in students.values()]
    assert 20 < answers.count(None) < 60 and 120 < sum(a is not None and a.right for a in answers) < 240


def test_what_is_deserved():
    full = {t.name: float(t.points) for t in CHECKS[LOSS].tests}
    assert Student(RIGHT).deserves(SECRET)[LOSS] == full
    wrong = Student(WRONG).deserves(SECRET)
    for exercise, answer in WRONG.items():
        assert wrong[exercise][answer.caught_by] == 0
    kinds = {cost: name for name, (_, cost) in DAMAGES.items()}
    assert Student(RIGHT, kinds[ALL]).deserves(SECRET) is None
    lost = Student(RIGHT, kinds[ONE]).deserves(SECRET)
    assert set(lost[LOSS].values()) == {0.0} and lost[MASKED] == Student(RIGHT).deserves(SECRET)[MASKED]
    assert set(Student({LOSS: None, MASKED: None}).deserves(SECRET)[MASKED].values()) == {0.0}


def test_every_wrong_mark_is_told():
    kind = next(name for name, (_, cost) in DAMAGES.items() if cost == ALL)
    students = {"good": Student(RIGHT), "bad": Student(RIGHT), "gone": Student(RIGHT), "cut": Student(RIGHT, kind)}
    tests = {e: [{"name": n, "points": p} for n, p in own.items()] for e, own in students["good"].deserves(SECRET).items()}
    good = {"status": "graded", "reason": "", "exercises": {e: {"tests": own} for e, own in tests.items()}}
    less = {**good, "exercises": {**good["exercises"], MASKED: {"tests": [{**t, "points": 0.0} for t in tests[MASKED]]}}}
    refused = {"status": "not gradable", "reason": "it is cut off", "exercises": {}}
    assert wrong_marks(students, {"good": good, "bad": good, "gone": good, "cut": refused}, SECRET) == []
    told = wrong_marks(students, {"good": good, "bad": less, "cut": good}, SECRET)
    assert len(told) == 3 and "bad" in told[0] and MASKED in told[0] and told[1] == "gone has no result" and "cut" in told[2]
    assert len(wrong_marks({"good": Student(RIGHT)}, {"good": refused}, SECRET)) == 1, "a file that could be graded"


def test_the_whole_bench_on_a_small_class(monkeypatch, tmp_path, capsys):
    pytest.importorskip("distributed")
    page = tmp_path / "README.md"
    page.write_text("<!-- bench-cluster: begin -->\n<!-- bench-cluster: end -->\n", encoding="utf-8")
    monkeypatch.setattr(grading_scale, "README", page)
    assert grading_scale.run_bench(24, workers=2, kill=1, damaged=0.2, out=tmp_path) == 0
    found, printed = json.loads((tmp_path / "grading_scale.json").read_text()), capsys.readouterr().out
    assert (found["submissions"], found["results"], found["wrong"], found["damaged"]) == (24, 24, 0, 5)
    assert len(found["killed_at"]) == 1 and 0 < found["killed_at"][0] < found["runs"]
    assert found["total_s"] > found["running_s"] > 0 and found["parent_mb"] > 50
    assert "24 of 24: 100.0 %" in printed and "marks as deserved" not in page.read_text()


def test_the_status_says_whether_the_bench_holds(monkeypatch, tmp_path, capsys):
    page = tmp_path / "README.md"
    page.write_text("<!-- bench-cluster: begin -->\n<!-- bench-cluster: end -->\n", encoding="utf-8")
    monkeypatch.setattr(grading_scale, "README", page)
    monkeypatch.setattr(grading_scale, "SUBMISSIONS", 10)
    found = {
        "submissions": 10,
        "results": 10,
        "wrong": 0,
        "damaged": 1,
        "not_gradable": 0,
        "runs": 18,
        "workers": 2,
        "killed_at": [9],
    }
    found |= {"reading_s": 1.0, "running_s": 2.0, "judging_s": 1.0, "total_s": 4.0, "parent_mb": None}
    found |= {"peaks": {"scheduler": 80.0, "worker": None}}

    def bench(wrong=(), kill=1):
        monkeypatch.setattr(grading_scale, "measure", lambda *_: (found, list(wrong)))
        return grading_scale.run_bench(10, 2, kill, out=tmp_path)

    with pytest.raises(ValueError, match="at least one must be left"):
        bench(kill=2)
    assert bench(["student00001 has no result"]) == 1 and "student00001 has no result" in capsys.readouterr().err
    found["killed_at"] = []
    assert bench() == 1 and "take a larger class" in capsys.readouterr().err and "2.5" not in page.read_text()
    assert bench(kill=0) == 0 and "| throughput, submissions per second | 2.5 |" in page.read_text()
