"""Fusion encodes each passage alone and joins the vectors. It has properties that hold for all weights of the model.

They are tested on the package's version and on the reference answer of stage 09.
"""

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from autograder.stages.source import load_reference
from dpr_course.reader import batch, fusion
from dpr_course.reader.model import checkpoint_layers


@pytest.fixture(params=["package", "reference"])
def fuse(request):
    return fusion.fuse if request.param == "package" else load_reference()["fuse"]


def made(seed, dropout=0.0, **settings):
    torch.manual_seed(seed)
    config = T5Config(
        vocab_size=60, d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2, dropout_rate=dropout,
        decoder_start_token_id=0, attn_implementation="eager", **settings,
    )  # fmt: skip
    return T5ForConditionalGeneration(config).eval()


def drawn(seed, B=3, n=4, L=9):
    """Return random (ids, mask, labels), of shapes (B, n, L), (B, n, L), (B, 5). If n > 1, one passage is nothing but padding."""
    g = torch.Generator().manual_seed(seed)
    ids = torch.randint(2, 60, (B, n, L), generator=g)
    mask = (torch.arange(L) < torch.randint(2, L + 1, (B, n, 1), generator=g)).long()
    if n > 1:
        mask[0, -1] = 0
    return ids, mask, torch.randint(2, 60, (B, 5), generator=g)


def loss_of(fuse, model, ids, mask, labels):
    encoded, fused_mask = fuse(model, ids, mask)
    return model(encoder_outputs=encoded, attention_mask=fused_mask, labels=labels).loss


@pytest.mark.parametrize("seed", range(3))
def test_one_passage_is_plain_t5(fuse, seed):
    model, (ids, mask, labels) = made(seed), drawn(seed, n=1)
    plain = model(input_ids=ids[:, 0], attention_mask=mask[:, 0], labels=labels)
    assert torch.allclose(loss_of(fuse, model, ids, mask, labels), plain.loss, atol=1e-6)
    encoded, fused_mask = fuse(model, ids, mask)
    assert torch.allclose(encoded.last_hidden_state, plain.encoder_last_hidden_state, atol=1e-6)
    settings = dict(max_new_tokens=6, do_sample=False)
    assert torch.equal(
        model.generate(encoder_outputs=encoded, attention_mask=fused_mask, **settings),
        model.generate(input_ids=ids[:, 0], attention_mask=mask[:, 0], **settings),
    )


@pytest.mark.parametrize("seed", range(3))
def test_permuting_the_passages_permutes_the_vectors_and_nothing_else(fuse, seed):
    model, (ids, mask, labels) = made(seed), drawn(seed)
    order = torch.randperm(4, generator=torch.Generator().manual_seed(seed))
    (encoded, fused_mask), (turned, turned_mask) = fuse(model, ids, mask), fuse(model, ids[:, order], mask[:, order])
    H, K = (e.last_hidden_state.view(3, 4, 9, -1) for e in (encoded, turned))
    assert torch.allclose(H[:, order], K, atol=1e-5) and torch.equal(fused_mask.view(3, 4, 9)[:, order], turned_mask.view(3, 4, 9))
    losses = [loss_of(fuse, model, i, m, labels) for i, m in ((ids, mask), (ids[:, order], mask[:, order]))]
    assert torch.allclose(*losses, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_no_passage_leaks_into_another_in_values_or_in_gradients(fuse, seed):
    model, (ids, mask, _) = made(seed), drawn(seed)
    H = fuse(model, ids, mask)[0].last_hidden_state.view(3, 4, 9, -1)
    other = ids.clone()
    other[1, 2] = 7
    K = fuse(model, other, mask)[0].last_hidden_state.view(3, 4, 9, -1)
    same = torch.ones(3, 4, dtype=torch.bool)
    same[1, 2] = False
    assert torch.allclose(H[same], K[same], atol=1e-6) and not torch.allclose(H[1, 2], K[1, 2], atol=1e-3)
    # If the passages are encoded as one long text, they do influence each other.
    long = fuse(model, ids.view(3, 1, -1), mask.view(3, 1, -1))[0].last_hidden_state.view(3, 4, 9, -1)
    assert not torch.allclose(H[same][mask[same].bool()], long[same][mask[same].bool()], atol=1e-3)


def test_the_first_passages_may_be_decoded_alone(fuse):
    """Encoding 4 passages and decoding only the first 2 gives the same loss as encoding these 2. The notebook relies on this."""
    model, (ids, mask, labels) = made(0), drawn(0)
    encoded, fused_mask = fuse(model, ids, mask)
    encoded.last_hidden_state = encoded.last_hidden_state[:, : 2 * 9]
    part = model(encoder_outputs=encoded, attention_mask=fused_mask[:, : 2 * 9], labels=labels).loss
    assert torch.allclose(part, loss_of(fuse, model, ids[:, :2], mask[:, :2], labels), atol=1e-6)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_checkpointing_keeps_loss_and_gradient(fuse, dropout):
    """With checkpointing, loss and gradient are the same. The number of calls shows that layers are really computed twice."""
    seen, found = [], []
    model, (ids, mask, labels) = made(0, dropout), drawn(0)
    # The hook runs before the layer, because PyTorch stops the second computation as soon as it has all that it needs.
    model.encoder.block[0].layer[1].register_forward_pre_hook(lambda *_: seen.append(1))
    for checkpointed in (False, True):
        model = checkpoint_layers(model) if checkpointed else model
        model.train().zero_grad()
        torch.manual_seed(1)
        loss = loss_of(fuse, model, ids, mask, labels)
        loss.backward()
        found.append((loss.detach(), torch.cat([p.grad.flatten() for p in model.parameters()]), len(seen)))
    (loss, g, once), (again, h, thrice) = found
    assert torch.allclose(loss, again, atol=1e-6) and torch.allclose(g, h, atol=1e-6)
    assert (once, thrice) == (1, 3)
    torch.manual_seed(2)
    assert dropout == 0 or not torch.allclose(loss_of(fuse, model, ids, mask, labels), loss, atol=1e-4)


def test_checkpointing_under_the_older_name():
    """Checkpointing works with transformers before 5.23, which has only `gradient_checkpointing_enable`."""

    class Older:
        config = T5Config()

        def gradient_checkpointing_enable(self, gradient_checkpointing_kwargs):
            self.asked = gradient_checkpointing_kwargs

    older = checkpoint_layers(Older())
    assert older.asked == {"use_reentrant": False} and older.config.use_cache is False


def test_the_package_and_the_reference_make_the_same_batch():
    from train_reader_tokenizer import train_tokenizer

    from dpr_course.worked_example import PASSAGES, QUESTIONS

    tokenizer = train_tokenizer(PASSAGES, 300)
    samples = [{"question": q, "answers": ["Io", "x"], "ctxs": PASSAGES[i : i + 2]} for i, q in enumerate(QUESTIONS)]
    samples[1]["target"] = "William Shakespeare"
    for limits in ((3, 200, 32), (2, 9, 3)):
        own, other = batch.reader_batch(tokenizer, samples, *limits), load_reference()["reader_batch"](tokenizer, samples, *limits)
        assert torch.equal(own[1], other[1]) and torch.equal(own[2], other[2])
        assert torch.equal(own[0] * own[1], other[0] * other[1])
