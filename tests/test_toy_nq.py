"""The authored knowledge base: its rules hold, they can fail, and the shipped files are what it builds."""

import copy
import json

import build_toy_nq as toy
import pytest


@pytest.fixture(scope="module")
def passages():
    errors = []
    found = [p for path in sorted(toy.AUTHORED.glob("*.jsonl")) for p in toy.load(path, errors)]
    assert not errors
    return found


def test_every_rule_holds(passages):
    assert not list(toy.check_all(passages))
    assert not list(toy.check_statistics(toy.statistics_of(passages)))
    assert len({p["domain"] for p in passages}) >= 30


def test_the_shipped_files_are_what_the_script_builds(passages):
    train, val = toy.split(passages)
    for name, records in (("train", train), ("val", val)):
        shipped = (toy.SHIPPED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in shipped] == records


GOOD = {
    "family": "f", "title": "Io (moon)", "text": "Io is a moon. " + "Its surface is covered with many volcanoes today. " * 8 + "It was seen by Galileo.",
    "questions": [{"question": "who first saw the moon with all the volcanoes", "answers": ["Galileo"]}],
}  # fmt: skip


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda p: p.update(text="Too short."), "60 to 110"),
        (lambda p: p.update(text=p["text"] + " and then"), "full sentence"),
        (lambda p: p.update(text=p["text"].replace("Its", " Its", 1)), "double space"),
        (lambda p: p.pop("family"), "exactly"),
        (lambda p: p["questions"][0].update(question="Who saw the moon with volcanoes"), "lower case"),
        (lambda p: p["questions"][0].update(question="who saw the moon with volcanoes?"), "question mark"),
        (lambda p: p["questions"][0].update(question="who saw io"), "5 to 14"),
        (lambda p: p["questions"][0].update(question="when did galileo see the moon with volcanoes"), "contains its answer"),
        (lambda p: p["questions"][0].update(answers=["Newton"]), "found in the text"),
        (lambda p: p["questions"][0].update(answers=[]), "1 to 4"),
    ],
)
def test_a_broken_rule_is_reported(change, words):
    assert not list(toy.check_passage(GOOD))
    broken = copy.deepcopy(GOOD)
    change(broken)
    assert any(words in message for message in toy.check_passage(broken))


def test_near_duplicates_are_found():
    a = {"id": "a", "text": " ".join(f"word{i}" for i in range(80))}
    b = {"id": "b", "text": " ".join(f"word{i}" for i in range(50, 130))}
    c = {"id": "c", "text": " ".join(f"word{i}" for i in range(10, 90))}
    found = {(x["id"], y["id"]) for x, y, _ in toy.near_duplicates([a, b, c])}
    assert found == {("a", "c"), ("b", "c")}


def test_the_line_is_named(tmp_path):
    path = tmp_path / "domain.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD | {"text": "short."}) + "\n{\n")
    errors = []
    toy.load(path, errors)
    assert any(e.startswith("domain.jsonl:2: text has 1 words") for e in errors)
    assert any(e.startswith("domain.jsonl:3: not valid JSON") for e in errors)
