"""Pictures have descriptions, recorded ranges of results over seeds fit the shipped models, and the report page needs no network."""

import json

import nbformat
import pytest
import torch

from autograder import course
from autograder.course import page
from autograder.stages.source import chosen_stages
from dpr_course import plots
from dpr_course.bands import interval, load_bands, paired_gain
from dpr_course.pipeline import plots as pipeline_plots
from dpr_course.results import results_table, save_rows
from dpr_course.train import History

ROW = {1: 50.0, 5: 70.0, 10: 75.0, 20: 80.0, 100: 90.0}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DPR_PICTURES", str(tmp_path))
    return tmp_path


def history():
    steps = [{"step": i, "epoch": 1, "loss": 3.0 / i, "accuracy": 0.5, "lr": 1e-3} for i in range(1, 9)]
    return History(steps, [{"epoch": 1, "step": 8, "score": 60.0}], 1)


PICTURES = {
    "score_matrix": lambda: plots.score_matrix(torch.randn(3, 4), [0, 1, 2], ["a", "b", "c"], ["w", "x", "y", "z"]),
    "score_matrix_pair": lambda: plots.score_matrix(
        {"before": torch.randn(9, 9), "after": torch.eye(9)}, range(9), name="score_matrix_pair"
    ),
    "vectors": lambda: plots.vectors(torch.randn(3, 16), ["a", "b", "c"]),
    "lengths": lambda: plots.lengths({"questions": [3, 4, 5], "passages": [60, 70]}, 100),
    "layout": lambda: plots.layout([["gold 0", "hard 0"], ["gold 1"]]),
    "token_map": lambda: plots.token_map(torch.ones(4, 9)),
    "margins": lambda: plots.margins({"NCE": torch.randn(50)}),
    "recall_curves": lambda: plots.recall_curves({"BM25": ROW | {"num_queries": 3}}),
    "learning_curves": lambda: plots.learning_curves({"NCE": history()}),
    "bands": lambda: plots.bands({"nce": [50.0, 51.0], "nce_hard": [52.0, 53.0]}, {"nce": 50.5}),
    "vector_map": lambda: plots.vector_map(torch.randn(9, 8), torch.randn(20, 8), torch.arange(9)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_saved_with_its_description(name, folder):
    PICTURES[name]()
    assert (folder / f"{name}.png").stat().st_size > 3000
    assert len((folder / f"{name}.txt").read_text()) > 20


def test_the_description_tells_what_is_seen(folder):
    plots.score_matrix({"after": torch.eye(3)}, range(3))
    assert "3 of 3 questions" in (folder / "score_matrix.txt").read_text()


def test_table_and_rows(tmp_path, monkeypatch):
    text = results_table({"bm25": ROW, "nce_hard": ROW})
    assert "BM25" in text and "NCE + hard negatives" in text and "90.0" in text and "R@100" in text
    monkeypatch.setenv("DPR_REPORT", str(tmp_path))
    save_rows({"nce": ROW | {"num_queries": 9}})
    assert json.loads((tmp_path / "rows.json").read_text()) == [{"model": "nce", "recall": {str(k): v for k, v in ROW.items()}}]


def test_intervals():
    mean, low, high = interval([1.0, 2.0, 3.0])
    assert mean == 2.0 and low == pytest.approx(2 - 4.30 / 3**0.5, abs=0.01) and high - mean == pytest.approx(mean - low)
    gain = paired_gain({"nce": [50.0, 60.0], "nce_hard": [51.0, 63.0]})
    assert gain["seeds"] == 2 and gain["mean"] == 2.0 and gain["low"] < 2.0 < gain["high"]


def test_the_recorded_bands_belong_to_the_shipped_encoder_and_track():
    from dataclasses import asdict

    from autograder.authoring.bands import HELD_OUT, encoder_hash
    from dpr_course.bands import BANDS
    from dpr_course.track import get_track

    content = json.loads(BANDS.read_text())
    assert content["settings"] == asdict(get_track("toy")) | {"held_out": HELD_OUT, "encoder_sha256": encoder_hash()}
    assert content["seeds"] >= 5 and all(len(v) == content["seeds"] for v in load_bands().values())


def test_the_distillation_was_recorded_with_the_reader_that_ships():
    from autograder.authoring.bands import weights_hash
    from dpr_course.bands import BANDS, distillation_summary
    from dpr_course.reader.model import TOY_READER

    assert json.loads(BANDS.read_text())["reader_sha256"] == weights_hash(TOY_READER)
    told = distillation_summary()
    assert told["seeds"] >= 5
    for name in ("uniform", "bm25", "reader", "nce", "nce_longer", "nce_then_reader"):
        low, high = told["intervals"][name]
        assert 0 <= low <= told[name] <= high <= 100


def test_the_report_page_needs_no_network(folder):
    plots.layout([["a"]], name="05_recall")
    results = {
        "rows": [{"model": "nce", "recall": {str(k): v for k, v in ROW.items()}}],
        "hard_minus_nce": {"seeds": 5, "mean": 1.0, "low": 0.5, "high": 1.5},
        "seconds": {"total": 10.0, "first_picture": 2.0, "by_notebook": {"04_in_batch_loss": 9.0}},
    }
    text = page(results, folder, ["04_in_batch_loss"], {"04_in_batch_loss": "error"}, road="<div>✓ 4.1</div>")
    assert (
        "<div>✓ 4.1</div>" in text and "http" not in text and 'alt="The rows of P' in text and "failed" in text and "50.0" in text
    )


def test_stages_can_be_chosen():
    assert [n[:2] for n in chosen_stages("02-04")] == ["02", "03", "04"] and len(chosen_stages(None)) >= 7
    with pytest.raises(SystemExit, match="no stage"):
        chosen_stages("77")


def test_curves_that_lie_on_each_other_differ_in_their_marks(folder, monkeypatch):
    drawn = {}
    monkeypatch.setattr(plots, "show", lambda fig, name, alt: drawn.update({name: fig}))
    plots.recall_curves(dict.fromkeys("abcd", ROW))
    plots.learning_curves({"a": history(), "b": history()})
    pipeline_plots.agreement({"a": {2: 0.5}, "b": {2: 0.5}})
    pipeline_plots.memory_curves({"a": {2: 300}, "b": {2: 300}})
    pipeline_plots.growth([{"system": s, "n": 9, "recall": 9, "ms": 1, "mb": 1} for s in "abc"])
    for fig in drawn.values():
        for ax in fig.axes:
            curves = [line for line in ax.get_lines() if not line.get_label().startswith("_")]
            assert len({line.get_marker() for line in curves}) == len(curves) > 1 and "None" not in [c.get_marker() for c in curves]


def test_probabilities_are_written_with_two_places_and_share_a_scale(monkeypatch):
    drawn = []
    monkeypatch.setattr(plots, "show", lambda fig, name, alt: drawn.append(fig))
    plots.score_matrix(torch.tensor([[0.25, 0.75]]), [1], limits=(0, 1))
    plots.score_matrix(torch.tensor([[250.0, 240.0]]), [1])
    assert [t.get_text() for t in drawn[0].axes[0].texts] == ["0.25", "0.75"] and drawn[0].axes[0].images[0].get_clim() == (0, 1)
    assert [t.get_text() for t in drawn[1].axes[0].texts] == ["250.0", "240.0"]


@pytest.mark.parametrize("code, told", [("import time; time.sleep(60)", "timed out"), ("1 / 0", "ZeroDivisionError")])
def test_a_notebook_that_fails_or_hangs_is_saved_and_told(code, told, tmp_path, monkeypatch):
    monkeypatch.setattr(course, "TIMEOUT", 3)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('before')"), nbformat.v4.new_code_cell(code)])
    nbformat.write(notebook, tmp_path / "a.ipynb")
    (tmp_path / "out").mkdir()
    error = course.execute(tmp_path / "a.ipynb", tmp_path / "out")
    assert told in error and "before" in (tmp_path / "out" / "a.html").read_text() and (tmp_path / "out" / "a.ipynb").exists()


def test_two_notebooks_run_at_a_time_and_those_that_measure_time_alone(tmp_path, monkeypatch):
    """Notebooks are executed two at a time, except those that measure time, which run alone.

    The first two notebooks here each wait for a file that the other one writes. The third asserts that both have ended.
    """
    wait = "import pathlib, time\npathlib.Path('../{own}').touch()\nwhile not pathlib.Path('../{other}').exists(): time.sleep(0.05)"
    sources = {
        "timed": "import pathlib, time\ntime.perf_counter()\nassert {p.name for p in pathlib.Path('..').glob('ended_*')} == {'ended_a', 'ended_b'}",
        "a": wait.format(own="a_runs", other="b_runs") + "\npathlib.Path('../ended_a').touch()",
        "b": wait.format(own="b_runs", other="a_runs")
        + "\npathlib.Path('../ended_b').touch()\nraise ValueError('of the notebook')",
    }
    for name, source in sources.items():
        (tmp_path / name).mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), tmp_path / name / f"{name}.ipynb")
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(course, "TIMEOUT", 60)
    seconds, failed = course.execute_all({n: tmp_path / n / f"{n}.ipynb" for n in sources}, tmp_path / "out", cores=2)
    assert list(seconds) == list(sources) and list(failed) == ["b"] and "of the notebook" in failed["b"]
    assert all((tmp_path / "out" / f"{name}.html").exists() for name in sources)
