"""Questions, passages and a tiny reader for the tests of the reader's commands."""

import json

import pytest
from tiny_reader import save_tiny_reader, texts

from dpr_course.cli import main


@pytest.fixture(scope="session")
def files(tmp_path_factory, toy_nq):
    """Return (folder, samples, passages). The samples are ten questions; the passages are their gold passages and ten others.

    The folder has both as files, a tiny reader in t5/, and bm25.json with the first four passages by BM25 for each question.
    """
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
