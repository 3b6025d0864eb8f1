"""`retrieve | read-train | read | distill`: one round of the loop on a tiny reader, stopped and gone on with, in several processes."""

import argparse
import json

import pytest
import torch
from tiny_reader import save_tiny_reader

from dpr_course.cli import main
from dpr_course.encoders import load_encoder, load_tokenizer
from dpr_course.pipeline.checkpoint import Checkpoint
from dpr_course.pipeline.distributed import launch
from dpr_course.pipeline.retriever import Retriever
from dpr_course.reader.batch import reader_batch
from dpr_course.reader.command import _words, add_reader
from dpr_course.reader.fid_files import load_fid
from dpr_course.reader.fit import SplitLoss, answer_loss
from dpr_course.reader.model import load_reader
from dpr_course.reader.samples import with_passages

STEPS = ["--total-steps", "6", "--eval-every", "2", "--batch-size", "3"]


@pytest.fixture(scope="module")
def files(tmp_path_factory, toy_nq):
    """Ten questions, their gold passages and ten others, and a tiny reader."""
    folder = tmp_path_factory.mktemp("files")
    samples = toy_nq[1][:10]
    golds = list({s["gold_context"]["id"]: s["gold_context"] for s in samples}.values())
    passages = golds + [p for p in toy_nq[2] if p["id"] not in {g["id"] for g in golds}][:10]
    rows = ["id\ttext\ttitle", *(f'{p["id"]}\t"{p["text"].replace(chr(34), chr(34) * 2)}"\t{p["title"]}' for p in passages)]
    (folder / "passages.tsv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "questions.json").write_text(json.dumps(samples), encoding="utf-8")
    save_tiny_reader(folder / "t5", passages)
    main(["retrieve", "bm25", *texts(folder), "--k", "4", "--out", str(folder / "bm25.json")])
    return folder, samples, passages


def texts(folder, questions="questions.json"):
    return ["--questions", str(folder / questions), "--passages", str(folder / "passages.tsv")]


def train_reader(folder, out, *more, options=STEPS):
    main(["read-train", str(folder / "bm25.json"), "--reader", str(folder / "t5"), "--n-context", "2", "--text-maxlength", "40",
          "--out", str(out), *options, *more])  # fmt: skip


def weights(folder):
    return load_reader(folder)[1].state_dict()


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


def test_retrieve_writes_what_the_notebook_reads(files):
    folder, samples, passages = files
    found = load_fid(folder / "bm25.json")
    for s, expected in zip(found, with_passages(samples, passages, 4), strict=True):
        assert (s["id"], s["target"], s["answers"]) == (expected["id"], expected["target"], expected["answers"])
        assert [p["id"] for p in s["ctxs"]] == [p["id"] for p in expected["ctxs"]]
        assert "gold_context" not in s and all(isinstance(p["hasanswer"], bool) for p in s["ctxs"])
    assert isinstance(json.loads((folder / "bm25.json").read_text())[0]["ctxs"][0]["score"], str), "as in published files"


def test_the_walk(files, tmp_path, capsys):
    folder, samples, _ = files
    train_reader(folder, tmp_path / "reader", "--eval-data", str(folder / "bm25.json"), "--use-checkpoint", "--accumulation", "2")
    told = capsys.readouterr().out
    assert told.count("exact match") == 3 and "weights of step" in told
    assert not same(weights(tmp_path / "reader"), weights(folder / "t5"))
    assert json.loads((tmp_path / "reader" / "config.json").read_text()).get("use_cache", True)

    main(["read", str(tmp_path / "reader"), str(folder / "bm25.json"), "--n-context", "3", "--out", str(tmp_path / "answers.tsv"),
          "--write-scores", str(tmp_path / "scored.jsonl")])  # fmt: skip
    assert "those of 10 questions beyond them are left out" in (told := capsys.readouterr().out) and "exact match" in told
    lines = [line.split("\t") for line in (tmp_path / "answers.tsv").read_text().splitlines()]
    assert [key for key, _ in lines] == [s["id"] for s in samples]
    scored = load_fid(tmp_path / "scored.jsonl")
    for s, (_, answer), before in zip(scored, lines, load_fid(folder / "bm25.json")):
        read = " ".join(f"{p['title']} {p['text']}" for p in s["ctxs"])
        assert answer in " ".join(read.split()), "only words of the passages that were read"
        assert {p["id"] for p in s["ctxs"]} == {p["id"] for p in before["ctxs"][:3]}
        scores = [p["score"] for p in s["ctxs"]]
        assert scores == sorted(scores, reverse=True) and len(set(scores)) == 3
        assert {**s, "ctxs": []} == {**before, "ctxs": []}

    main(["distill", str(tmp_path / "scored.jsonl"), "--out", str(tmp_path / "pupil"), "--max-length", "24", *STEPS])
    assert "6 steps" in capsys.readouterr().out
    assert Retriever.load(tmp_path / "pupil").fingerprint() != Retriever.from_pretrained("toy", max_length=24).fingerprint()
    main(["encode", str(tmp_path / "pupil"), *texts(folder), "--out", str(tmp_path / "vectors")])
    main(["retrieve", str(tmp_path / "pupil"), *texts(tmp_path, "scored.jsonl")[:2], *texts(folder)[2:], "--k", "5",
          "--out", str(tmp_path / "again.json")])  # fmt: skip
    again = load_fid(tmp_path / "again.json")
    assert [s["target"] for s in again] == [s["target"] for s in scored] and {len(s["ctxs"]) for s in again} == {5}
    assert "by answer" in capsys.readouterr().out
    assert not list(tmp_path.rglob(".*")), "nothing half-written is left"


def test_any_trec_run_gives_the_passages(files, tmp_path, capsys):
    folder, samples, passages = files
    run = "".join(f"{s['id']} Q0 {passages[i]['id']} 1 {i}.5 x\n" for s in samples for i in (2, 11))
    (tmp_path / "run.trec").write_text(run)
    main(["retrieve", str(tmp_path / "run.trec"), *texts(folder), "--k", "1", "--out", str(tmp_path / "out.json")])
    assert [[p["id"] for p in s["ctxs"]] for s in load_fid(tmp_path / "out.json")] == [[passages[11]["id"]]] * 10
    (tmp_path / "run.trec").write_text(run + f"{samples[0]['id']} Q0 unknown 1 99 x\n")
    with pytest.raises(SystemExit, match="run.trec: question .* has passage 'unknown', which is not among the"):
        main(["retrieve", str(tmp_path / "run.trec"), *texts(folder), "--out", str(tmp_path / "other.json")])
    assert not (tmp_path / "other.json").exists()


class Interrupted(Checkpoint):
    """A checkpoint after whose second state the run is stopped, as by Ctrl-C."""

    def save(self, parts, done):
        super().save(parts, done)
        if len(done.history.steps) == 4:
            raise KeyboardInterrupt


@pytest.mark.parametrize("command", ["read-train", "distill"])
def test_a_stopped_run_goes_on_and_ends_as_if_never_stopped(files, tmp_path, command, monkeypatch, capsys):
    folder = files[0]
    data = [command, str(folder / "bm25.json"), *STEPS]
    data += ["--reader", save_tiny_reader(tmp_path / "t5", files[2], dropout=0.3)] if command == "read-train" else ["--in-batch"]
    main([*data, "--out", str(tmp_path / "whole")])
    with monkeypatch.context() as m:
        m.setattr("dpr_course.reader.lessons.Checkpoint", Interrupted)
        with pytest.raises(SystemExit, match="stopped"):
            main([*data, "--out", str(tmp_path / "parts")])
    assert not (tmp_path / "parts").exists() and len(list(tmp_path.glob(".parts.*.checkpoint"))) == 1
    main([*data, "--out", str(tmp_path / "parts")])
    assert "going on from the last checkpoint" in capsys.readouterr().out
    assert not list(tmp_path.glob(".parts.*.checkpoint"))
    if command == "distill":
        assert Retriever.load(tmp_path / "parts").fingerprint() == Retriever.load(tmp_path / "whole").fingerprint()
    else:
        assert same(weights(tmp_path / "parts"), weights(tmp_path / "whole"))
    main([*data, "--out", str(tmp_path / "parts")])
    assert "this very run already" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="something else here"):
        main([*data, "--lr", "0.01", "--out", str(tmp_path / "parts")])


def test_parts_of_a_step_give_the_gradient_of_the_whole(files):
    """Of answers of unequal length: a mean of the parts' means would be another gradient."""
    folder, _, _ = files
    tokenizer, model = load_reader(folder / "t5")
    batch = reader_batch(tokenizer, load_fid(folder / "bm25.json")[:5], 3, text_maxlength=50)
    assert len({int(n) for n in (batch[2] != -100).sum(1)}) > 1
    found = []
    for at_once in (5, 2, 1):
        model.zero_grad()
        loss, right = SplitLoss(answer_loss, at_once).backward(model, batch)
        found.append((loss.item(), int(right), torch.cat([p.grad.flatten() for p in model.parameters()])))
    for loss, right, g in found[1:]:
        assert loss == pytest.approx(found[0][0], rel=1e-5) and right == found[0][1]
        assert (g - found[0][2]).norm() < 1e-5 * g.norm()


def test_two_processes_do_the_work_of_one(files, tmp_path, root, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(root))
    folder, commands, encoder = files[0], {}, without_dropout(tmp_path / "encoder")
    for name in ("one", "two"):
        out = tmp_path / name
        commands[name] = [
            ["read-train", str(folder / "bm25.json"), "--reader", str(folder / "t5"), *STEPS, "--out", f"{out}-reader"],
            ["read", str(folder / "t5"), str(folder / "bm25.json"), "--write-scores", f"{out}-scores.json", "--out", f"{out}.tsv"],
            ["distill", str(folder / "bm25.json"), "--retriever", encoder, *STEPS, "--max-length", "24", "--out", f"{out}-pupil"],
        ]
    for line in commands["one"]:
        main(line)
    (tmp_path / "lines.json").write_text(json.dumps(commands["two"]))
    assert launch(2, root / "tests" / "reader_ranks.py", tmp_path / "lines.json") == 0
    for part in ("reader", "pupil"):
        one, two = (json.loads((tmp_path / f"{name}-{part}" / "history.json").read_text())["steps"] for name in ("one", "two"))
        assert [s["loss"] for s in two] == pytest.approx([s["loss"] for s in one], rel=1e-3)
        assert [s["accuracy"] for s in two] == [s["accuracy"] for s in one]
    assert (tmp_path / "two.tsv").read_text() == (tmp_path / "one.tsv").read_text()
    one, two = (load_fid(tmp_path / f"{name}-scores.json") for name in ("one", "two"))
    for a, b in zip(one, two, strict=True):
        assert [p["score"] for p in b["ctxs"]] == pytest.approx([p["score"] for p in a["ctxs"]], abs=1e-5)


def without_dropout(folder):
    """Save the toy encoder without dropout, whose masks differ between ranks. Returns the folder as text."""
    encoder = load_encoder("toy")
    encoder.config.dropout = encoder.config.attention_dropout = 0.0
    encoder.save_pretrained(folder)
    load_tokenizer("toy").save_pretrained(folder)
    return str(folder)


def test_a_rank_is_started_with_the_options_that_were_given(monkeypatch):
    started = []
    monkeypatch.setattr("dpr_course.pipeline.distributed.launch", lambda nproc, *words: started.append((nproc, words)))
    with pytest.raises(SystemExit):
        main(["read-train", "d.json", "--nproc", "2", "--use-checkpoint", "--lr", "1e-4", "--device", "cpu"])
    [(nproc, words)] = started
    assert nproc == 2 and words[:4] == ("-m", "dpr_course.cli", "read-train", "d.json")
    parser = argparse.ArgumentParser()
    add_reader(parser.add_subparsers(dest="command"))
    again = parser.parse_args(list(map(str, words[2:])))
    assert again.use_checkpoint and again.lr == 1e-4 and again.nproc == 1 and again.total_steps is None
    assert list(map(str, _words(again))) == list(map(str, words[2:]))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--n-context", "0"], "--n-context is 0: it must be at least 1"),
        (["--lr", "nan"], "--lr is nan: it must be a number above 0"),
        (["--nproc", "9"], "--nproc is 9: it must be at most 4"),
        (["--device", "abacus"], "'abacus'"),
        (["--device", "cuda:77"], "the device 'cuda:77' cannot be used here"),
        (["--reader", "nowhere"], "cannot load reader 'nowhere'"),
        (["--eval-data", "gone.json"], "gone.json: no such file"),
        (["--lr", "1e9", "--total-steps", "30", "--warmup-steps", "0"], "the loss is"),
    ],
)
def test_mistakes_end_with_one_message(files, tmp_path, monkeypatch, options, told):
    monkeypatch.setenv("DPR_DEVICE", "cpu")
    out = ["--out", str(tmp_path / "reader")]
    with pytest.raises(SystemExit) as e:
        train_reader(files[0], tmp_path / "reader", *out, *options, options=())
    assert str(e.value).startswith("dpr-course read-train: ") and told in str(e.value)
    assert not (tmp_path / "reader").exists()
