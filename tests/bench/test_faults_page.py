"""The benchmark of `diagnose` on runs with injected faults: every run is counted in the right row of the right table."""

import pytest

from autograder.bench import faults_page
from autograder.bench.faults import runs, verdict
from autograder.bench.sections import marks


def row(run, fault, part, named, explained=()):
    found = {"named": list(named), "explained": list(explained)}
    return {"run": run, "fault": fault, "part": part, **found, "elsewhere": {"named": [], "explained": []}, "seconds": 10.0}


ROWS = [
    row("collapse-1-0", "collapse", 0, ["collapse"]),
    row("collapse-0-2", "collapse", 2, ["wrong-scale"], ["collapse"]),
    row("collapse-1-2", "collapse", 2, []),
    row("healthy-0", None, 1, []),
    row("healthy-20", None, 2, ["collapse"]),
    row("collapse-1-3", "collapse", 3, ["collapse"]),
    row("healthy-21", None, 3, []),
]


def test_a_run_has_a_verdict():
    assert [verdict(r) for r in ROWS] == ["first", "named", "MISSED", "clean", "alarm", "first", "clean"]


def test_the_tables_count_by_part_and_by_fault():
    text = faults_page.tables(ROWS)
    assert "| seed 0, calibration | 1 | 1 of 1: 100.0 %" in text
    assert "| seed 2, seen | 2 | 0 of 2: 0.0 %" in text and "| 1 of 2: 50.0 %" in text
    assert "| collapse | 4 | 2 | 3 | wrong-scale (1), nothing (1) |" in text
    assert "seed 3, held out: named first 0 of 1: 0.0 %" in text and "false alarms 0 of 1: 0.0 %" in text
    assert "1 of 3: 33.3 %" in faults_page.alarms(ROWS) and "healthy-20 (collapse)" in faults_page.alarms(ROWS)
    assert text.endswith("in the median.") and "7 runs." in text


def test_publish_keeps_what_stands_around_the_tables(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    monkeypatch.setattr(faults_page, "README", readme)
    monkeypatch.setattr(faults_page, "RESULTS", tmp_path / "bench.json")
    readme.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="the marks"):
        faults_page.publish(ROWS)
    begin, end = marks(faults_page.SECTION)
    readme.write_text(f"before\n{begin}\nstale text\n{end}\nafter\n", encoding="utf-8")
    for _ in range(2):  # publishing twice gives the same text
        faults_page.publish(ROWS)
        text = readme.read_text(encoding="utf-8")
        assert (
            text.startswith("before\n")
            and text.endswith("\nafter\n")
            and "stale text" not in text
            and text.count("calibration") == 1
        )


def test_every_run_comes_once():
    names = [name for name, *_ in runs()]
    assert len(names) == len(set(names)) and sum(n.startswith("healthy") for n in names) >= 30
