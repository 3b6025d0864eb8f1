"""`dpr-course page` makes a small page that fetches nothing, and refuses what it cannot show."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from dpr_course.cli import main
from dpr_course.page.assemble import WEB, script
from dpr_course.page.export import wanted
from dpr_course.page.models import PageError, from_notebook, labelled, load, refuse
from dpr_course.page.pack import characters, packed
from dpr_course.page.quantise import quantise, quantise_vectors, restore
from dpr_course.pipeline.retriever import Retriever


def test_quantised_rows_are_half_a_scale_off_at_most():
    rows = torch.randn(50, 24).numpy() * np.logspace(-3, 3, 50)[:, None]
    numbers, scales = quantise(rows)
    assert numbers.dtype == np.int8 and np.abs(numbers).max(axis=1).tolist() == [127] * 50
    assert (np.abs(restore(numbers, scales) - rows) <= scales[:, None] * 0.5001).all()
    assert restore(*quantise(np.zeros((2, 4)))).tolist() == [[0] * 4] * 2
    far = rows[:10] * 1e-3 + 100
    numbers, scales, mean = quantise_vectors(far)
    assert np.abs(restore(numbers, scales, mean) - far).max() < 1e-4


@pytest.mark.parametrize("n", [0, 1, 6, 7, 8, 4096])
def test_characters_stand_for_bytes(n):
    data = np.random.default_rng(0).integers(0, 256, n, dtype=np.uint8).tobytes()
    text = characters(data)
    assert not set(text) & set("\0\n\r<")
    bits = "".join(f"{ord(c) - 192 if ord(c) >= 192 else ord(c):07b}" for c in text.encode().decode("utf-8"))
    assert bytes(int(bits[i : i + 8], 2) for i in range(0, 8 * n, 8)) == data
    assert packed(data)[1] > 0


def test_a_page_with_one_trained_encoder_has_at_most_6_mb(moved, page):
    """A page with BM25 and one trained encoder has at most 6 MB.

    The fixture `page` may be larger: it has three columns, and the noise in its encoder `moved` compresses badly.
    """
    from dpr_course.page.assemble import page_html

    text = page_html([page.columns[0], page.columns[2]], page.passages, page.samples)
    assert len(text.encode()) <= 6_000_000
    assert page.size == page.path.stat().st_size and page.size <= 7_000_000


def test_the_page_asks_for_nothing_outside(page):
    text = page.path.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    program = script() + (WEB / "page.html").read_text(encoding="utf-8") + (WEB / "page.css").read_text(encoding="utf-8")
    found = r"https?:|fetch\(|XMLHttp|localStorage|sessionStorage|cookie|indexedDB|innerHTML|insertAdjacent|document\.write|eval\(|@import|url\("
    assert re.findall(found, program) == []
    assert "</script" not in script() and "<!--" not in script()


def test_columns_that_are_wanted():
    assert [label for label, _ in wanted(["04_nce"])] == ["BM25", "untrained", "NCE"]
    assert wanted(["mine=models/a", "bm25"], only=True) == [("mine", "models/a"), ("BM25", "bm25")]
    assert wanted(["models/a"])[-1] == ("a", "models/a") and labelled("05_nce_hard")[0] == "NCE + hard negatives"
    with pytest.raises(PageError, match="two columns would be called NCE"):
        wanted(["04_nce", "05_nce"])


def told(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["page", *arguments])
    return str(stopped.value.code)


def test_what_cannot_go_into_a_page_is_told(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("DPR_KEPT", str(tmp_path / "kept"))
    assert "nothing is kept there: train it in stage 04 or 05 first" in told(capsys, "04_nce", "--only")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / f"04_nce-{'0' * 16}.pt").write_bytes(b"no model")
    assert "not a model that a notebook kept" in told(capsys, "04_nce", "--only")
    torch.save({"weights": {"query_encoder.backbone.x": torch.zeros(1)}}, tmp_path / "kept" / f"04_nce-{'0' * 16}.pt")
    assert "does not have the weights of the toy encoder" in told(capsys, "04_nce", "--only")
    assert "it holds 04_nce" in told(capsys, "nothing", "--only")
    (tmp_path / "empty").mkdir()
    assert "not a saved retriever" in told(capsys, str(tmp_path / "empty"), "--only")
    assert "is a folder" in told(capsys, "bm25", "--only", "--out", str(tmp_path / "empty"))
    assert "no such file" in told(capsys, "bm25", "--only", "--passages", str(tmp_path / "none.json"))


def test_other_encoders_are_refused_with_what_they_would_need(moved):
    from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertModel

    bert = BertModel(BertConfig(vocab_size=50, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32))
    for encoder, why in (
        (bert, "of type bert, .* onnxruntime-web"),
        (
            DistilBertModel(DistilBertConfig(vocab_size=40_000, dim=256, n_layers=1, n_heads=2, hidden_dim=64)),
            "takes at most 8 million",
        ),
        (DistilBertModel(DistilBertConfig(vocab_size=50, dim=30, n_layers=1, n_heads=2, hidden_dim=64)), "multiples of 4"),
    ):
        with pytest.raises(PageError, match=why):
            refuse(Retriever(encoder, encoder, moved.tokenizer), "other")
    content = json.loads(moved.tokenizer.backend_tokenizer.to_str())
    content["normalizer"]["lowercase"] = False
    cased = SimpleNamespace(is_fast=True, backend_tokenizer=SimpleNamespace(to_str=lambda: json.dumps(content)))
    with pytest.raises(PageError, match="lowercase False in its normalizer"):
        refuse(Retriever(moved.query_encoder, moved.query_encoder, cased), "cased")


def test_a_students_own_model_is_taken_only_if_the_page_computes_the_same(reference, moved):
    model = reference["DualEncoder"](*(reference["Encoder"](load("untrained").query_encoder) for _ in range(2)))
    model.train()
    retriever = from_notebook(model, moved.tokenizer)
    assert retriever.query_encoder is model.query_encoder.backbone and model.training

    class Mean(torch.nn.Module):
        def __init__(self, backbone):
            super().__init__()
            self.backbone = backbone

        def forward(self, ids, mask):
            return self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state.mean(1)

    with pytest.raises(PageError, match=r"not the \[CLS\] vectors"):
        from_notebook(reference["DualEncoder"](*(Mean(load("untrained").query_encoder) for _ in range(2))), moved.tokenizer)
    with pytest.raises(PageError, match=r"no query_encoder\.backbone"):
        from_notebook(torch.nn.Linear(2, 2), moved.tokenizer)


def test_a_kept_model_is_loaded(tmp_path, monkeypatch, reference):
    monkeypatch.setenv("DPR_KEPT", str(tmp_path))
    model = reference["DualEncoder"](*(reference["Encoder"](load("untrained").query_encoder) for _ in range(2)))
    with torch.no_grad():
        model.query_encoder.backbone.embeddings.LayerNorm.bias += 1
    torch.save({"weights": model.state_dict(), "history": {}}, tmp_path / f"04_nce-{'0' * 16}.pt")
    for name in ("04_nce", str(tmp_path / f"04_nce-{'0' * 16}.pt")):
        bias = load(name).query_encoder.embeddings.LayerNorm.bias
        assert torch.equal(bias, model.query_encoder.backbone.embeddings.LayerNorm.bias)


def test_the_page_in_a_notebook_holds_the_data_of_its_track(reference, toy_nq, tmp_path, monkeypatch):
    from dpr_course.page import notebook
    from dpr_course.track import Track

    _, samples, passages = toy_nq
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Track, "load_data", lambda self: ([], samples[:3], passages[:8]))
    held = []
    monkeypatch.setattr(
        "dpr_course.page.export.write", lambda columns, passages, samples, out: held.extend((passages, samples)) or 1
    )
    notebook.show(reference["make_dual_encoder"]().eval(), reference["tokenizer"])
    assert held == [passages[:8], samples[:3]]
