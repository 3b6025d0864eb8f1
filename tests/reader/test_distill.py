"""A reader's scores of passages, and the losses by which a retriever learns from these scores, are computed as defined."""

import pytest
import torch

from dpr_course.checks.fixtures import FixedVectors, distinct_ids, dyadic, generator
from dpr_course.checks.reader import tiny_reader
from dpr_course.reader.attention import first_token_logits, passage_scores
from dpr_course.reader.distill import distillation_loss, in_batch_distillation_loss, ranked, tensorize_candidates
from dpr_course.reader.fusion import fuse


def batch(rng, B, n, d=8):
    Q, P = distinct_ids(rng, B), distinct_ids(rng, B * n)
    X, Y = dyadic(rng, B, d), dyadic(rng, B * n, d)
    return FixedVectors(X, Y, *Q, *P), (*Q, *P, dyadic(rng, B, n))


@pytest.mark.parametrize("seed", range(4))
def test_the_softmax_of_the_logits_is_what_the_model_attends_with(seed):
    rng = generator(seed)
    model, B, n, L = tiny_reader(rng), 2, 3, 6
    ids = torch.tensor(rng.integers(3, 40, (B, n, L)))
    mask = torch.tensor(rng.integers(1, L + 1, (B, n)))[..., None] > torch.arange(L)
    encoded, fused = fuse(model, ids * mask, mask.long())
    logits = first_token_logits(model, encoded, fused)  # (B, layers, H, n·L)
    weights = logits.masked_fill(fused[:, None, None] == 0, float("-inf")).softmax(3)
    out = model.decoder(
        input_ids=torch.zeros(B, 1, dtype=torch.long), encoder_hidden_states=encoded.last_hidden_state,
        encoder_attention_mask=fused, output_attentions=True,
    )  # fmt: skip
    assert torch.allclose(weights, torch.stack(out.cross_attentions, 1)[:, :, :, 0], atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_a_score_is_the_mean_over_layers_heads_and_real_tokens(seed):
    rng = generator(seed)
    B, layers, H, n, L = 2, 3, 2, 4, 5
    logits, lengths = dyadic(rng, B, layers, H, n * L), rng.integers(0, L + 1, (B, n))
    lengths[0, 0] = 0
    mask = torch.tensor(lengths)[..., None] > torch.arange(L)
    G = passage_scores(logits, mask.long())
    for b in range(B):
        for p in range(n):
            real = logits[b, :, :, p * L : p * L + lengths[b, p]]
            expected = real.mean() if lengths[b, p] else torch.tensor(float("-inf"))
            assert torch.allclose(G[b, p], expected)


def test_nothing_is_left_of_the_hooks():
    model = tiny_reader(generator(0))
    ids = torch.ones(1, 1, 3, dtype=torch.long)
    first_token_logits(model, *fuse(model, ids, torch.ones_like(ids)))
    assert not any(m._forward_hooks for m in model.modules())


@pytest.mark.parametrize("seed", range(4))
def test_with_one_question_the_batch_adds_nothing(seed):
    model, one = batch(generator(seed), 1, 5)
    own, joint = distillation_loss(model, one), in_batch_distillation_loss(model, one)
    assert torch.allclose(own[0], joint[0], atol=1e-5) and own[1] == joint[1]


@pytest.mark.parametrize("loss_fn", [distillation_loss, in_batch_distillation_loss])
def test_questions_may_stand_in_any_order(loss_fn):
    rng = generator(5)
    model, (Q, Q_mask, P, P_mask, G) = batch(rng, 4, 3)
    order = torch.tensor(rng.permutation(4))
    rows = (order[:, None] * 3 + torch.arange(3)).flatten()
    moved = Q[order], Q_mask[order], P[rows], P_mask[rows], G[order]
    a, b = loss_fn(model, (Q, Q_mask, P, P_mask, G)), loss_fn(model, moved)
    assert torch.allclose(a[0], b[0], atol=1e-5) and a[1] == b[1]


def test_a_copy_of_an_own_passage_elsewhere_in_the_batch_is_no_negative():
    rng = generator(7)
    model, (Q, Q_mask, P, P_mask, G) = batch(rng, 2, 3)
    alone = in_batch_distillation_loss(model, (Q, Q_mask, P, P_mask, G))[0]
    P, P_mask = P.clone(), P_mask.clone()
    P[4], P_mask[4] = P[0], P_mask[0]  # a passage of question 1 is a copy of one of question 0
    loss, _ = in_batch_distillation_loss(model, (Q, Q_mask, P, P_mask, G))
    X, Y = model(Q, Q_mask, P, P_mask)
    S = X @ Y.T / 8**0.5
    first = torch.cat([S[0, :4], S[0, 5:]]).log_softmax(0)[:3]  # without the copy
    second = S[1, 1:].log_softmax(0)[2:5]  # row 0 is left out: it is a copy of row 4, which belongs to question 1
    T = G.softmax(1)
    expected = ((T[0] * (T[0].log() - first)).sum() + (T[1] * (T[1].log() - second)).sum()) / 2
    assert torch.allclose(loss, expected, atol=1e-5) and not torch.allclose(loss, alone)


def test_scores_go_with_their_passages_best_first_and_nothing_is_changed():
    samples = [{"question": "q", "ctxs": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}, {"question": "r", "ctxs": [{"id": "d"}]}]
    out = ranked(samples, [[1.0, 3.0, 2.0], [5.0, -1.0, 0.0]])
    assert [[(p["id"], p["score"]) for p in s["ctxs"]] for s in out] == [[("b", 3.0), ("c", 2.0), ("a", 1.0)], [("d", 5.0)]]
    assert samples[0]["ctxs"][0] == {"id": "a"}


def test_published_scores_are_strings_and_what_is_missing_is_named(toy_tokenizer):
    def sample(**changes):
        return {
            "question": "who",
            "ctxs": [{"title": "t", "text": "x", "score": "9.5"}, {"title": "t", "text": "y", "score": "10.25"}],
        } | changes

    batch = tensorize_candidates([sample(), sample()], toy_tokenizer)
    assert batch[4].tolist() == [[9.5, 10.25]] * 2 and batch[2].shape[0] == 4
    with pytest.raises(ValueError, match="'who' has 1 passages"):
        tensorize_candidates([sample(), sample(ctxs=[{"title": "t", "text": "x", "score": 1}])], toy_tokenizer)
    with pytest.raises(ValueError, match='without "score"'):
        tensorize_candidates([sample(ctxs=[{"title": "t", "text": "x"}])], toy_tokenizer)


@pytest.fixture(scope="module")
def toy_tokenizer():
    from dpr_course.encoders import load_tokenizer

    return load_tokenizer("toy")
