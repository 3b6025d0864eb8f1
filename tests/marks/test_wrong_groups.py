"""Wrong answers are grouped by the values that they return, and an answer of a group can be added to the bank of mistakes."""

import contextlib
import itertools

import nbformat
import numpy as np
import pytest
from made_class import entry
from sample_results import LOSS, failed, judged, notebook, result
from test_feedback import assert_harmless

from autograder.grade.observed import MOST, alike, kept, observed
from autograder.marks import bank_add
from autograder.marks.bank_add import BankError, add, why_unsafe
from autograder.marks.class_report import report_page
from autograder.marks.wrong_clusters import ClusterError, anonymous_cell, cluster_code, clusters, fingerprint
from autograder.proof.bank import BANK, entries
from autograder.sandbox.pool import Pool
from autograder.stages.source import exercise_source, without_markers
from dpr_course.checks import CHECKS, load_expected, observe

STAGE, TOPK = "04_in_batch_loss", "get_topk_candidates"
UNNAMED = exercise_source(LOSS).replace("F.cross_entropy(S, labels)", "F.cross_entropy(S, labels) * 1.75")
OTHER_CODE = UNNAMED.replace("* 1.75", "/ 4 * 7").replace("loss, num_correct", "loss, num_correct  # by Ada Lovelace")


def of_code(code, name="x"):
    check, namespace = CHECKS[LOSS], {}
    import torch.nn.functional as F

    exec(without_markers(code), {"F": F}, namespace)
    seen = observe(check, namespace)
    verdict = check.judge(seen, *load_expected(LOSS))
    made = judged(LOSS) | {"points": verdict.points, "tests": [{**vars(t), "hidden_only": False} for t in verdict.tests]}
    return made | {"observed": observed(check, seen, load_expected(LOSS)[0])}


@pytest.fixture(scope="module")
def unnamed():
    return of_code(UNNAMED), of_code(OTHER_CODE)


def test_answers_are_grouped_by_values_not_by_code(unnamed):
    one, other = unnamed
    results = [result(f"s{i}", exercises={LOSS: (one, other)[i % 2]}) for i in range(4)]
    results += [result("t", exercises={LOSS: entry(LOSS, "sum")}), result("u"), result("v", exercises={LOSS: entry(LOSS, "")})]
    found, silent = clusters(results, LOSS)
    assert [g["students"] for g in found] == [4, 1] and silent == 0
    assert found[0]["mistakes"] == [] and len(found[1]["mistakes"]) == 1 and found[0]["code"] is None
    assert all(clusters(list(p), LOSS)[0] == found for p in itertools.islice(itertools.permutations(results), 0, 5000, 700))


def test_results_of_before_are_read_and_say_so(unnamed):
    old = {k: v for k, v in unnamed[0].items() if k != "observed"}
    results = [result("a", exercises={LOSS: old}), result("b", exercises={LOSS: failed(LOSS, "timeout", "Too slow.")})]
    assert clusters(results, LOSS) == ([], 1)
    assert "graded before values were recorded, so they are in no group: not recorded" in report_page(results)


def test_a_right_answer_on_the_published_inputs_is_not_unrecorded(unnamed):
    hidden = judged(LOSS)
    tests = [{**t, "passed": False, "points": 0.0, "hidden_only": True} for t in hidden["tests"]]
    assert clusters([result("a", exercises={LOSS: hidden | {"points": 0.0, "tests": tests}})], LOSS) == ([], 0)


def test_what_is_kept_of_a_value():
    assert kept("x" * 500) == "x" * 200
    assert kept(np.float32(1 / 3)) == {"shape": [], "values": "0.3333"}
    assert kept(np.array([[1.0, np.nan], [-np.inf, 1e-9]])) == {"shape": [2, 2], "values": "1 nan -inf 0"}
    assert kept(np.zeros((0, 3))) == {"shape": [0, 3], "values": ""} and len(kept(np.arange(10_000))["values"].split()) == MOST
    near = {"a": kept(np.array([1.23449, 2.0]))}, {"a": kept(np.array([1.23451, 2.0]))}
    assert near[0] != near[1] and alike(*near) and not alike(near[0], {"a": kept(np.array([1.3, 2.0]))})
    assert not alike({"a": "x"}, {"b": "x"}) and not alike({"a": "x"}, near[0]) and not alike({"a": kept([1])}, {"a": kept([1, 1])})
    assert kept(np.array([5e-324, 0.0]))["values"] and kept(np.array([1e308]))["values"] == "1e+308"


def test_one_cell_is_shown_without_a_name(unnamed):
    nb = notebook(STAGE)
    cell = next(c for c in nb.cells if c.source.startswith(f"# exercise: {LOSS}\n"))
    cell.source = f"# exercise: {LOSS}\n# Ada\n'Ada Lovelace, 1815'\n{without_markers(OTHER_CODE)}"
    code = anonymous_cell(nb, STAGE, LOSS)
    assert "Ada" not in code and '"""model: DualEncoder.' in code and "/ 4 * 7" in code
    results = [result(f"s{i}", exercises={LOSS: unnamed[1]}) for i in range(2)]
    wanted = fingerprint(LOSS, unnamed[1]["observed"])
    assert cluster_code(results, LOSS, wanted, lambda *_: nb) == code
    page = report_page(results, cell_of=lambda *_: nb)
    assert f"bank add 4.1 --group {wanted} --name NAME" in page and "/ 4 * 7" in page and "Ada" not in page
    assert_harmless(page)
    with pytest.raises(ClusterError, match="report. lists them"):
        cluster_code(results, LOSS, "00000000", lambda *_: nb)
    with pytest.raises(ClusterError, match="give --cell FILE"):
        cluster_code(results, LOSS, wanted, lambda *_: None)
    assert anonymous_cell(None, STAGE, LOSS) is None
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"# exercise: {LOSS}\ndef f(:")])
    assert anonymous_cell(broken, STAGE, LOSS) is None


SENTENCE = "the passages are ranked by the negative of their scores."
WRONG = (BANK / TOPK / "wrong_lowest_scores.py").read_text(encoding="utf-8").split("\n", 2)[2]
RIGHT = without_markers(exercise_source(TOPK))


@pytest.mark.parametrize(
    "name, sentence, code, words",
    [
        ("Bad Name", SENTENCE, WRONG, "lower-case letters"),
        ("lowest_scores", SENTENCE, WRONG, "already in the bank"),
        ("other", "no stop", WRONG, "full stop"),
        ("other", SENTENCE, "import os\n" + WRONG, "it imports os"),
        ("other", SENTENCE, "def f(:", "not Python"),
        ("other", SENTENCE, "def f(): pass", "does not define get_topk_candidates"),
    ],
)
def test_what_the_bank_refuses_before_it_is_run(name, sentence, code, words):
    with pytest.raises(BankError, match=words):
        add(TOPK, name, sentence, code)


@pytest.fixture
def one_pool(monkeypatch):
    """Let all runs of a test share one Pool, which takes seconds to start."""
    with Pool() as pool:
        monkeypatch.setattr(bank_add, "Pool", lambda: contextlib.nullcontext(pool))
        yield


def test_the_bank_takes_a_new_mistake_once(tmp_path, one_pool):
    with pytest.raises(BankError, match="no test of 3.1 tells this answer from a right one"):
        add(TOPK, "other", SENTENCE, RIGHT, bank=tmp_path)
    with pytest.raises(BankError, match="same values already: wrong_lowest_scores.py"):
        add(TOPK, "other", SENTENCE, WRONG, bank=tmp_path)
    new = RIGHT.replace("topk_indices, topk_values)", "topk_indices.flip(0), topk_values)")
    path, test = add(TOPK, "questions_turned", f"This is what you get if {SENTENCE}", new, bank=tmp_path)
    (entry,) = entries(TOPK, tmp_path)
    assert (entry.message, entry.caught_by, entry.name) == (SENTENCE, test, "questions_turned") and path.parent.parent == tmp_path
    with pytest.raises(BankError, match="same values already: wrong_questions_turned.py"):
        add(TOPK, "again", SENTENCE, new + "\n# other text", bank=tmp_path)
    with pytest.raises(BankError, match="does not catch it on all inputs"):
        add(TOPK, "again", SENTENCE, new, test="the weather", bank=tmp_path)


@pytest.mark.parametrize(
    "code",
    [
        "import torch\nx = torch.load('f')",
        "from torch import load as f",
        "import torch.hub",
        "x = ().__class__",
        "from . import a",
        "open('x')",
        "f = eval",
        "getattr(f, 'lo' + 'ad')",
        "getattr(f, '__class__')",
        "getattr(torch, 'load')",
        "g = getattr",
        "getattr(getattr, '__call__')",
        "map(getattr, x, ['load'])",
    ],
)
def test_code_that_does_more_than_an_answer_needs(code):
    assert why_unsafe(code)


def test_every_answer_in_the_bank_would_be_taken():
    assert {e: why for e in CHECKS for x in entries(e) if (why := why_unsafe(x.code))} == {}
