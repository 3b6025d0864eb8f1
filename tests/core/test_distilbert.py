"""The track `distilbert` gives the known values with distilbert-base-uncased on real Natural Questions.

    pytest -m distilbert

If the weights or the data are missing, these tests are skipped, and the reason says what is missing. The loading code itself is
tested offline, on a DistilBERT with random weights whose files have the true format.
"""

import os

import pytest
import torch

from dpr_course.encoders import load_encoder, load_tokenizer
from dpr_course.track import get_track

IDS = [[101, 1001, 1002, 1003, 1004], [101, 207, 350, 394, 999], [101, 10000, 10000, 10000, 10000]]
BATCH = [
    ("a b c d", ("e f g", "the dog saw the cat"), ("h i", "the cat saw the dog")),
    ("1 2 3 4", ("5 6 7", "foo bar"), ("8 9", "z y")),
    ("A B C D", ("E F G", "the DOG"), ("H I", "GOD")),
]
UNTRAINED = {1: 6.2, 5: 11.3, 10: 14.5, 20: 19.2, 100: 37.2}


@pytest.fixture
def distilbert(monkeypatch):
    monkeypatch.setenv("DPR_TRACK", "distilbert")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    try:
        load_tokenizer("distilbert-base-uncased")
        load_encoder("distilbert-base-uncased")
    except OSError as e:
        pytest.skip(f"the weights of distilbert-base-uncased are not to be had here: {e}")
    from autograder.stages.source import load_reference

    return load_reference()


@pytest.mark.distilbert
def test_cls_vectors(distilbert):
    """The first component of each of three [CLS] vectors differs from the value in the original assignment by at most 0.0002."""
    model = distilbert["make_dual_encoder"]().eval()
    ids = torch.tensor(IDS)
    with torch.no_grad():
        X, _ = model(ids, torch.ones_like(ids), None, None)
    assert X.shape == (3, 768)
    assert [round(v, 4) for v in X[:, 0].tolist()] == pytest.approx([0.2982, -0.0705, 0.1151], abs=2e-4)


@pytest.mark.distilbert
def test_in_batch_loss(distilbert):
    samples = [
        {"question": q, "gold_context": {"title": g[0], "text": g[1]}, "hard_negative": {"title": h[0], "text": h[1]}}
        for q, g, h in BATCH
    ]
    model = distilbert["make_dual_encoder"]().eval()
    with torch.no_grad():
        loss, num_correct = distilbert["get_in_batch_contrastive_loss"](model, distilbert["tensorize_contrastive"](samples, True))
    assert float(loss) == pytest.approx(1.1979, abs=2e-3) and int(num_correct) == 1


@pytest.mark.distilbert
def test_untrained_recall(distilbert):
    from dpr_course.data import DataError
    from dpr_course.embed import embed_passages, embed_questions

    track = get_track("distilbert")
    try:
        _, val, passages = track.load_data()
    except DataError as e:
        pytest.skip(f"real NQ is not here: {e}")
    model, tokenizer = distilbert["make_dual_encoder"](), track.load_tokenizer()
    X, Y = embed_questions(model, val, tokenizer), embed_passages(model, passages, tokenizer)
    found = distilbert["topk_retrieval_accuracy"](distilbert["get_topk_candidates"](X, Y, val, passages, 100), by="title")
    # The assignment drew its 500 and 1,000 questions with other calls of its generator, so only a band can be tested.
    assert {k: found[k] for k in UNTRAINED} == pytest.approx(UNTRAINED, abs=4.0)


@pytest.fixture
def local_encoder(tmp_path, tokenizer):
    """A folder with a small DistilBERT that has random weights and the usual files, and with the toy's tokenizer."""
    from transformers import DistilBertConfig, DistilBertModel

    torch.manual_seed(0)
    config = DistilBertConfig(vocab_size=len(tokenizer), dim=32, n_layers=1, n_heads=2, hidden_dim=64)
    DistilBertModel(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_an_encoder_in_a_local_folder(local_encoder):
    model, tokenizer = load_encoder(local_encoder), load_tokenizer(local_encoder)
    out = model(**tokenizer(["a question"], return_tensors="pt")).last_hidden_state
    assert out.shape[0] == 1 and out.shape[2] == 32 and out.dtype == torch.float32


def test_bert_goes_through_the_same_code(tmp_path, tokenizer, reference):
    """BERT, which has token types and a pooler, can be used too. The course uses the [CLS] vector of its last layer."""
    from transformers import BertConfig, BertModel

    BertModel(BertConfig(vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)).save_pretrained(tmp_path)  # fmt: skip
    encoder = reference["Encoder"](load_encoder(tmp_path)).eval()
    ids = torch.tensor([[2, 9, 3]])
    assert encoder(ids, torch.ones_like(ids)).shape == (1, 32)


def test_what_cannot_be_loaded_is_told(tmp_path):
    with pytest.raises(OSError, match="DPR_TRACK=toy"):
        load_encoder("no-such/encoder-anywhere")
    with pytest.raises(OSError, match="save_pretrained"):
        load_encoder(tmp_path)
    with pytest.raises(OSError):
        load_tokenizer("no-such/encoder-anywhere")


def test_the_switch(monkeypatch):
    assert get_track().name == "toy"
    monkeypatch.setenv("DPR_TRACK", "distilbert")
    t = get_track()
    assert (t.encoder, t.max_length, t.batch_size, t.learning_rate) == ("distilbert-base-uncased", 100, 128, 1e-4)
    monkeypatch.setenv("DPR_TRACK", "bert")
    with pytest.raises(ValueError, match="toy, distilbert"):
        get_track()


def test_the_toy_weights_are_small_and_complete():
    from dpr_course.encoders import TOY_ENCODER

    assert sum(p.stat().st_size for p in TOY_ENCODER.iterdir()) <= 8e6
    assert os.environ["HF_HUB_OFFLINE"] == "1", "the suite runs offline"
    a, b = load_encoder(), load_encoder()
    assert all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters()))
