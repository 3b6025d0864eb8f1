"""The table of the speed benchmark holds medians over rounds, and ratios within rounds. A system that did other work is refused."""

import pytest

from autograder.bench import speed as bench
from autograder.bench.contenders import CONTENDERS, TASKS
from autograder.bench.same_work import distinct_samples, per_second
from dpr_course.pipeline.plots import bench_bars


def result(rate, proof=2.0):
    return {"rate": rate, "peak_mb": 100.0, "proof": proof}


def test_ratios_are_taken_within_each_round():
    rounds = [  # the machine is half as fast in round 2, and busy with other work during the second measurement of round 3
        {"dpr-course": result(4.0), "sentence-transformers": result(2.0)},
        {"dpr-course": result(2.0), "sentence-transformers": result(1.0)},
        {"dpr-course": result(4.0), "sentence-transformers": result(0.1)},
    ]
    ours, theirs = bench.compare("encode", rounds)
    assert (ours["contender"], ours["rate"], ours["ratio"]) == ("dpr-course", 4.0, 1.0)
    assert (theirs["rate"], theirs["ratio"]) == (1.0, 2.0)
    assert "| sentence-transformers | 1 | 2.00 | 100 |" in bench.table([ours, theirs])
    assert len(bench_bars([ours, theirs]).axes[0].patches) == 1


def test_other_work_is_refused():
    with pytest.raises(SystemExit, match="sentence-transformers did different work"):
        bench.compare("encode", [{"dpr-course": result(4.0), "sentence-transformers": result(2.0, proof=2.1)}])


def test_contenders():
    assert set(CONTENDERS) == set(TASKS) and all(next(iter(c)) == "dpr-course" for c in CONTENDERS.values())
    ids = [p["id"] for s in distinct_samples() for p in (s["gold_context"], s["hard_negative"])]
    assert len(ids) == len(set(ids)) == 384, "no passage twice"
    assert per_second(lambda: None, 10, repeats=3) > 10
