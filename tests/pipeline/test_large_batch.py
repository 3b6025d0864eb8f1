"""The gradient cache: it gives the gradient of the whole batch, dropout included, in the memory that one piece needs."""

from functools import partial

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_dual import TinyDual, distance, tiny_batch

from dpr_course.checks.fixtures import generator, tiny_backbone
from dpr_course.pipeline.large_batch import CachedLoss, encode, loss_in_blocks, split_batch
from dpr_course.pipeline.programs import run_program
from dpr_course.runtime import RandomState
from dpr_course.train import WholeLoss, train


def in_batch_loss(model, batch):
    X, Y = model(*batch[:4])
    S = X @ Y.T
    return F.cross_entropy(S, batch[4]), (S.argmax(1) == batch[4]).sum()


@settings(max_examples=60, deadline=None)
@given(
    B=st.integers(2, 20), with_negative=st.sets(st.integers(0, 19)), max_tokens=st.integers(1, 90), tied=st.booleans(),
    seed=st.integers(0, 10_000),
)  # fmt: skip
def test_the_gradient_is_that_of_the_whole_batch_with_the_same_dropout(B, with_negative, max_tokens, tied, seed):
    model, batch = TinyDual(tied, dropout=0.3).train(), tiny_batch(seed, B, with_negative)
    torch.manual_seed(seed)
    loss, num_correct = CachedLoss(in_batch_loss, max_tokens).backward(model, batch)
    cached = model.gradients()
    model.zero_grad()
    for side in (model.query_encoder, model.passage_encoder):
        side.replay = True  # use the dropout masks that were drawn in the first pass again
    whole, whole_correct = in_batch_loss(model, batch)
    whole.backward()
    assert not loss.requires_grad and loss.item() == pytest.approx(whole.item(), rel=1e-5) and num_correct == whole_correct
    assert distance(cached, model.gradients()) < 1e-5


@settings(max_examples=15, deadline=None)
@given(B=st.integers(2, 9), rows=st.integers(1, 20), seed=st.integers(0, 1000))
def test_a_transformer_with_dropout_too(B, rows, seed):
    rng = generator(seed)

    class Dual(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.backbone = tiny_backbone(rng).train()
            for m in self.backbone.modules():
                if isinstance(m, torch.nn.Dropout):
                    m.p = 0.2

        def forward(self, Q, Q_mask, P, P_mask):
            def vector(ids, mask):
                return None if ids is None else self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]

            return vector(Q, Q_mask), vector(P, P_mask)

    model, T = Dual(), 5
    Q, P = (torch.tensor(rng.integers(5, 40, (n, T))) for n in (B, 2 * B))
    batch = (Q, torch.ones_like(Q), P, torch.ones_like(P), torch.arange(0, 2 * B, 2))
    torch.manual_seed(seed)
    CachedLoss(in_batch_loss, rows * T).backward(model, batch)
    cached = {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    torch.manual_seed(seed)  # the same chunks in the same order, but all computation graphs are kept
    vectors = torch.cat([encode(model, chunk) for chunk in split_batch(batch, rows)])
    in_batch_loss(lambda *_: (vectors[:B], vectors[B:]), batch)[0].backward()
    assert distance(cached, {n: p.grad for n, p in model.named_parameters() if p.grad is not None}) < 1e-5


def test_without_replay_it_would_not_be_equal(monkeypatch):
    """If dropout masks are drawn anew in the second pass, the gradient is different. So the tests with dropout can fail."""
    import contextlib

    model, batch = TinyDual(dropout=0.3).train(), tiny_batch(1, 8)
    monkeypatch.setattr(RandomState, "replayed", lambda self: contextlib.nullcontext())
    CachedLoss(in_batch_loss, 10).backward(model, batch)
    cached = model.gradients()
    model.zero_grad()
    model.query_encoder.replay = model.passage_encoder.replay = True
    in_batch_loss(model, batch)[0].backward()
    assert distance(cached, model.gradients()) > 0.05


def test_no_piece_has_more_tokens_than_allowed():
    seen, model = [], TinyDual()
    batch = tiny_batch(0, 12, {1, 5})

    def watched(Q, Q_mask, P, P_mask):
        seen.append((Q if P is None else P).numel())
        return model(Q, Q_mask, P, P_mask)

    CachedLoss(in_batch_loss, 20).backward(watched_module(model, watched), batch)
    assert max(seen) <= 20 and len(seen) > 8
    with pytest.raises(ValueError, match="at least 1"):
        CachedLoss(in_batch_loss, 0)


def watched_module(model, forward):
    class Watched(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = model

        def forward(self, *texts):
            return forward(*texts)

    return Watched()


@settings(max_examples=30, deadline=None)
@given(B=st.integers(2, 24), block=st.integers(1, 40), seed=st.integers(0, 1000))
def test_the_loss_in_blocks_is_the_loss(B, block, seed):
    batch = tiny_batch(seed, B, set(range(0, B, 3)))
    results = []
    for loss_fn in (in_batch_loss, lambda model, b: loss_in_blocks(model, b, block)):
        model = TinyDual(seed=seed)
        loss, n = loss_fn(model, batch)
        loss.backward()
        results.append((loss.item(), int(n), model.gradients()))
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-5) and results[0][1] == results[1][1]
    assert distance(results[1][2], results[0][2]) < 1e-5


def test_a_random_state_comes_back_and_leaves_no_trace():
    torch.manual_seed(3)
    state = RandomState()
    first = torch.rand(4)
    then = RandomState()
    following = torch.rand(4)
    with then.replayed():
        pass
    with state.replayed():
        assert torch.equal(torch.rand(4), first)
    with pytest.raises(KeyError), state.replayed():
        raise KeyError
    with then.replayed():
        assert torch.equal(torch.rand(4), following)


def test_training_with_the_cache_takes_the_same_steps():
    samples = list(range(24))
    batch = tiny_batch(5, 24, {2, 3})

    def collate(chosen):
        Q, Q_mask, P, P_mask, labels = batch
        rows = labels[chosen]
        return Q[chosen], Q_mask[chosen], P[rows], P_mask[rows], torch.arange(len(chosen))

    ends = []
    for max_tokens in (None, 25):
        model = TinyDual()
        history = train(
            model, samples, collate, in_batch_loss, epochs=2, batch_size=8, learning_rate=0.1, seed=1,
            objective=partial(CachedLoss, max_tokens=max_tokens) if max_tokens else WholeLoss,
            optimizer=torch.optim.SGD(model.parameters(), lr=0.1),
        )  # fmt: skip
        ends.append((dict(model.named_parameters()), [s["loss"] for s in history.steps]))
    assert ends[0][1] == pytest.approx(ends[1][1], rel=1e-4)
    assert distance(ends[1][0], ends[0][0]) < 1e-4


PEAK = """
import sys, torch
from dpr_course.pipeline.large_batch import CachedLoss, loss_in_blocks
from dpr_course.pipeline.peak import peak_memory
from dpr_course.pipeline.retriever import Retriever

torch.set_num_threads(1)
model = Retriever.from_pretrained("toy").train()
B, T = int(sys.argv[1]), 4
Q, P = (torch.randint(5, 9000, (B, T)) for _ in range(2))
batch = (Q, torch.ones_like(Q), P, torch.ones_like(P), torch.arange(B))
CachedLoss(loss_in_blocks, 64 * T).backward(model, batch)
print(peak_memory())
"""


def test_memory_hardly_grows_from_64_to_4096_questions(root, monkeypatch):
    monkeypatch.chdir(root)

    def peak(B):
        return float(run_program(PEAK, B).splitlines()[-1])

    assert peak(4096) < 1.3 * peak(64)
