"""Negatives across processes: two ranks (processes) take the same steps as one process with the joint batch."""

import os
import subprocess
import sys

import pytest
import torch
from ranks import in_batch_loss, trained
from tiny_dual import TinyDual, distance, tiny_batch

from dpr_course.pipeline import distributed
from dpr_course.pipeline.distributed import launch, simulate


@pytest.fixture(scope="module")
def two(tmp_path_factory, root):
    """Return the results that two real processes, which run tests/ranks.py, have saved."""
    target = tmp_path_factory.mktemp("ranks") / "out.pt"
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = f"{root}:{root / 'tests'}"
    try:
        assert launch(2, root / "tests" / "ranks.py", target) == 0
    finally:
        os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
    return torch.load(target)


def test_blocks_of_different_size_are_gathered(two):
    assert two["world"] == 2
    assert [b[:, 0].tolist() for b in two["gathered"]] == [[0, 1, 2], [10, 11, 12, 13, 14]]


@pytest.mark.parametrize("kind", ["plain", "cached"])
def test_loss_and_gradient_are_those_of_one_process_with_the_dropout_of_both(two, kind):
    model, batch = TinyDual(dropout=0.3).train(), tiny_batch(3, 9, {0, 1, 4})
    Q, Q_mask, P, P_mask, labels = batch
    parts = []
    for r, (q, p) in enumerate(((slice(0, 4), slice(0, 6)), (slice(4, 9), slice(6, 12)))):
        torch.manual_seed(100 + r)
        if kind == "cached":  # CachedLoss sorts the texts by length before it draws dropout
            parts.append(sorted_by_length(model, Q[q], Q_mask[q], P[p], P_mask[p]))
        else:
            parts.append(model(Q[q], Q_mask[q], P[p], P_mask[p]))
    X, Y = (torch.cat(side) for side in zip(*parts))
    loss, _ = in_batch_loss(lambda *_: (X, Y), batch)
    loss.backward()
    assert two[kind][0] == pytest.approx(loss.item(), rel=1e-5)
    assert distance(two[kind][1], model.gradients()) < 1e-5


def sorted_by_length(model, Q, Q_mask, P, P_mask):
    order = [m.sum(1).argsort(descending=True, stable=True) for m in (Q_mask, P_mask)]
    X, Y = model(Q[order[0]], Q_mask[order[0]], P[order[1]], P_mask[order[1]])
    return X[order[0].argsort()], Y[order[1].argsort()]


@pytest.mark.parametrize("kind, options", [("trained", {}), ("trained_cached", {"max_tokens": 30, "tied": True})])
def test_training_takes_the_same_steps_as_one_process(two, kind, options):
    weights, losses = trained(**options)
    assert two[kind][1] == pytest.approx(losses, rel=1e-4)
    assert distance(two[kind][0], weights) < 1e-4


def test_a_batch_smaller_than_the_run_is_refused(two):
    assert "1 rows cannot be spread over 2 processes" in two["error"]


def test_one_process_is_left_as_it_is():
    model = TinyDual()
    assert distributed.world() == 1 and distributed.joint(model) is model and distributed.own_rows(5) == slice(0, 5)
    v = torch.ones(2, 3, requires_grad=True)
    assert distributed.all_rows(v) is v and not distributed.gather(v)[0].requires_grad


def test_slices_make_up_the_batch(monkeypatch):
    for W in (1, 2, 3, 7):
        for n in range(W, 20):
            rows = []
            for r in range(W):
                monkeypatch.setattr(distributed, "rank", lambda r=r: r)
                monkeypatch.setattr(distributed, "world", lambda W=W: W)
                part = range(n)[distributed.own_rows(n)]
                assert len(part) in (n // W, n // W + 1)
                rows += part
            assert rows == list(range(n))


def test_simulated_ranks_exchange_what_they_gather():
    def on_rank(r, gather):
        first, second = gather(torch.full((r + 1,), float(r))), gather(torch.tensor([[10.0 + r]]))
        return torch.cat(first).tolist(), torch.cat(second).flatten().tolist()

    assert simulate(on_rank, 3) == [([0, 1, 1, 2, 2, 2], [10, 11, 12])] * 3


def test_a_simulated_rank_that_fails_ends_all():
    def on_rank(r, gather):
        if r == 1:
            raise KeyError("rank 1")
        return gather(torch.ones(1))

    with pytest.raises(KeyError, match="rank 1"):
        simulate(on_rank, 3)


FORKS = """
import os
import subprocess
import sys
import torch
from dpr_course.pipeline.distributed import simulate

torch.set_num_threads(16)
torch.rand(300, 300).softmax(1)
failed = 0
for _ in range(20):
    child = os.fork()
    if child == 0:
        try:
            simulate(lambda rank, gather: (gather(torch.ones(1)), torch.ones(300, 300).softmax(1)), 4)
            os._exit(0)
        except RuntimeError:
            os._exit(1)
    failed += os.waitpid(child, 0)[1] != 0
print(failed)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_ranks_can_be_simulated_in_a_forked_process(root):
    """Ranks can be simulated, as threads, in a forked process, although torch by itself may raise "Invalid thread pool!" there."""
    done = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, cwd=root)
    assert done.stdout == "0\n", done.stderr
