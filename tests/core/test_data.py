"""Data files are read in all known formats, and the error for a broken file names the file and what is wrong."""

import json

import pytest

from dpr_course import doctor
from dpr_course.data import (
    DataError,
    gold_passages,
    hold_out,
    load_dpr,
    load_nq,
    load_own,
    load_passages,
    load_samples,
    read_records,
)
from dpr_course.track import get_track

GOOD = {"question": "who wrote hamlet", "answers": ["Shakespeare"], "gold_context": {"title": "Hamlet", "text": "A play."}}


def write(path, records):
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def test_assignment_format_as_list_and_as_lines(tmp_path):
    as_list = load_samples(write(tmp_path / "a.json", [GOOD, GOOD]))
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join([json.dumps(GOOD)] * 2), encoding="utf-8")
    assert as_list == load_samples(lines)
    assert as_list[0]["id"] != as_list[1]["id"]
    # A passage that occurs twice is kept once.
    assert len(gold_passages(as_list)) == 1


@pytest.mark.parametrize(
    "broken, words",
    [
        ({k: v for k, v in GOOD.items() if k != "question"}, ["record 1", "'question'", "missing"]),
        (GOOD | {"question": 7}, ["record 1", "'question'", "str", "int"]),
        (GOOD | {"question": "  "}, ["record 1", "'question'", "empty"]),
        (GOOD | {"answers": "Shakespeare"}, ["record 1", "'answers'", "list"]),
        (GOOD | {"answers": ["a", None]}, ["record 1", "'answers[1]'", "NoneType"]),
        (GOOD | {"gold_context": {"title": "Hamlet"}}, ["record 1, gold_context", "'text'", "missing"]),
        (GOOD | {"gold_context": "Hamlet"}, ["record 1", "'gold_context'", "dict"]),
        (GOOD | {"hard_negative": {"title": "x", "text": 3}}, ["record 1, hard_negative", "'text'"]),
        ("a string", ["record 1", "must be an object"]),
    ],
)
def test_a_broken_record_is_named(tmp_path, broken, words):
    path = write(tmp_path / "broken.json", [GOOD, broken])
    with pytest.raises(DataError) as e:
        load_samples(path)
    for word in ["broken.json", *words]:
        assert word in str(e.value)


def test_damaged_files_are_named(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        load_samples(tmp_path / "none.json")
    cut = tmp_path / "cut.json"
    cut.write_text(json.dumps([GOOD, GOOD])[:-20], encoding="utf-8")
    with pytest.raises(DataError, match="not a complete JSON list"):
        load_samples(cut)
    lines = tmp_path / "bad.jsonl"
    lines.write_text(json.dumps(GOOD) + "\n{oops\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 2"):
        load_samples(lines)
    (tmp_path / "empty.json").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="no records"):
        load_samples(tmp_path / "empty.json")


def dpr_record(**changes):
    ctx = {"title": "Hamlet", "text": "A play.", "score": 1.0, "passage_id": "7"}
    record = {"question": "who’s hamlet", "answers": ["a prince"], "positive_ctxs": [ctx]}
    return record | {"negative_ctxs": [], "hard_negative_ctxs": [ctx | {"passage_id": "8"}]} | changes


def test_dpr_format(tmp_path):
    records = [dpr_record(), dpr_record(positive_ctxs=[]), dpr_record(hard_negative_ctxs=[])]
    samples = load_dpr(write(tmp_path / "dpr.json", records))
    assert [s["id"] for s in samples] == ["q00000", "q00002"]  # a record without a positive passage gives no sample
    assert samples[0]["question"] == "who's hamlet"
    assert samples[0]["gold_context"]["id"] == "7" and samples[0]["hard_negative"]["id"] == "8"
    assert "hard_negative" not in samples[1]
    with pytest.raises(DataError, match=r"record 0, positive_ctxs\[0\].*'text'"):
        load_dpr(write(tmp_path / "x.json", [dpr_record(positive_ctxs=[{"title": "t"}])]))


def test_real_dpr_file(real_data):
    samples = load_dpr(real_data / "dpr-format-11.json")
    assert len(samples) == 11 and all(s["gold_context"]["text"] and s["hard_negative"]["text"] for s in samples)


def test_real_questions_file(real_data):
    samples = load_samples(real_data / "nq-real-1155.json")
    assert len(samples) == 1155 and len(gold_passages(samples)) <= 1155


def test_load_nq_samples_as_the_assignment_does(tmp_path):
    def make(n, prefix):
        return [
            {"question": f"{prefix} {i}", "answers": ["x"], "gold_context": {"title": f"t{i % 900}", "text": f"{i % 900}"}}
            for i in range(n)
        ]

    write(tmp_path / "nq-train.json", make(600, "train"))
    write(tmp_path / "nq-dev.json", make(1200, "dev"))
    train, val, passages = load_nq(tmp_path)
    assert (len(train), len(val)) == (500, 1000)
    assert load_nq(tmp_path)[0] == train, "the seed is set"
    ids = [p["id"] for p in passages]
    assert len(set(ids)) == len(ids) == len({(p["title"], p["text"]) for p in passages})
    assert {s["gold_context"]["id"] for s in train + val} == set(ids)
    assert passages[0] == train[0]["gold_context"], "training passages come first"
    with pytest.raises(DataError, match="fetch_nq"):
        load_nq(tmp_path / "nowhere")


def own_records(n):
    return [GOOD | {"question": f"question {i}", "gold_context": {"title": f"t{i % 300}", "text": f"{i % 300}"}} for i in range(n)]


@pytest.mark.parametrize("in_dpr_format", [False, True])
def test_a_file_of_ones_own_takes_the_place_of_the_toy_nq(tmp_path, monkeypatch, in_dpr_format):
    records = own_records(600)
    if in_dpr_format:
        records = [dpr_record(question=r["question"], positive_ctxs=[r["gold_context"]]) for r in records]
    monkeypatch.setenv("DPR_DATA", str(write(tmp_path / "own.json", records)))
    train, val, passages = get_track().load_data()
    assert (len(train), len(val), len(passages)) == (200, 400, 300)
    assert {s["question"] for s in train + val} == {r["question"] for r in records}
    assert get_track().load_data()[0] == train, "the seed is set"
    assert not get_track().is_recorded and doctor.problem() is None and "own.json" in doctor.summary()


def test_a_file_of_ones_own_that_cannot_serve_is_named(tmp_path, monkeypatch):
    with pytest.raises(DataError, match="holds 359 questions.*360"):
        load_own(write(tmp_path / "few.json", own_records(359)))
    with pytest.raises(DataError, match="none.json: the file holds no questions"):
        load_own(write(tmp_path / "none.json", []))
    monkeypatch.setenv("DPR_DATA", "not/there.json")
    assert "not/there.json" in doctor.problem() and "whole path" in doctor.problem()
    with pytest.raises(DataError, match="whole path"):
        get_track().load_data()
    monkeypatch.setenv("DPR_DATA", "")
    monkeypatch.setenv("DPR_ENCODER", "not/an_encoder")
    assert "not/an_encoder" in doctor.problem()


def test_toy_nq_is_what_the_card_says(toy_nq):
    train, val, passages = toy_nq
    assert (len(train), len(val), len(passages)) == (500, 1000, 1500)
    assert len({p["text"] for p in passages}) == 1500
    by_id = {p["id"]: p for p in passages}
    for s in train + val:
        gold = s["gold_context"]
        assert by_id[gold["id"]]["text"] == gold["text"]
    assert not {s["question"] for s in train} & {s["question"] for s in val}
    used = [s["gold_context"]["id"] for s in train + val]
    assert len({p["id"] for p in passages} - set(used)) == 60
    assert len(used) - len(set(used)) == 60
    assert {p["domain"] for p in passages} == {by_id[s["gold_context"]["id"]]["domain"] for s in train}


def test_hold_out_keeps_shared_golds_together(toy_nq):
    train = toy_nq[0]
    rest, held = hold_out(train, 50)
    assert len(held) == 50 and len(rest) == len(train) - 50
    assert not {s["gold_context"]["id"] for s in rest} & {s["gold_context"]["id"] for s in held}
    assert hold_out(train, 50) == (rest, held)
    assert hold_out(train, 50, seed=1)[1] != held


def test_passages_keep_their_other_fields(tmp_path):
    path = write(tmp_path / "p.json", [{"id": 3, "title": None, "text": "x", "domain": "d"}])
    assert load_passages(path) == [{"id": "3", "title": "", "text": "x", "domain": "d"}]


@pytest.mark.parametrize(
    "content, words",
    [
        (b'[{"question": "a", \n\xff', ["line 2", "UTF-8"]),
        (b"\x1f\x8b\x08\x00packed", ["line 1", "decompressed"]),
        (b"[" * 100_000, ["JSON"]),
        (b'{"a":' * 100_000, ["line 1", "JSON"]),
        (b"[" + b"9" * 5000 + b"]", ["JSON"]),
    ],
)
def test_a_file_that_is_no_text_or_no_json_is_named_with_its_line(tmp_path, content, words):
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    for name, wanted in ((path, words), (tmp_path, ["directory"])):
        with pytest.raises(DataError) as e:
            read_records(name)
        assert all(word in str(e.value) for word in [str(name), *wanted])


def test_json_lines_may_hold_any_character_and_a_byte_order_mark(tmp_path):
    text = "one\u2028two\x85three\x0b\x1cfour"
    lines = [json.dumps({"id": str(i), "text": text}, ensure_ascii=False) for i in range(2)]
    (tmp_path / "p.jsonl").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8", newline="")
    assert [p["text"] for p in load_passages(tmp_path / "p.jsonl")] == [text] * 2


PASSAGE = {"id": "p", "title": "t", "text": "x"}
SAMPLE = {"id": "q", "question": "a", "answers": ["b"], "gold_context": PASSAGE}


@pytest.mark.parametrize("value", ["", " ", 1.5, True, [], {"a": 1}, "\ud800"])
def test_ids_are_text_or_whole_numbers(tmp_path, value):
    path = tmp_path / "s.json"
    for record, where in (
        (SAMPLE | {"id": value}, "record 1"),
        (SAMPLE | {"gold_context": PASSAGE | {"id": value}}, "gold_context"),
    ):
        path.write_text(json.dumps([SAMPLE, record]))
        with pytest.raises(DataError) as e:
            load_samples(path)
        assert where in str(e.value) and "record 1" in str(e.value) and "'id'" in str(e.value)
    path.write_text(json.dumps([SAMPLE | {"id": 7, "gold_context": PASSAGE | {"id": 12}}]))
    assert [(s["id"], s["gold_context"]["id"]) for s in load_samples(path)] == [("7", "12")]


def test_half_a_character_is_refused_and_an_empty_title_is_not(tmp_path):
    path = tmp_path / "s.json"
    for change, field in (({"question": "a\ud800"}, "'question'"), ({"answers": ["b", "\udc00"]}, "'answers[1]'")):
        path.write_text(json.dumps([SAMPLE | change]))
        with pytest.raises(DataError) as e:
            load_samples(path)
        assert "record 0" in str(e.value) and field in str(e.value)
    path.write_text(json.dumps([SAMPLE | {"gold_context": PASSAGE | {"title": ""}}]))
    assert load_samples(path)[0]["gold_context"]["title"] == ""


@pytest.mark.parametrize("load", [load_samples, load_passages, load_dpr])
@pytest.mark.parametrize("record", [1, None, "text", ["text"]])
def test_a_record_that_is_no_object_is_named(load, record, tmp_path):
    path = tmp_path / "r.json"
    path.write_text(json.dumps([record]), encoding="utf-8")
    with pytest.raises(DataError, match="record 0: must be an object"):
        load(path)
