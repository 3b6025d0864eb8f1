"""`dpr-course retrieve | read-train | read | distill`: one round with a tiny reader, and the messages for a user's mistakes."""

import argparse
import json

import pytest
import torch
from tiny_reader import STEPS, texts, train_reader

from dpr_course.cli import main
from dpr_course.pipeline.retriever import Retriever
from dpr_course.reader.command import _words, add_reader
from dpr_course.reader.fid_files import load_fid
from dpr_course.reader.model import load_reader
from dpr_course.reader.samples import with_passages


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
    before, after = (load_reader(path)[1].state_dict() for path in (folder / "t5", tmp_path / "reader"))
    assert not all(torch.equal(before[name], after[name]) for name in before)
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


def test_questions_may_have_unequal_numbers_of_passages(files, tmp_path, capsys):
    folder = files[0]
    samples = json.loads((folder / "bm25.json").read_text())
    for i, s in enumerate(samples):
        s["ctxs"] = s["ctxs"][: 1 + i % 4]
        del s["answers"], s["target"]
    (tmp_path / "ragged.json").write_text(json.dumps(samples))
    main(["read", str(folder / "t5"), str(tmp_path / "ragged.json"), "--n-context", "3", "--write-scores",
          str(tmp_path / "scored.json"), "--out", str(tmp_path / "a.tsv"), "--free", "--batch-size", "4"])  # fmt: skip
    assert "have no answers" in capsys.readouterr().out
    assert [len(s["ctxs"]) for s in load_fid(tmp_path / "scored.json")] == [min(3, 1 + i % 4) for i in range(10)]
    with pytest.raises(SystemExit, match="ragged.json: record 0: has neither"):
        main(["read-train", str(tmp_path / "ragged.json"), "--out", str(tmp_path / "r")])
    with pytest.raises(SystemExit, match="scored.json: record 0: field 'ctxs' holds 1 passages, 2 are"):
        main(["distill", str(tmp_path / "scored.json"), "--n-context", "2", "--out", str(tmp_path / "r")])
    with pytest.raises(SystemExit, match="this is a folder"):
        main(["retrieve", "bm25", "--out", str(tmp_path)])


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
