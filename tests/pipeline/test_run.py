"""A training run from its YAML file uses the loss of the stages, can go on after a stop, and leaves a complete folder."""

import json

import pytest
import torch
from torch import nn

from dpr_course.cli import main
from dpr_course.data import DataError, gold_passages
from dpr_course.pipeline.checkpoint import Checkpoint
from dpr_course.pipeline.config import ConfigError, load_config
from dpr_course.pipeline.evaluate import accuracy, first_right
from dpr_course.pipeline.retriever import Retriever, RetrieverError
from dpr_course.pipeline.run import contrastive_loss, load_run_data, recall, train_run
from dpr_course.pipeline.search import search_vectors
from dpr_course.pipeline.trec import read_run, write_run
from dpr_course.pipeline.vectors import Vectors
from dpr_course.train import train


@pytest.fixture(scope="module")
def model():
    return Retriever.from_pretrained("toy").eval()


@pytest.fixture
def small(toy_nq, tmp_path):
    """Return the path of a run's YAML file: two steps on eight questions. The data files lie beside it."""
    samples = toy_nq[0][:8]
    (tmp_path / "train.json").write_text(json.dumps(samples))
    (tmp_path / "val.json").write_text(json.dumps(toy_nq[1][:6]))
    path = tmp_path / "run.yaml"
    path.write_text(
        "data: {train: train.json, validation: val.json, passages: gold, held_out: 0}\n"
        "schedule: {epochs: 2, batch_size: 8}\nmodel: {max_length: 32}\n"
    )
    return path


def test_the_loss_is_that_of_the_stages(model, reference):
    rng = torch.Generator().manual_seed(3)
    ids = torch.randint(5, 9000, (6, 3, 20), generator=rng, dtype=torch.int32)
    distinct = {"questions_input_ids": ids[:, 2], "ctx_input_ids": ids[:, :2]}
    distinct |= {k.replace("input_ids", "attention_mask"): torch.ones_like(v) for k, v in distinct.items()}
    copied = {k: v.clone() for k, v in distinct.items()}
    copied["ctx_input_ids"][4, 0] = copied["ctx_input_ids"][1, 0]  # two questions share a gold passage
    copied["ctx_input_ids"][3, 1] = copied["ctx_input_ids"][0, 0]  # one's gold is another's hard negative
    cases = [(distinct, f, lambda flat, f=f: reference["get_symmetric_contrastive_loss"](model, flat, f)) for f in (0.0, 0.3, 1.0)]
    cases.append((copied, 0.0, lambda flat: reference["get_masked_contrastive_loss"](model, flat)))
    with torch.no_grad():
        for batch, f, theirs in cases:
            loss, num_correct = contrastive_loss(model, batch, f)
            expected, expected_correct = theirs(reference["flatten_features"](batch))
            assert torch.allclose(loss, expected, rtol=1e-5) and num_correct == expected_correct
        assert contrastive_loss(model, copied, 1.0)[0].isfinite()


def test_recall_is_that_of_the_stages(model, toy_nq, reference):
    samples, passages = toy_nq[1][:40], gold_passages(toy_nq[1][:160])
    candidates = reference["get_topk_candidates"](
        model.encode_questions([s["question"] for s in samples]), model.encode_passages(passages), samples, passages, 100
    )
    theirs = reference["topk_retrieval_accuracy"](candidates)
    assert all(abs(theirs[k] - v) < 1e-4 for k, v in recall(model, samples, passages).items())


class OneVector(nn.Module):
    """An encoder that has collapsed: it gives every text the same vector, in which each number is `value`."""

    def __init__(self, value=1.0):
        super().__init__()
        self.value = value

    def encode_questions(self, questions):
        return torch.full((len(questions), 8), self.value)

    encode_passages = encode_questions


def test_an_encoder_with_one_vector_for_all_finds_nothing(toy_nq, tmp_path):
    samples, passages = toy_nq[1], toy_nq[2]
    found = recall(OneVector(), samples, passages)
    assert found[1] <= 0.2 and found[100] <= 10, "what the order of the passages gives away, and no more"
    ids = [f"q{i}" for i in range(len(samples))]
    named = [s | {"id": i} for s, i in zip(samples, ids)]
    X, Y = OneVector().encode_questions(ids).numpy(), OneVector().encode_passages(passages).numpy()
    hits = search_vectors(Vectors(ids, X), Vectors([p["id"] for p in passages], Y), 100)
    write_run(tmp_path / "run.trec", hits)
    assert accuracy(first_right(read_run(tmp_path / "run.trec"), named, passages, "id")) == found, "one definition"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
def test_recall_of_vectors_that_are_no_numbers_is_refused(toy_nq, value):
    with pytest.raises(DataError, match=r"R@k cannot be computed: .*(NaN|finite)"):
        recall(OneVector(value), toy_nq[1][:5], toy_nq[2][:50])


def test_an_epoch_whose_score_is_not_a_number_is_never_chosen():
    with pytest.raises(FloatingPointError, match="after epoch 1"):
        train(
            Noisy(), [(1.0, 0.0)] * 4, collate, loss_fn, epochs=1, batch_size=2, learning_rate=0.1,
            evaluate=lambda m: float("nan"),
        )  # fmt: skip


class Noisy(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.net = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 1))


def loss_fn(model, batch):
    return (model.net(batch[0]) ** 2).mean(), torch.tensor(0)


def collate(samples):
    return (torch.tensor(samples, dtype=torch.float32),)


@pytest.mark.parametrize("stop", [1, 5, 8, 9])
def test_a_stopped_training_ends_as_if_it_had_not_stopped(stop, tmp_path):
    samples = [(a / 4, b / 4) for a in range(4) for b in range(4)]
    options = dict(epochs=3, batch_size=4, learning_rate=0.01, evaluate=lambda m: m.net[0].weight.sum().item())
    whole = Noisy()
    expected = train(whole, samples, collate, loss_fn, **options)
    calls = []

    def breaking(model, batch):
        calls.append(1)
        if len(calls) == stop:
            raise KeyboardInterrupt
        return loss_fn(model, batch)

    path = tmp_path / "x.checkpoint"
    with pytest.raises(KeyboardInterrupt):
        train(Noisy(), samples, collate, breaking, **options, checkpoint=Checkpoint(path))
    assert path.exists() == (stop > 4)
    again = Noisy()
    history = train(again, samples, collate, loss_fn, **options, checkpoint=Checkpoint(path))
    assert history == expected
    assert all(torch.equal(a, b) for a, b in zip(again.parameters(), whole.parameters()))
    assert train(Noisy(), samples, collate, breaking, **options, checkpoint=Checkpoint(path)) == expected, (
        "complete: nothing more to do"
    )


def test_a_run_leaves_a_complete_folder(small, tmp_path, capsys):
    out = tmp_path / "model"
    main(["train", str(small), "--out", str(out)])
    told = capsys.readouterr().out
    assert "8 samples, 8 without a hard negative: these were given BM25's best wrong passage" in told and "R@5" in told
    assert {"config.yaml", "history.json", "results.json", "retriever.json"} < {p.name for p in out.iterdir()}
    assert load_config(out / "config.yaml") == load_config(small)
    assert len(json.loads((out / "history.json").read_text())["steps"]) == 2
    assert not list(tmp_path.glob(".*")), "no checkpoint and nothing half-written is left"
    samples, _, validation, passages = load_run_data(load_config(small))
    results = train_run(load_config(small), out)
    assert "already" in capsys.readouterr().out
    assert recall(Retriever.load(out), validation, passages) == pytest.approx(results["trained"])
    small.write_text(small.read_text().replace("epochs: 2", "epochs: 1"))
    with pytest.raises(RetrieverError, match="another run"):
        train_run(load_config(small), out)


def test_files_whose_made_up_ids_clash_are_told_apart(small):
    samples, held_out, validation, passages = load_run_data(load_config(small))
    assert held_out == [] and len({p["id"] for p in passages}) == len(passages)
    by_id = {p["id"]: p for p in passages}
    assert all(by_id[s["gold_context"]["id"]]["text"] == s["gold_context"]["text"] for s in samples + validation)


def test_a_gold_passage_that_is_not_there_is_named(small, toy_nq, tmp_path):
    (tmp_path / "passages.json").write_text(json.dumps(toy_nq[2][:1]))
    small.write_text("data: {train: train.json, validation: val.json, passages: passages.json}")
    with pytest.raises(DataError, match="gold passage .* of sample .*passages.json"):
        load_run_data(load_config(small))


def test_the_command_ends_with_the_message(small, tmp_path, capsys):
    for text, words in (
        ("shedule: {}", "did you mean 'schedule'"),
        ("data: {missing_negative: drop, train: train.json}", "no sample is left"),
    ):
        small.write_text(text)
        with pytest.raises(SystemExit) as e:
            main(["train", str(small), "--out", str(tmp_path / "model")])
        assert words in str(e.value) and not (tmp_path / "model").exists()
    with pytest.raises(ConfigError):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(SystemExit, match="left alone"):
        main(["train", "toy", "--out", str(tmp_path / "mine")])
