"""`dpr-course encode | search | reduce | evaluate` give the results of the notebooks, and report what is wrong in a file."""

import errno
import json
import pickle
import shutil

import numpy as np
import pytest

from dpr_course.cli import main
from dpr_course.pipeline.retriever import Retriever
from dpr_course.pipeline.trec import read_run
from dpr_course.pipeline.vectors import Vectors, save_vectors


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("walk") / "model"
    Retriever.from_pretrained("toy").eval().save(folder)
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory, toy_nq):
    """Return (folder, samples, passages): 25 questions and 30 passages of the toy, and the folder with their files."""
    folder = tmp_path_factory.mktemp("small")
    samples = toy_nq[1][:25]
    passages = list({s["gold_context"]["id"]: s["gold_context"] for s in samples}.values())
    passages += [p for p in toy_nq[2] if p["id"] not in {q["id"] for q in passages}][: 30 - len(passages)]
    (folder / "passages.json").write_text(json.dumps(passages), encoding="utf-8")
    (folder / "questions.json").write_text(json.dumps(samples), encoding="utf-8")
    return folder, samples, passages


def walk(folder, model, files, *shards, k=100):
    """Run encode, search, reduce and evaluate in `folder`. Returns the path of the run, run.trec.

    files: the folder with questions.json and passages.json. shards: options such as "--shards", "4". k: passages for each
    question.
    """
    passages, questions = ["--passages", str(files / "passages.json")], ["--questions", str(files / "questions.json")]
    main(["encode", str(model), *questions, *passages, *shards, "--out", str(folder / "v")])
    main(
        [
            "search",
            str(folder / "v/questions.npz"),
            *map(str, folder.glob("v/passages-*.npz")),
            "--k",
            str(k),
            "--out",
            str(folder / "h"),
        ]
    )
    main(["reduce", *map(str, folder.glob("h/*.npz")), "--out", str(folder / "run.trec")])
    main(["evaluate", str(folder / "run.trec"), *questions, *passages, "--json", str(folder / "numbers.json"),
          "--dpr", str(folder / "dpr.json"), "--qrels", str(folder / "qrels")])  # fmt: skip
    return folder / "run.trec"


@pytest.mark.parametrize("shards", [(), ("--shards", "4"), ("--shards", "33")])
def test_the_walk_gives_what_the_notebooks_give(tmp_path, model, small, reference, capsys, shards):
    files, samples, passages = small
    run = read_run(walk(tmp_path, model, files, *shards))
    retriever = Retriever.load(model)
    X, Y = retriever.encode_questions([s["question"] for s in samples]), retriever.encode_passages(passages)
    expected = reference["get_topk_candidates"](X, Y, samples, passages, 100)
    for s, c in zip(samples, expected):
        assert [doc for doc, _ in run[s["id"]]] == c["topk_ids"]
    accuracy = json.loads((tmp_path / "numbers.json").read_text())["accuracy"]
    for by in ("id", "title"):
        theirs = reference["topk_retrieval_accuracy"](expected, by=by)
        assert {int(k): v for k, v in accuracy[by].items()} == {k: theirs[k] for k in (1, 5, 10, 20, 100)}
    assert accuracy["answer"]["20"] >= accuracy["id"]["20"], "the gold passage holds the answer"
    assert "by answer" in capsys.readouterr().out
    assert not list(tmp_path.rglob(".*")), "nothing half-written is left"


def test_one_shard_at_a_time_and_going_on(tmp_path, model, small, capsys, monkeypatch):
    files, _, passages = small
    arguments = ["encode", str(model), "--passages", str(files / "passages.json"), "--out", str(tmp_path)]
    main([*arguments, "--shard", "1/3"])
    assert [p.name for p in tmp_path.iterdir()] == ["passages-1-of-3.npz"]
    first = (tmp_path / "passages-1-of-3.npz").stat().st_mtime_ns
    monkeypatch.setattr(Retriever, "encode_passages", encode := Stop(Retriever.encode_passages, after=1))
    with pytest.raises(SystemExit, match="stopped"):
        main([*arguments, "--shards", "3"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["passages-0-of-3.npz", "passages-1-of-3.npz"]
    encode.after = 99
    main([*arguments, "--shards", "3"])
    assert "exists already" in capsys.readouterr().out
    assert (tmp_path / "passages-1-of-3.npz").stat().st_mtime_ns == first and encode.calls == 2
    (tmp_path / "passages-0-of-3.npz").write_bytes(b"damaged")
    main([*arguments, "--shards", "3"])
    assert encode.calls == 3, "a damaged file is made again"
    main([*arguments, "--shards", "3", "--dtype", "float16"])
    assert encode.calls == 6, "and so is one that was made otherwise"


class Stop:
    """A replacement for the method `encode` that works `after` times, and then raises KeyboardInterrupt, as Ctrl-C does."""

    def __init__(self, encode, after):
        self.encode, self.after, self.calls = encode, after, 0

    def __get__(self, retriever, owner):
        def encode(*arguments):
            if self.calls == self.after:
                raise KeyboardInterrupt
            self.calls += 1
            return self.encode(retriever, *arguments)

        return encode


def test_search_reads_what_other_systems_publish(tmp_path, small, capsys):
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((2, 4)).astype(np.float32), rng.standard_normal((7, 4)).astype(np.float32)
    ids = [f"p{i}" for i in range(7)]
    (tmp_path / "queries.pkl").write_bytes(pickle.dumps((X, ["q0", "q1"])))
    (tmp_path / "corpus_0").write_bytes(pickle.dumps(list(zip(ids[:4], Y[:4]))))
    (tmp_path / "corpus_1").write_bytes(pickle.dumps((ids[4:], Y[4:])))
    files = [str(tmp_path / name) for name in ("queries.pkl", "corpus_0", "corpus_1")]
    main(["search", *files, "--k", "5", "--out", str(tmp_path / "h")])
    main(["reduce", *map(str, tmp_path.glob("h/*")), "--out", str(tmp_path / "run.trec")])
    run = read_run(tmp_path / "run.trec")
    assert [doc for doc, _ in run["q1"]] == [ids[i] for i in np.argsort(-(Y @ X[1]))[:5]]


@pytest.mark.parametrize("command", ["encode", "search", "reduce", "evaluate"])
def test_help_says_units_and_defaults(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    out = " ".join(capsys.readouterr().out.split())
    assert "default: " in out and out.startswith("usage: dpr-course " + command)


def test_mistakes_end_with_one_line(tmp_path, model, small, capsys):
    files = small[0]
    for arguments, words in [
        (["encode", str(tmp_path / "none")], "no such folder"),
        (["encode", str(model), "--shard", "4/4"], "counted from 0"),
        (["encode", str(model), "--shards", "0"], "at least 1"),
        (["encode", str(model), "--passages", str(tmp_path / "none.json")], "none.json: no such file"),
        (["search", str(tmp_path / "q.npz"), str(tmp_path / "p.npz")], "q.npz: no such file"),
        (["reduce", str(tmp_path / "h.npz")], "h.npz: no such file"),
        (["evaluate", str(tmp_path / "run.trec")], "run.trec: no such file"),
        (["evaluate", str(tmp_path / "run.trec"), "--topk", "0"], "at least 1"),
    ]:
        with pytest.raises(SystemExit) as e:
            main([*arguments, *(["--out", str(tmp_path / "x")] if arguments[0] != "evaluate" else [])])
        assert words in str(e.value) and "\n" not in str(e.value), arguments
    assert not list(tmp_path.iterdir())
    walk(tmp_path, model, files)
    with pytest.raises(SystemExit, match="must be given once"):
        main(["reduce", *[str(tmp_path / "h/hits-0-of-1.npz")] * 2, "--out", str(tmp_path / "r2")])
    other = tmp_path / "other"
    tied = Retriever.from_pretrained("toy", tied=True, max_length=50).eval()
    tied.save(other)
    main(["encode", str(other), "--questions", str(files / "questions.json"), "--out", str(tmp_path / "o")])
    with pytest.raises(SystemExit, match="same model"):
        main(["search", str(tmp_path / "o/questions.npz"), str(tmp_path / "v/passages-0-of-1.npz"), "--out", str(tmp_path / "h2")])
    assert not (tmp_path / "h2").exists() and not (tmp_path / "r2").exists()


def failing(*arguments):
    with pytest.raises(SystemExit) as e:
        main([str(a) for a in arguments])
    return str(e.value)


def test_a_strange_run_is_told_with_its_files_and_in_short(tmp_path, small):
    files = [f"--{name}={small[0] / name}.json" for name in ("questions", "passages")]
    for doc, query in (("x", small[1][0]["id"]), ("x", "9" * 5000)):
        (tmp_path / "run.trec").write_text(f"{query} Q0 {doc} 1 1.0 t\n")
        told = failing("evaluate", tmp_path / "run.trec", *files)
        assert "run.trec" in told and "questions.json" in told and len(told) < 1000 and "\n" not in told


def test_a_question_without_gold_is_told(tmp_path, small, capsys):
    folder, samples, passages = small
    asked = [{"query_id": i, "query": s["question"], "answers": s["answers"]} for i, s in enumerate(samples)]
    asked[0]["positive_passages"] = [{"docid": passages[0]["id"], "title": "", "text": "x"}]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, asked)))
    (tmp_path / "run.trec").write_text(f"3 Q0 {passages[0]['id']} 1 1.0 t\n")
    arguments = ["evaluate", tmp_path / "run.trec", f"--questions={tmp_path / 'q.jsonl'}", f"--passages={folder / 'passages.json'}"]
    main([str(a) for a in arguments])
    assert "24 questions have no gold passage: accuracy is counted by answer only" in capsys.readouterr().out
    assert "q.jsonl: 24 questions have no gold passage" in failing(*arguments, f"--qrels={tmp_path / 'qrels'}")


def test_one_shard_given_twice_overwrites_nothing(tmp_path):
    for name, rows in (("q", 2), ("a", 3), ("b", 3)):
        vectors = Vectors([f"{name}{i}" for i in range(rows)], np.ones((rows, 4), np.float32), "e")
        save_vectors(tmp_path / f"{name}.npz", vectors)
    q, a, b = (tmp_path / f"{name}.npz" for name in "qab")
    assert "are both shard 0/1: give each shard once" in failing("search", q, a, b, "--out", tmp_path / "h")


@pytest.mark.parametrize(
    "name, content",
    [
        ("tokenizer/tokenizer.json", "[null]"),
        ("tokenizer/tokenizer_config.json", "[1]"),
        ("query_encoder/config.json", "NaN"),
        ("query_encoder/config.json", None),
        ("passage_encoder/model.safetensors", "short"),
    ],
)
def test_a_damaged_model_is_named(tmp_path, model, name, content):
    shutil.copytree(model, tmp_path / "model")
    path = tmp_path / "model" / name
    if content is None:  # a wrong setting that has no effect until the encoder runs
        content = json.dumps(json.loads(path.read_text()) | {"n_heads": -1})
    path.write_text(content)
    assert str(tmp_path / "model") in failing("encode", tmp_path / "model", "--questions", "--out", tmp_path / "v")
    assert not (tmp_path / "v").exists()


def test_a_full_disc_is_told_with_the_file(tmp_path, monkeypatch):
    save_vectors(tmp_path / "q.npz", Vectors(["a"], np.ones((1, 4), np.float32)))

    def full(*arguments, **arrays):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    told = failing("search", tmp_path / "q.npz", tmp_path / "q.npz", "--out", tmp_path / "h")
    assert "hits-0-of-1.npz: No space left on device" in told and not list((tmp_path / "h").iterdir())
