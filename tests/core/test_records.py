"""Records in the formats of other systems: each is read completely, or the error says which part of it is not known."""

import gzip
import json

import pytest

from dpr_course.data import load_passages, load_samples
from dpr_course.pipeline.corpora import load_corpus, load_questions
from dpr_course.pipeline.trec import read_run
from dpr_course.records import DataError

TEXT = "The tide mill at Selmouth was built in 1801."
CORPUS = [{"id": "M-1", "title": "Mill", "text": TEXT}, {"id": "M-2", "title": "", "text": "A bridge."}]


def write(path, content):
    text = content if isinstance(content, str) else "\n".join(map(json.dumps, content))
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["id", "_id", "docid", "doc_id", "passage_id", "psg_id", "pid", "text_id"])
@pytest.mark.parametrize("file", ["c.jsonl", "c.jsonl.gz"])
def test_a_passage_keeps_the_id_it_has(tmp_path, name, file, capsys):
    records = [{name: p["id"], "title": p["title"], "text": p["text"], "metadata": {"url": "u"}} for p in CORPUS]
    found = load_corpus(write(tmp_path / file, records))
    assert [{k: p[k] for k in ("id", "title", "text")} for p in found] == CORPUS and found[0]["metadata"] == {"url": "u"}
    assert not capsys.readouterr().out


def test_contents_hold_the_title_in_the_first_line(tmp_path):
    records = [{"id": "1", "contents": f"Mill\n{TEXT}"}, {"id": 2, "contents": "no title here"}]
    assert load_corpus(write(tmp_path / "c.jsonl", records)) == [
        {"id": "1", "title": "Mill", "text": TEXT}, {"id": "2", "title": "", "text": "no title here"},
    ]  # fmt: skip


def test_tables(tmp_path):
    assert load_corpus(write(tmp_path / "collection.tsv", f'7\t{TEXT}\n8\tHe said "no\n')) == [
        {"id": "7", "title": "", "text": TEXT}, {"id": "8", "title": "", "text": 'He said "no'},
    ]  # fmt: skip
    packed = write(tmp_path / "psgs_w100.tsv.gz", 'id\ttext\ttitle\n1\t"a ""b"""\tT\n')
    assert load_corpus(packed) == [{"id": "1", "title": "T", "text": 'a "b"'}]
    (question,) = load_questions(write(tmp_path / "queries.dev.tsv", "1048\twho built the mill\n"))
    assert question == {"id": "1048", "question": "who built the mill", "answers": []}


@pytest.mark.parametrize(
    "record, key, answers",
    [
        ({"query_id": "5", "query_text": "who", "query_image": None, "answer": "Ada"}, "5", ["Ada"]),
        ({"id": "5", "question": "who", "target": "Ada", "answers": ["Ada", "A."], "ctxs": []}, "5", ["Ada", "A."]),
        ({"id": "5", "question": "who", "target": "Ada", "ctxs": []}, "5", ["Ada"]),
        ({"question": "who", "answers": ["Ada"], "ctxs": [{"id": "1", "title": "t", "text": "x"}]}, "q00000", ["Ada"]),
        ({"question": "who", "answer": ["Ada", "A."]}, "q00000", ["Ada", "A."]),
        (
            {"_id": "5", "question": "who", "answer": "Ada", "supporting_facts": [["T", 0]], "context": [], "type": "x"},
            "5",
            ["Ada"],
        ),
        (
            {"id": "5", "input": "who", "output": [{"answer": "Ada"}, {"provenance": []}, {"answer": "Ada"}], "meta": {}},
            "5",
            ["Ada"],
        ),
        ({"_id": "5", "text": "who", "metadata": {}}, "5", []),
        ({"text_id": 5, "text": "who"}, "5", []),
        ({"query_id": "5", "query": "who"}, "5", []),
    ],
)
def test_questions_of_other_systems(tmp_path, record, key, answers, capsys):
    (sample,) = load_questions(write(tmp_path / "q.jsonl", [record]))
    assert sample == {"id": key, "question": "who", "answers": answers}
    assert ("they are numbered" in capsys.readouterr().out) == (key == "q00000")


def test_questions_of_ms_marco_may_hold_brackets_and_answers_are_no_questions(tmp_path):
    lines = '7\twho built [the] mill [1]\n8\t[sic] who\n1999\twhat "was\n'
    found = load_questions(write(tmp_path / "queries.tsv", lines))
    assert [(s["id"], s["question"]) for s in found] == [
        ("7", "who built [the] mill [1]"), ("8", "[sic] who"), ("1999", 'what "was'),
    ]  # fmt: skip
    for line in ("1984\t['Orwell']\n", "1984\t\"['Orwell']\"\n"):
        (sample,) = load_questions(write(tmp_path / "qas.csv", line))
        assert (sample["question"], sample["answers"]) == ("1984", ["Orwell"])


def test_a_passage_may_be_a_title_alone(tmp_path):
    assert load_corpus(write(tmp_path / "c.jsonl", [{"_id": "7", "title": "Mill", "text": "", "metadata": {}}]))[0]["text"] == ""


def test_golds_given_by_id_alone_come_from_the_passages(tmp_path):
    path = write(tmp_path / "t.jsonl", [{"query_id": "5", "query_text": "who", "positive_document_ids": ["M-2", "M-1"]}])
    assert load_questions(path, CORPUS)[0]["gold_context"] == CORPUS[1]
    assert "gold_context" not in load_questions(path)[0]
    with pytest.raises(DataError, match="record 0.*'M-2' is not among the 1 passages"):
        load_questions(path, CORPUS[:1])


def test_a_question_without_a_positive_stays_a_question(tmp_path):
    records = [{"question": q, "answers": ["x"], "positive_ctxs": golds} for q, golds in (("a", []), ("b", CORPUS))]
    assert ["gold_context" in s for s in load_questions(write(tmp_path / "d.jsonl", records))] == [False, True]


@pytest.mark.parametrize(
    "name",
    [
        "document_id",
        "wiki-id",
        "ID",
        "docId",
        "docID",
        "uuid",
        "DOCNO",
        "page_number",
        "identifier",
        "pageid",
        "PMID",
        "queryid",
        "idx",
        "passage_idx",
        "index",
        "key",
        "number",
    ],
)
def test_an_id_under_a_name_that_is_not_known_is_never_dropped(tmp_path, name):
    path = write(tmp_path / "c.jsonl", [{name: "7", "title": "t", "text": "x"}])
    with pytest.raises(DataError, match=f"c.jsonl: record 0: field '{name}' looks like the id.*the known names are id, _id, docid"):
        load_corpus(path)
    write(path, [{name: "7", "question": "t", "answers": ["x"]}])
    with pytest.raises(DataError, match=f"'{name}' looks like the id.*query_id"):
        load_questions(path)
    write(path, [{name: "7", "id": "8", "title": "t", "text": "x"}])
    assert load_corpus(path)[0]["id"] == "8", "beside an id that is known it is but another field"


@pytest.mark.parametrize("name", ["valid", "paid", "grid", "identity", "score", "url", "section", "domain"])
def test_other_fields_do_no_harm(tmp_path, name, capsys):
    (passage,) = load_corpus(write(tmp_path / "c.jsonl", [{name: "7", "title": "t", "text": "x"}]))
    assert passage == {"id": "p00000", "title": "t", "text": "x", name: "7"}
    assert "c.jsonl: the passages have no ids, so they are numbered p00000" in capsys.readouterr().out


@pytest.mark.parametrize(
    "load, record, words",
    [
        (load_corpus, {"id": "1", "wikipedia_title": "t", "text": "x"}, ["'wikipedia_title'", "title"]),
        (load_corpus, {"id": "1", "heading": "t", "text": "x"}, ["'heading'", "title"]),
        (load_corpus, {"id": "1", "body": "x"}, ["'text' is missing", "'body'"]),
        (load_corpus, {"id": "1", "_id": "2", "text": "x"}, ["ids differ", "'id' is '1'", "'_id' is '2'"]),
        (load_questions, {"id": "1", "question": "a", "short_answers": ["x"]}, ["'short_answers'", "answers"]),
        (load_questions, {"id": "1", "question": "a", "positives": ["x"]}, ["'positives'", "gold passage", "positive_ctxs"]),
        (load_questions, {"id": "1", "question": "a", "pos": ["x"]}, ["'pos'", "gold passage"]),
        (load_questions, {"id": "1", "utterance": "a"}, ["'question' is missing", "'utterance'"]),
        (load_questions, {"id": "1", "title": "a", "text": "x"}, ["'question' is missing", "'title'"]),
        (load_questions, {"id": "1", "input": "a", "output": [{"answer": 3}]}, ["'output[0]'", "int"]),
        (load_samples, {"query": "a", "answers": ["x"], "positive_passages": [CORPUS[0]]}, ["'positive_passages'", "gold_context"]),
        (load_samples, {"question": "a", "answers": ["x"]}, ["'gold_context' is missing"]),
        (load_samples, {"question": "a", "answers": ["x"], "positive_ctxs": [CORPUS[0]]}, ["'positive_ctxs'", "format: dpr"]),
        (load_questions, {"id": "1", "question": "a", "ground_truth": "x"}, ["'ground_truth'", "answers"]),
        (load_questions, {"id": "1", "question": "a", "oracle_ctxs": ["x"]}, ["'oracle_ctxs'", "gold passage"]),
        (load_corpus, {"id": "1", "title": "", "text": ""}, ["'text' is empty"]),
    ],
)
def test_what_is_not_known_is_told(tmp_path, load, record, words):
    with pytest.raises(DataError) as e:
        load(write(tmp_path / "r.jsonl", [record]))
    for word in ["r.jsonl: record 0", *words]:
        assert word in str(e.value)


def test_ids_are_made_up_for_all_or_for_none(tmp_path):
    path = tmp_path / "r.jsonl"
    for load, record in (
        (load_corpus, {"text": "x"}),
        (load_questions, {"question": "a", "answers": ["x"]}),
        (load_samples, {"question": "a", "answers": ["x"], "gold_context": {"title": "t", "text": "x"}}),
    ):
        write(path, [record | {"id": "5"}, record])
        with pytest.raises(DataError, match="record 1: has no id, but record 0 has one"):
            load(path)
    assert len(load_passages(write(path, [{"text": "x"}, {"text": "y"}]))) == 2


@pytest.mark.parametrize(
    "line, question, answers",
    [
        ("\"the mill was built when\t['1801']", '"the mill was built when', ["1801"]),
        ("who said \"water\" first\t['Ada']", 'who said "water" first', ["Ada"]),
        ("\"Ada\" is who\t['a miller']", '"Ada" is who', ["a miller"]),
        ('"who ""she"" was"\t"[\'a ""miller""\']"', 'who "she" was', ['a "miller"']),
        ("an inch is 2.54 cm\"\t['\"']", 'an inch is 2.54 cm"', ['"']),
        ("\"half\t['\"']", '"half', ['"']),
    ],
)
def test_no_quotation_mark_makes_one_question_of_two(tmp_path, line, question, answers):
    path = write(tmp_path / "qa.csv", f"first\t['x']\n{line}\r\nlast\t['y']\n")
    assert [(s["question"], s["answers"]) for s in load_questions(path)] == [("first", ["x"]), (question, answers), ("last", ["y"])]


def test_runs_in_other_forms(tmp_path):
    expected = {"7": [("b", 2.5), ("a", 1.0)], "9": [("a", 3.0)]}
    pyserini = {
        q: {"question": "?", "answers": ["x"], "contexts": [{"docid": d, "score": str(s), "has_answer": False} for d, s in hits]}
        for q, hits in expected.items()
    }
    assert read_run(write(tmp_path / "run.json", json.dumps(pyserini, indent=4))) == expected
    fid = [
        {"id": q, "question": "?", "answers": ["x"], "ctxs": [{"id": d, "title": "", "text": "", "score": s} for d, s in hits]}
        for q, hits in [*expected.items(), ("11", [])]
    ]
    assert read_run(write(tmp_path / "fid.json", json.dumps(fid))) == expected | {"11": []}
    ranked = read_run(write(tmp_path / "run.tsv", "7\tb\t1\n7\ta\t2\n9\ta\t1\n"))
    assert {q: [d for d, _ in hits] for q, hits in ranked.items()} == {"7": ["b", "a"], "9": ["a"]}
    beir = {q: dict(reversed(hits)) for q, hits in expected.items()} | {"11": {}}
    assert read_run(write(tmp_path / "beir.json", json.dumps(beir, indent=1))) == expected | {"11": []}
    assert read_run(write(tmp_path / "run.gz", "7 Q0 b 1 2.5 t\n")) == {"7": [("b", 2.5)]}
    questions = load_questions(tmp_path / "run.json")
    assert [s["id"] for s in questions] == ["7", "9"], "the same file tells the questions"


@pytest.mark.parametrize(
    "content, words",
    [
        ('[{"question": "?", "ctxs": []}]', ["record 0", "no question id"]),
        ('{"7": {"question": "?", "contexts": [{"docid": "a"}]}}', ["record 0, hit 0", "'score'"]),
        ('{"7": {"question": "?", "contexts": [{"score": 1}]}}', ["record 0, hit 0", "no passage id"]),
        ('{"7": {"question": "?", "contexts": [{"docid": "a", "score": "NaN"}]}}', ["record 0, hit 0", "finite"]),
        (
            '{"7": {"question": "?", "contexts": [{"docid": "a", "score": 1}, {"docid": "a", "score": 2}]}}',
            ["hit 1", "listed twice"],
        ),
        ('{"7": {"question": "?", "hits": []}}', ["record 0", "'ctxs'"]),
        ('{"id": "7", "input": "?", "output": [{"provenance": [{"wikipedia_id": "3"}]}]}', ["record 0", "'ctxs'"]),
        ('{"7": {"a": NaN}}', ["question '7', passage 'a'", "finite"]),
        ("7\ta\t12.5\n", ["line 1", "column 3", "six"]),
        ("7\ta\t300\n7\tb\t200\n", ["question '7'", "1 to 2", "six columns"]),
        ("query-id\tcorpus-id\tscore\n7\ta\t1\n", ["line 1", "column 3", "'score'"]),
    ],
)
def test_runs_that_are_not_understood(tmp_path, content, words):
    with pytest.raises(DataError) as e:
        read_run(write(tmp_path / "x.run", content))
    for word in ["x.run", *words]:
        assert word in str(e.value)
