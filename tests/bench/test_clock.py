"""The clock times this build against an earlier commit: it reports the median ratio of times, and whether the target is met."""

import subprocess

import pytest
import torch

from autograder.bench import clock, earlier, profile
from autograder.bench.options import CLOCK_ROWS


def pairs(now, then, recall=59.0):
    return [({"seconds": a, "recall": recall}, {"seconds": b, "recall": 58.5}) for a, b in zip(now, then)]


def test_a_row_is_the_median_of_the_ratios_within_the_rounds():
    row = clock.summary("training", pairs([10, 30, 8], [20, 30, 20]))
    assert row["ratio"] == 0.5 and row["met"]  # the median of the ratios 0.5, 1.0 and 0.4
    assert row["today"] == {"median": 10, "low": 8, "high": 30} and row["recall"] == 59.0
    assert not clock.summary("training", pairs([11], [20]))["met"]
    assert not clock.summary("training", pairs([1], [20], recall=57.9))["met"], "fast, but it has not learned enough"


def test_the_status_says_whether_the_training_is_at_its_target(monkeypatch, tmp_path, capsys):
    for now, status in ([10, 9], 0), ([11, 12], 1):
        monkeypatch.setattr(clock, "rounds_of", lambda works, number, now=now: {"training": pairs(now, [20, 20])})
        assert clock.run_clock(("training",), rounds=2, out=tmp_path) == status
        assert (tmp_path / "clock.json").exists() and clock.COMMIT in capsys.readouterr().out


def test_the_builds_begin_in_turn(monkeypatch):
    asked = []
    monkeypatch.setattr(clock, "earlier_build", lambda: "earlier")
    monkeypatch.setattr(clock, "measure", lambda folder, work, seed: asked.append(folder) or {"seconds": seed})
    found = clock.rounds_of(["training"], 2)
    assert asked == [clock.ROOT, "earlier", "earlier", clock.ROOT] and found["training"] == [({"seconds": s},) * 2 for s in (0, 1)]


def test_the_command_offers_every_row():
    assert tuple(clock.ROWS) == CLOCK_ROWS and set(clock.USUAL) <= set(clock.ROWS)


def test_an_earlier_commit_is_laid_out_once_and_a_missing_one_is_told(monkeypatch, tmp_path):
    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *words], cwd=tmp_path, check=True, capture_output=True
        )

    (tmp_path / "file.txt").write_text("then", encoding="utf-8")
    git("init"), git("add", "."), git("commit", "-m", "then"), git("tag", "then")
    monkeypatch.setattr(earlier, "ROOT", tmp_path)
    assert (earlier.earlier_build("then") / "file.txt").read_text(encoding="utf-8") == "then"
    (earlier.earlier_build("then") / "file.txt").write_text("kept", encoding="utf-8")
    assert (earlier.earlier_build("then") / "file.txt").read_text(encoding="utf-8") == "kept"
    with pytest.raises(OSError, match="unshallow"):
        earlier.earlier_build("no-such-commit")


def test_a_build_runs_with_its_own_packages(tmp_path):
    for name in ("ours", "other"):
        (tmp_path / name / "dpr_course").mkdir(parents=True)
        (tmp_path / name / "dpr_course" / "__init__.py").write_text(f"print({name!r})", encoding="utf-8")
        assert earlier.run(tmp_path / name, "-c", "import dpr_course", scratch=tmp_path) == f"{name}\n"
    with pytest.raises(OSError, match="failed with status 3"):
        earlier.run(tmp_path, "-c", "raise SystemExit(3)", scratch=tmp_path)


def test_the_profile_puts_every_operation_into_one_kind():
    found, seconds = profile.shares(lambda: torch.nn.functional.gelu(torch.ones(64, 64) @ torch.ones(64, 64)))
    assert sum(found.values()) == pytest.approx(100) and found["matrix products"] > 0 and found["GELU"] > 0 and seconds > 0
    assert profile.kind_of("aten::addmm") == "matrix products" and profile.kind_of("aten::cat") == "everything else"
