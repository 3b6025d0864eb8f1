"""Files of passages and questions in their published formats: all forms are read, and a broken line is reported by number."""

import csv
import json

import pytest

from dpr_course.data import DataError
from dpr_course.pipeline.corpora import load_corpus, load_questions


def test_published_corpora(tmp_path):
    passages = [{"id": "1", "title": "A", "text": 'He said "no".'}, {"id": "2", "title": 'The "B"', "text": "Tab-free text"}]
    with open(tmp_path / "psgs.tsv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([["id", "text", "title"], *([p["id"], p["text"], p["title"]] for p in passages)])
    lines = [json.dumps({"docid": int(p["id"]), "title": p["title"], "text": p["text"]}) for p in passages]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines))
    (tmp_path / "course.json").write_text(json.dumps(passages))
    for name in ("psgs.tsv", "corpus.jsonl", "course.json"):
        assert load_corpus(tmp_path / name) == passages
    assert len(load_corpus("toy")) == 1500


def test_published_questions(tmp_path):
    ctx = {"title": "A", "text": "a", "docid": "9", "passage_id": "9"}
    files = {
        "dpr.tsv": "who wrote it\t['Obi-Wan\\'s', \"x\"]\n",
        "tevatron.jsonl": json.dumps(
            {"query_id": 7, "query": "who wrote it", "answers": ["Obi-Wan's", "x"], "positive_passages": [ctx]}
        ),
        "dpr.json": json.dumps([{"question": "who wrote it", "answers": ["Obi-Wan's", "x"], "positive_ctxs": [ctx]}]),
        "course.json": json.dumps(
            [{"id": 3, "question": "who wrote it", "answers": ["Obi-Wan's", "x"], "gold_context": ctx | {"id": "9"}}]
        ),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        (sample,) = load_questions(tmp_path / name)
        assert (sample["question"], sample["answers"]) == ("who wrote it", ["Obi-Wan's", "x"])
        assert sample.get("gold_context", {}).get("id") == (None if name == "dpr.tsv" else "9")
    assert len(load_questions("toy")) == 1000


@pytest.mark.parametrize(
    "load, name, content, words",
    [
        (load_corpus, "p.tsv", "id\ttitle\ttext\n1\ta\tb\n", ["line 1", "header"]),
        (load_corpus, "p.tsv", "id\ttext\ttitle\n1\ta\n", ["line 2", "2 tab-separated columns"]),
        (load_corpus, "p.tsv", 'id\ttext\ttitle\n1\t"a\tb\n', ["line 2"]),
        (load_corpus, "p.tsv", "id\ttext\ttitle\n1\ta\tb\n1\tc\td\n", ["record 1", "'1'", "record 0"]),
        (load_corpus, "p.tsv", "id\ttext\ttitle\n1\t \tb\n", ["line 2", "'text'", "empty"]),
        (load_corpus, "p.tsv", "id\ttext\ttitle\n", ["no passages"]),
        (load_corpus, "p.tsv", "\ufeffid\ttext\ttitle\na b\tx\ty\n", ["record 0", "'a b'", "blank"]),
        (load_questions, "q.json", "[]", ["no questions"]),
        (load_questions, "q.tsv", "", ["no questions"]),
        (load_corpus, "p.tsv", "", ["no passages"]),
        (load_corpus, "p.jsonl", '{"docid": "1", "text": "a"}\n{"docid": "2"}', ["record 1", "'text'", "missing"]),
        (load_corpus, "p.jsonl", '{"docid": "1", "text": "a"}\n{"docid": null, "text": "a"}', ["record 1", "no id"]),
        (load_corpus, "p.jsonl", '{"docid": "1", "text": "a"}\n7', ["record 1"]),
        (load_questions, "q.tsv", "who\t['a']\nwho\n", ["line 2", "1 tab-separated"]),
        (load_questions, "q.tsv", "who\t__import__('os').system('x')\n", ["line 1", "column 2"]),
        (load_questions, "q.tsv", "who\t['a', 1]\n", ["line 1", "'answers[1]'", "int"]),
        (load_questions, "q.tsv", "who\t'a'\n", ["line 1", "'answers'", "list"]),
        (load_questions, "q.tsv", " \t['a']\n", ["line 1", "'question'", "empty"]),
        (load_questions, "q.jsonl", '{"query_id": "1"}', ["record 0", "'query'", "missing"]),
        (load_corpus, "p.tsv", "1\ta\n2\tb\tc\n", ["line 2", "3 tab-separated"]),
        (load_corpus, "p.tsv", 'id\ttext\ttitle\n1\t"a\tb\n2\tc"\td\n', ["line 2", "quotation marks"]),
        (load_questions, "q.tsv", '"one\ntwo"\t[]\n', ["line 1", "1 tab-separated"]),
        (load_questions, "q.jsonl", '{"query_id": "1", "query": "a"}\n{"query_id": "1", "query": "b"}', ["record 1", "'1'"]),
        (load_questions, "q.jsonl", '{"query_id": "1", "query": "a", "answers": "b"}', ["record 0", "'answers'", "list"]),
        (
            load_questions,
            "q.jsonl",
            '{"query_id": "1", "query": "a", "positive_passages": [{"docid": "1"}]}',
            ["positive_passages[0]", "'text'"],
        ),
        (load_questions, "q.tsv", None, ["no such file"]),
    ],
)
def test_a_broken_corpus_or_question_is_named(tmp_path, load, name, content, words):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as e:
        load(tmp_path / name)
    for word in [name, *words]:
        assert word in str(e.value)
