"""An answer that calls a function of the package that solves the exercise earns nothing. The package's helpers may be used."""

import ast
import importlib
import inspect
import pkgutil
import sys
import types
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

import dpr_course
from autograder.grade.judge import expected_for
from dpr_course.checks import CHECKS, check, find, load_expected, observe, report, verdict
from dpr_course.checks.own_work import HANDED, HELPERS, SHIPPED, Gate
from dpr_course.pipeline import large_batch
from dpr_course.pipeline.large_batch import loss_in_blocks as mine
from dpr_course.pipeline.retriever import Retriever


def imported_inside(model, batch):
    from dpr_course.pipeline.large_batch import loss_in_blocks

    return loss_in_blocks(model, batch)


def imported_by_name(model, batch):
    return importlib.import_module("dpr_course.pipeline.large_batch").loss_in_blocks(model, batch)


def imported_anew(model, batch):
    kept = sys.modules.pop("dpr_course.pipeline.large_batch")
    try:
        return importlib.import_module("dpr_course.pipeline.large_batch").loss_in_blocks(model, batch)
    finally:
        sys.modules["dpr_course.pipeline.large_batch"] = kept
        dpr_course.pipeline.large_batch = kept


def its_parts(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    return large_batch._BlockedLoss.apply(*model(Q, Q_mask, P, P_mask), labels, 256)


class Callable:
    loss = staticmethod(mine)

    def __call__(self, model, batch):
        return self.loss(model, batch)


@pytest.mark.parametrize(
    "answer", [mine, imported_inside, imported_by_name, imported_anew, its_parts, Callable(), lambda *a: mine(*a, block=3)]
)
def test_the_loss_of_the_package_earns_nothing_by_any_road(answer, capfd):
    assert check("4.1", answer) == 0.0
    out, err = capfd.readouterr()
    assert f"{SHIPPED}" in out and "dpr_course.pipeline.large_batch" in out and "no answer" in out and err == ""
    assert out.count(SHIPPED) == 1, "what was said once is not repeated"


class FromRetriever(nn.Module):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__()
        self.query_encoder, self.passage_encoder = query_encoder, passage_encoder

    forward = Retriever.forward


class FromFirstToken(nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        from dpr_course.pipeline.first_token import first_vector

        return first_vector(self.backbone, ids, mask)


class Inherits(Retriever):
    def __init__(self, query_encoder, passage_encoder):
        super().__init__(query_encoder, passage_encoder, None)


def groups(model, weight_decay, learning_rate, passage_scale=1.0):
    from dpr_course.train import adamw

    return adamw(model, learning_rate, weight_decay).param_groups


def cached(model, batch, loss_fn, chunk_size):
    return large_batch.CachedLoss(loss_fn, chunk_size * 7).backward(model, batch)


def across(X, Y, labels, rank, gather):
    from dpr_course.pipeline import distributed

    return mine(lambda *texts: (distributed.all_rows(X), distributed.all_rows(Y)), (None, None, None, None, labels))[0]


def accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    from dpr_course.pipeline import evaluate

    return evaluate.accuracy(evaluate.first_right(run, samples, passages, "answer"), k_values)


@pytest.mark.parametrize(
    "number, answer",
    [
        ("1.1", FromFirstToken), ("1.2", FromRetriever), ("1.2", Inherits), ("1.3", lambda tie_encoders=False: Retriever.from_pretrained("toy", tie_encoders)),
        ("6.1", groups), ("8.1", cached), ("8.2", across), ("8.4", accuracy),
    ],
)  # fmt: skip
def test_finished_versions_of_other_exercises_earn_nothing(number, answer):
    v = verdict(number, answer)
    assert v.points == 0 and all(t.message.startswith(SHIPPED) for t in v.tests), report(find(number), v)


def test_a_later_previous_py_is_no_answer_to_the_exercise_itself(monkeypatch, reference):
    module = types.ModuleType("previous")
    exec("def get_topk_candidates(*a): return theirs(*a)\ndef helper(*a): return theirs(*a)", module.__dict__)
    module.theirs = reference["get_topk_candidates"]
    monkeypatch.setitem(sys.modules, "previous", module)
    v = verdict("3.1", lambda *a: module.get_topk_candidates(*a))
    assert v.points == 0 and all("in previous" in t.message for t in v.tests)
    assert verdict("3.1", lambda *a: module.helper(*a)).passed, "other names of previous.py are there to be used"


def functions_of_the_package():
    for info in pkgutil.walk_packages(dpr_course.__path__, "dpr_course."):
        if not info.name.startswith("dpr_course.checks"):
            module = importlib.import_module(info.name)
            yield from [f for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == info.name]


def takes(function, n):
    try:
        inspect.signature(function).bind(*range(n))
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("exercise", [e for e, c in CHECKS.items() if c.names[0] == e])
def test_no_function_of_the_package_handed_in_as_it_is_earns_a_point(exercise, reference, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some of these functions write the files that their arguments name
    parameters = inspect.signature(reference[exercise]).parameters.values()
    given = sum(p.default is p.empty for p in parameters)
    writing = ("launch", "run_program", "save_rows", "show", "write_fid")  # these write files, or start programs
    for f in functions_of_the_package():
        if takes(f, given) and f.__name__ not in writing:
            assert verdict(exercise, f).points == 0, f


def test_everything_is_as_it_was_after_a_check():
    before = {f: f.__code__ for f in functions_of_the_package()}
    importers = list(sys.meta_path)
    assert check("4.1", mine) == 0.0
    with pytest.raises(KeyboardInterrupt), Gate():
        raise KeyboardInterrupt
    assert before == {f: f.__code__ for f in before} and sys.meta_path == importers
    X = torch.eye(3)
    assert mine(lambda *texts: (X, X), (None, None, None, None, torch.arange(3)))[1] == 3


def test_what_is_handed_out_exists_and_may_be_called():
    for name in HELPERS:
        importlib.import_module(f"dpr_course.{name}")
    for name in HANDED:
        module, _, function = name.rpartition(".")
        f = getattr(importlib.import_module(f"dpr_course.{module}"), function)
        code = f.__code__
        with Gate():
            assert f.__code__ is code


def test_threads_that_check_at_once_leave_everything_as_it_was(reference):
    before = {f: f.__code__ for f in functions_of_the_package()}
    top = CHECKS["get_topk_candidates"]
    expected, _ = load_expected(top.exercise)
    with ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(lambda f: observe(top, {top.exercise: f}), [reference[top.exercise], mine] * 6))
    assert [top.judge(o, expected).points for o in seen] == [3.0, 0.0] * 6
    assert before == {f: f.__code__ for f in before}


def test_expected_values_are_made_while_others_use_the_package(reference):
    """The grader can make expected values in one thread while other threads load expected values and judge answers."""
    check = CHECKS["get_in_batch_contrastive_loss"]
    with ThreadPoolExecutor(4) as threads:
        made = [threads.submit(expected_for, check.exercise, seed) for seed in range(900, 912)]
        for _ in range(40):
            assert load_expected(check.exercise)
            assert mine(lambda *texts: (torch.eye(3), torch.eye(3)), (None, None, None, None, torch.arange(3)))[1] == 3
    assert all(m.result()["plain.loss"].size for m in made)


def test_what_helpers_need_of_the_package_is_a_helper_too():
    """From the package, helpers import only other helpers: any other function would refuse to run when a helper calls it."""
    for name in sorted(HELPERS):
        tree = ast.parse(inspect.getsource(importlib.import_module(f"dpr_course.{name}")))
        for n in ast.walk(tree):
            if isinstance(n, ast.ImportFrom) and (n.module or "").split(".")[0] == "dpr_course":
                of = [n.module.split(".")[1]] if "." in n.module else [a.name for a in n.names]
                assert set(of) <= HELPERS, (name, of)


def test_the_refusal_calls_a_generated_method_by_its_name():
    from dpr_course.pipeline.search import Hits

    with Gate(), pytest.raises(Exception, match=r"own Hits.__init__ \(in dpr_course.pipeline.search\)"):
        Hits([], None, None)
