"""A retriever in a folder: it is saved, loaded, recognised by its fingerprint, and refused if something is wrong."""

import json
import shutil

import pytest
import torch

from dpr_course.files import replacing
from dpr_course.pipeline.retriever import Retriever, RetrieverError
from dpr_course.worked_example import PASSAGES, QUESTIONS


@pytest.fixture(scope="module")
def model():
    model = Retriever.from_pretrained("toy")
    with torch.no_grad():
        next(model.query_encoder.parameters()).mul_(1.01)  # so that the two encoders differ
    return model.eval()


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "model"
    model.save(folder, {"config.yaml": "seed: 0\n"})
    return folder


@pytest.fixture
def copied(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "copy")


def test_what_was_saved_comes_back(model, saved):
    back = Retriever.load(saved)
    assert not back.tied and not back.training and back.max_length == 100
    assert torch.equal(back.encode_questions(QUESTIONS), model.encode_questions(QUESTIONS))
    assert torch.equal(back.encode_passages(PASSAGES), model.encode_passages(PASSAGES))
    assert back.fingerprint() == model.fingerprint()
    assert (saved / "config.yaml").read_text() == "seed: 0\n"
    assert [p.name for p in saved.parent.iterdir()] == ["model"], "nothing half-written beside it"


def test_it_gives_what_the_students_dual_encoder_gives(reference):
    theirs = reference["make_dual_encoder"]().eval()
    ours = Retriever.from_pretrained("toy").eval()
    ids = torch.tensor([[2, 17, 90, 3], [2, 40, 3, 0]])
    for a, b in zip(ours(ids, ids.ne(0).long(), ids, ids.ne(0).long()), theirs(ids, ids.ne(0).long(), ids, ids.ne(0).long())):
        assert torch.allclose(a, b, atol=1e-5)
    assert ours(ids, ids.ne(0).long())[1] is None and ours(None, None, ids, ids.ne(0).long())[0] is None


def test_token_types_are_zeros_for_a_bert():
    from transformers import BertConfig, BertModel

    bert = BertModel(
        BertConfig(vocab_size=50, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
    ).eval()
    ids = torch.tensor([[2, 7, 3, 9, 3]])
    vectors = Retriever(bert, bert, None)(ids, torch.ones_like(ids))[0]
    zeros, ones = (
        bert(input_ids=ids, attention_mask=torch.ones_like(ids), token_type_ids=torch.full_like(ids, t)).last_hidden_state[:, 0]
        for t in (0, 1)
    )
    assert torch.allclose(vectors, zeros, atol=1e-5) and not torch.allclose(vectors, ones, atol=1e-5)


def test_tied_stays_tied(tmp_path):
    model = Retriever.from_pretrained("toy", tied=True)
    model.save(tmp_path / "tied")
    back = Retriever.load(tmp_path / "tied")
    assert back.tied and not (tmp_path / "tied" / "passage_encoder").exists()
    assert len(list(back.parameters())) == len(list(model.parameters()))


def test_the_fingerprint_follows_whatever_shapes_passage_vectors(model):
    other = Retriever.from_pretrained("toy")
    before = other.fingerprint()
    assert before == model.fingerprint(), "the query encoder does not shape passage vectors"
    other.tokenizer(["x"], ["y"], padding="max_length", truncation=True, max_length=7)
    assert other.fingerprint() == before, "calls of the tokenizer do not matter"
    other.max_length = 50
    assert other.fingerprint() != before
    other.max_length = 100
    with torch.no_grad():
        next(other.passage_encoder.parameters())[5, 5] += 1e-3
    assert other.fingerprint() != before


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda f: shutil.rmtree(f), "no such folder"),
        (lambda f: (f / "retriever.json").unlink(), "no retriever.json"),
        (lambda f: (f / "retriever.json").write_text("{"), "retriever.json: not valid JSON"),
        (lambda f: (f / "retriever.json").write_text('{"format": "x"}'), "'format'"),
        (lambda f: shutil.rmtree(f / "passage_encoder"), "passage_encoder"),
        (lambda f: (f / "query_encoder" / "model.safetensors").write_bytes(b"x"), "query_encoder"),
        (lambda f: shutil.rmtree(f / "tokenizer"), "tokenizer"),
    ],
)
def test_a_damaged_folder_is_refused_by_name(copied, damage, words):
    damage(copied)
    with pytest.raises(RetrieverError) as e:
        Retriever.load(copied)
    assert words in str(e.value) and copied.name in str(e.value)


def test_a_field_of_the_wrong_type_is_named(copied):
    about = json.loads((copied / "retriever.json").read_text())
    (copied / "retriever.json").write_text(json.dumps({**about, "tied": "no"}))
    with pytest.raises(RetrieverError, match="'tied' must be bool"):
        Retriever.load(copied)


def test_replaced_weights_are_noticed(copied):
    other = Retriever.from_pretrained("toy")
    with torch.no_grad():
        next(other.passage_encoder.parameters()).mul_(2)
    other.passage_encoder.save_pretrained(copied / "passage_encoder")
    with pytest.raises(RetrieverError, match="fingerprint"):
        Retriever.load(copied)


def test_a_folder_with_something_else_is_left_alone(model, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RetrieverError, match="left alone"):
        model.save(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_error_leaves_the_old_one(copied):
    before = (copied / "retriever.json").read_text()
    with pytest.raises(RuntimeError), replacing(copied) as part:
        part.mkdir()
        (part / "half").write_text("x")
        raise RuntimeError
    assert (copied / "retriever.json").read_text() == before
    assert [p.name for p in copied.parent.iterdir()] == [copied.name]


def test_a_file_never_takes_the_place_of_a_folder(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/kept.txt").write_text("kept")
    with pytest.raises(IsADirectoryError, match="out is a folder"), replacing(tmp_path / "out") as part:
        part.write_text("a file")
    assert [p.name for p in tmp_path.rglob("*")] == ["out", "kept.txt"]
