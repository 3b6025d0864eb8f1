"""first_vector computes the last layer for the first token only, and gives the same vectors and gradients as the whole model."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModel, BertConfig, DistilBertConfig, RobertaConfig

from dpr_course.pipeline import first_token
from dpr_course.pipeline.first_token import first_vector


def tiny(kind, layers=2, dropout=0.0, **more):
    torch.manual_seed(layers)
    if kind == "distilbert":
        config = DistilBertConfig(vocab_size=50, dim=16, hidden_dim=24, n_heads=4, n_layers=layers, dropout=dropout,
                                  attention_dropout=dropout, max_position_embeddings=20)  # fmt: skip
    else:
        config = {"bert": BertConfig, "roberta": RobertaConfig}[kind](
            vocab_size=50, hidden_size=16, intermediate_size=24, num_attention_heads=2, num_hidden_layers=layers,
            hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout, max_position_embeddings=20, **more,
        )  # fmt: skip
    model = AutoModel.from_config(config).double()
    with torch.no_grad():  # biases start at zero, and a forgotten bias would not be noticed
        for p in model.parameters():
            p.add_(torch.randn_like(p) * 0.3)
    return model


def batch(B, T, seed):
    torch.manual_seed(seed)
    mask = (torch.arange(T) < torch.randint(1, T + 1, (B, 1))).long()
    return torch.randint(1, 50, (B, T)) * mask, mask


def whole(model, ids, mask):
    return model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]


@given(
    kind=st.sampled_from(["distilbert", "bert"]),
    layers=st.integers(0, 3),
    B=st.integers(1, 5),
    T=st.integers(1, 12),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_vectors_and_gradients_are_those_of_the_whole_model(kind, layers, B, T, seed):
    model, (ids, mask) = tiny(kind, layers).train(), batch(B, T, seed)
    other = copy.deepcopy(model)
    X, expected = first_vector(model, ids, mask), whole(other, ids, mask)
    assert torch.allclose(X, expected, rtol=1e-9, atol=1e-9)
    direction = torch.randn_like(X)
    (X * direction).sum().backward()
    (expected * direction).sum().backward()
    for (name, p), q in zip(model.named_parameters(), other.parameters()):
        assert (p.grad is None) == (q.grad is None), name
        if p.grad is not None:
            assert (p.grad - q.grad).norm() <= 1e-9 + 1e-7 * q.grad.norm(), name


@pytest.mark.parametrize("implementation", ["sdpa", "eager"])
def test_the_toy_encoder_in_single_precision(tokenizer, toy_nq, implementation):
    from dpr_course.encoders import load_encoder

    model = load_encoder()
    model.set_attn_implementation(implementation)
    batch = tokenizer([p["text"] for p in toy_nq[2][:6]], padding=True, truncation=True, max_length=60, return_tensors="pt")
    with torch.inference_mode():
        X, expected = (
            first_vector(model, batch.input_ids, batch.attention_mask),
            whole(model, batch.input_ids, batch.attention_mask),
        )
    assert (X - expected).norm() < 1e-5 * expected.norm()


def test_dropout_is_at_work_in_training_only():
    model, (ids, mask) = tiny("distilbert", 1, dropout=0.5), batch(4, 9, 0)
    model.train()
    assert not torch.allclose(first_vector(model, ids, mask), first_vector(model, ids, mask))
    # 1,500 draws have the mean and deviation of 1,500 draws of the whole model, so dropout is applied at the same places.
    rows = [t.repeat(1500, 1) for t in (ids[:1], mask[:1])]
    with torch.no_grad():
        ours, theirs = first_vector(model, *rows), whole(model, *rows)
    error = (ours.mean(0) - theirs.mean(0)).abs() / ((ours.var(0) + theirs.var(0)) / 1500).sqrt()
    assert error.max() < 5 and ((ours.std(0) / theirs.std(0)).log().abs() < 0.15).all()
    model.eval()
    assert torch.equal(first_vector(model, ids, mask), first_vector(model, ids, mask))


def test_the_model_is_left_as_it_was():
    model, (ids, mask) = tiny("bert"), batch(2, 5, 1)
    names = [name for name, _ in model.named_parameters()]
    first_vector(model, ids, mask)
    with pytest.raises(IndexError):
        first_vector(model, ids + 100, mask)
    assert [name for name, _ in model.named_parameters()] == names and whole(model, ids, mask).shape == (2, 16)


def test_any_other_model_is_run_whole(monkeypatch):
    monkeypatch.setattr(first_token, "attend", None)
    for model in (tiny("roberta").eval(), tiny("bert", is_decoder=True).eval()):
        ids, mask = batch(3, 6, 2)
        assert torch.equal(first_vector(model, ids, mask), whole(model, ids, mask))
