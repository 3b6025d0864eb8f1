"""`dpr-course progress` counts what the checks find in a student's notebooks, not what is stored in their outputs."""

import shutil
import signal
import time

import nbformat
import pytest
from student_folder import ACCURACY, QUICK, RIGHT_TOPK, TOPK, make_folder, path_of, write

from autograder.places import ROOT
from dpr_course.checks import CHECKS
from dpr_course.cli import main
from dpr_course.own_code import judged, needed
from dpr_course.progress import progress, show


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path)


def states(found):
    return {o.check.exercise: o.state for o in found.outcomes if o.stage}


def test_nothing_solved(folder):
    found = progress(folder)
    assert (
        set(states(found).values()) == {"open"} and found.points == 0 and found.max_points == sum(c.points for c in CHECKS.values())
    )
    assert found.next().startswith("Next: exercise 3.1") and not found.problems
    assert "not here" in repr(found) and f"0 of {len(CHECKS)} exercises solved" in repr(found)


def test_half_solved_counts_what_passes_and_gives_the_advice_of_the_rest(folder):
    wrong = ACCURACY + "def topk_retrieval_accuracy(candidates, k_values=(1, 5), by='id'):\n    return {k: 0.0 for k in k_values}\n"
    write(folder, [RIGHT_TOPK, wrong])
    found = progress(folder)
    assert states(found)["get_topk_candidates"] == "solved" and found.solved == ["get_topk_candidates"]
    assert states(found)["topk_retrieval_accuracy"] in ("wrong", "partly")
    assert found.next().startswith("Next: exercise 3.2") and len(found.next()) > 80
    assert 3 <= found.points < 7


def test_all_solved(folder):
    for stage in QUICK:
        shutil.copyfile(ROOT / "solutions" / stage / f"{stage}.ipynb", path_of(folder, stage))
    found = progress(folder)
    assert set(states(found).values()) == {"solved"} and found.points == 16
    assert found.next() == "Next: stage 01, which you do not have yet."


def test_outputs_and_claims_are_not_believed(folder):
    def claim(notebook):
        notebook["metadata"]["solved"] = True
        for cell in notebook["cells"]:
            if "".join(cell["source"]).startswith("# check:"):
                cell["execution_count"] = 1
                cell["outputs"] = [
                    {"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {}, "execution_count": 1}
                ]

    write(folder, [], change=claim)
    assert progress(folder).points == 0


@pytest.mark.parametrize(
    "broken", ["{oops", "", "[]", '{"cells": 3}', '{"cells": [{"cell_type": "code"}]}', b"\xff\xfe\x00"], ids=str
)
def test_a_broken_file_costs_its_own_stage_only(broken, folder):
    shutil.copyfile(ROOT / "solutions/04_in_batch_loss/04_in_batch_loss.ipynb", path_of(folder, "04_in_batch_loss"))
    path_of(folder).write_bytes(broken.encode() if isinstance(broken, str) else broken)
    found = progress(folder)
    assert (
        found.points == 9
        and states(found)["get_topk_candidates"] == "unread"
        and "03_recall_at_k.ipynb is not a notebook" in found.problems[0]
        and "save it again" in repr(found)
    )


def test_a_cell_with_a_syntax_error_costs_only_itself(folder):
    write(folder, [RIGHT_TOPK, ACCURACY + "def topk_retrieval_accuracy(candidates:\n    return"])
    found = progress(folder)
    assert found.solved == ["get_topk_candidates"]
    assert "SyntaxError" in found.next() or "is not defined" in found.next()


def test_a_notebook_as_colab_saves_it(folder):
    """A notebook is read as Colab saves it: other metadata, no cell ids, IPython commands, sources as one string, a copy beside it."""

    def colab(notebook):
        notebook["metadata"] = {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU", "widgets": {}}
        for cell in notebook["cells"]:
            cell.pop("id", None)
            cell["source"] = "".join(cell["source"])
            cell["metadata"] = {"id": "Xy12", "outputId": "0a"}
        notebook["cells"].insert(
            1, {"cell_type": "code", "source": "!pip list\nimport torch\n%matplotlib inline", "metadata": {}, "outputs": []}
        )
        notebook["nbformat_minor"] = 0

    write(folder, [RIGHT_TOPK.replace(TOPK, TOPK + "!ls\n")], change=colab)
    shutil.copyfile(path_of(folder), path_of(folder).with_name("Copy of 03_recall_at_k.ipynb"))
    found = progress(folder)
    assert found.solved == ["get_topk_candidates"]
    assert found.problems == ["03_recall_at_k: only 03_recall_at_k.ipynb is read, not Copy of 03_recall_at_k.ipynb beside it."]


def test_an_endless_loop_ends():
    check = CHECKS["get_topk_candidates"]
    begun = time.monotonic()
    verdict = judged(check, "", "def get_topk_candidates(*_):\n    while True: pass\n", seconds=1)
    assert verdict.points == 0 and "did not end within 1 seconds" in verdict.tests[0].message and time.monotonic() - begun < 20


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.default_int_handler])
def test_it_ends_in_the_background_too_and_if_it_catches_what_interrupts_it(handler):
    check, before = CHECKS["get_topk_candidates"], signal.signal(signal.SIGINT, handler)
    stubborn = "def get_topk_candidates(*_):\n    for i in range(3):\n        try:\n            while True: pass\n        except BaseException: pass\n    while True: pass\n"
    try:
        assert "did not end" in judged(check, "", stubborn, seconds=0.5).tests[0].message
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_only_what_an_answer_needs_is_run():
    cells = [
        "%pip install nothing\nimport math",
        "boom = 1 / 0\nEPS = helper(2)\n\ndef helper(n):\n    return n * SCALE",
        "SCALE = 10",
        "def broken(:",
        "from previous import SCALE",
        "model = None\ndef answer(model, X):\n    return [math.floor(EPS) for x in X]",
    ]
    text = needed(cells, ("answer",))
    assert "boom" not in text and "model = None" not in text and "previous" not in text
    assert all(part in text for part in ("import math", "def helper", "EPS = helper(2)", "SCALE = 10"))


@pytest.mark.parametrize("place", [".", "notebooks", "notebooks/03_recall_at_k"])
def test_the_command_works_from_anywhere_in_the_course(place, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder.parent / place)
    write(folder, [RIGHT_TOPK])
    main(["progress"])
    told = capsys.readouterr().out
    assert (
        "✓ 3.1  ○ 3.2" in told
        and f"1 of {len(CHECKS)} exercises solved, 3 of {sum(c.points for c in CHECKS.values()):g} points" in told
    )


def test_outside_of_a_course_it_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="dpr-course progress: .* --notebooks"):
        main(["progress"])
    with pytest.raises(SystemExit, match="holds no stage"):
        main(["progress", "--notebooks", str(tmp_path)])


def test_the_last_cell_counts_cells_that_are_not_saved(folder, monkeypatch):
    """The notebook's last cell counts answers that ran but are not saved. In Colab it counts only answers of its own stage."""
    from types import SimpleNamespace

    import IPython

    ran = ["", "import torch\nfrom dpr_course.candidates import make_candidates", RIGHT_TOPK]
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(user_ns={"In": ran}))
    monkeypatch.chdir(folder / "03_recall_at_k")
    assert show("03_recall_at_k").solved == ["get_topk_candidates"]
    alone = folder.parent.parent / "colab"
    alone.mkdir(exist_ok=True)
    shutil.copyfile(folder / "03_recall_at_k" / "previous.py", alone / "previous.py")
    monkeypatch.chdir(alone)
    monkeypatch.setattr("dpr_course.progress.find_notebooks", lambda: None)
    found = show("03_recall_at_k")
    assert found.solved == ["get_topk_candidates"] and {o.stage for o in found.outcomes} == {"", "03_recall_at_k"}
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert show("03_recall_at_k") is None


def test_the_bar_tells_in_text_and_escapes_it(folder):
    write(folder, [TOPK + "def get_topk_candidates(*_):\n    raise ValueError('<b>&')\n"])
    html = progress(folder)._repr_html_()
    assert "<b>&" not in html.replace(f"<b>0 of {len(CHECKS)}", "") and "&lt;b&gt;" in html and "○ 3.2" in html and "✗ 3.1" in html
    assert nbformat.v4.new_output("display_data", {"text/html": html})
