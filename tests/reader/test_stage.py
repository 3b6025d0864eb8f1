"""Stage 09 runs with a user's own reader, here a small random T5 with a tokenizer like SentencePiece's, saved by save_pretrained."""

import sys
import types

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from autograder.stages.source import previous_source, read_stage
from dpr_course.reader.measure import band, ceiling, save_reader
from dpr_course.reader.samples import BLANK, target_of, with_passages
from dpr_course.worked_example import PASSAGES, QUESTIONS, toy_samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a T5 as users save their own.

    The tokenizer is a unigram model with "▁" before words. As in the published T5, the model has more rows in its embedding table
    than the tokenizer has pieces.
    """
    unigram = Tokenizer(models.Unigram())
    unigram.normalizer = normalizers.NFKC()
    unigram.pre_tokenizer, unigram.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>")
    unigram.train_from_iterator([*QUESTIONS, *(f"question: title: {p['title']} context: {p['text']}" for p in PASSAGES)], trainer)
    unigram.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=unigram, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(tokenizer) + 28, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2, decoder_start_token_id=0
    )
    place = tmp_path_factory.mktemp("t5")
    T5ForConditionalGeneration(config).save_pretrained(place)
    tokenizer.save_pretrained(place)
    return place


def cells(*words):
    """Yield the text of each code cell of the stage that is no check. Slow cells are left out unless they contain one of `words`."""
    for c in read_stage("09_reader").cells:
        if c.kind == "code" and "check" not in c.metadata and (not c.metadata.get("slow") or any(w in c.source for w in words)):
            yield c.source


def test_the_stage_runs_with_a_local_t5(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("DPR_READER", str(folder))
    monkeypatch.setenv("DPR_PICTURES", str(tmp_path))
    previous = types.ModuleType("previous")
    exec(previous_source("09_reader"), previous.__dict__)
    monkeypatch.setitem(sys.modules, "previous", previous)
    toy = [{**s, "ctxs": [*PASSAGES[i:], *PASSAGES[:i]]} for i, s in enumerate(toy_samples())]
    space = {"__name__": "stage", "asked": toy, "fit_samples": toy * 2}
    for source in cells("def read(", "def looked_at("):
        exec(compile(source, "09_reader", "exec"), space)
    assert space["model"].config.vocab_size == space["tokenizer"].vocab_size + 28

    from dpr_course.train import train

    history = train(
        space["model"], toy * 4, lambda s: space["reader_batch"](space["tokenizer"], s, 3), space["answer_loss"],
        epochs=6, batch_size=3, learning_rate=1e-2,
    )  # fmt: skip
    assert history.steps[-1]["loss"] < history.steps[0]["loss"]
    answers = space["read"](toy, (1, 4), batch_size=2)
    assert {n: len(a) for n, a in answers.items()} == {1: 3, 4: 3}
    for i, s in enumerate(toy):  # the answer is copied from the passages that were read
        assert answers[1][i].lower() in f"{s['ctxs'][0]['title']}\n{s['ctxs'][0]['text']}".lower()
    assert len(space["read"](toy, [2], copied=False)[2]) == 3
    shares = space["looked_at"](toy[0], "Io", 4)
    assert shares.shape == (4,) and shares.sum() == pytest.approx(1, abs=1e-4)
    assert list(tmp_path.glob("09_who_sees_whom.png"))


def test_samples_get_passages_and_a_target_as_the_passage_writes_it():
    found = with_passages(toy_samples(), PASSAGES, k=2)
    assert [s["ctxs"][0]["id"] for s in found] == ["toy-3", "toy-1", "toy-2"] and all(len(s["ctxs"]) == 2 for s in found)
    assert [s["target"] for s in found] == ["Io", "William Shakespeare", "Canberra"]
    gold = {"title": "", "text": "In CANBERRA it is."}
    assert target_of({"answers": ["Sydney", "Canberra"], "gold_context": gold}) == "CANBERRA"
    assert target_of({"answers": ["Sydney"], "gold_context": gold}) == "Sydney"
    assert len(with_passages(toy_samples(), PASSAGES, k=9)[0]["ctxs"]) == len(PASSAGES)
    assert BLANK["text"] == BLANK["title"] == ""


def test_band_and_ceiling(tmp_path, monkeypatch):
    share, low, high = band([True] * 30 + [False] * 70)
    assert (share, round(low, 1), round(high, 1)) == (30.0, 21.9, 39.6)  # Wilson's interval, as in textbooks
    assert band([False] * 50)[1] == pytest.approx(0, abs=1e-9) and band([True] * 50)[2] == pytest.approx(100)
    samples = [{**s, "ctxs": [PASSAGES[3], PASSAGES[i]]} for i, s in enumerate(toy_samples())]
    assert [ceiling(samples, n) for n in (0, 1, 2)] == [0, 0, 100]
    monkeypatch.setenv("DPR_REPORT", str(tmp_path))
    save_reader({0: (1.0, 0.0, 2.0), 20: (25.04, 20.0, 30.0)}, (34.0, 30.0, 38.0), 200)
    import json

    assert json.loads((tmp_path / "reader.json").read_text()) == {
        "em": {"0": 1.0, "20": 25.0}, "em_gold": 34.0, "questions": 200,
        "intervals": {"0": [0.0, 2.0], "20": [20.0, 30.0], "gold": [30.0, 38.0]},
    }  # fmt: skip
