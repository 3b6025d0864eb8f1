"""The hand-written knowledge base: it keeps its rules, broken rules are reported, and the script builds the shipped files."""

import copy
import json

import build_toy_nq as toy
import pytest
import toy_nq_rules as rules
from answer_spellings import missing_spellings, other_number, other_order

from dpr_course.text import tokens


@pytest.fixture(scope="module")
def passages():
    errors = []
    found = [p for path in sorted(toy.AUTHORED.glob("*.jsonl")) for p in toy.load(path, errors)]
    assert not errors
    return found


def test_every_rule_holds(passages):
    assert not list(rules.check_all(passages))
    assert not list(rules.check_statistics(rules.statistics_of(passages)))
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
        (lambda p: p["questions"][0].update(answers=[]), "1 to 6"),
        (lambda p: p["questions"][0].update(answers=["Galileo"] + [f"Galileo {i}" for i in range(6)]), "1 to 6"),
        (lambda p: p["questions"][0].update(answers=["Galileo", "galileo"]), "twice"),
        (lambda p: p["questions"][0].update(also="astronomy-001"), "also must be"),
        (lambda p: p["questions"][0].update(also=[]), "also must be"),
        (lambda p: p["questions"][0].update(also=["astronomy-001", "astronomy-001"]), "also must be"),
        (lambda p: p["questions"][0].update(source="astronomy-001"), "exactly question, answers"),
        (lambda p: p["questions"][0].update(answers=["Galileo", "7 January 1610"]), "another spelling, ['January 7, 1610']"),
    ],
)
def test_a_broken_rule_is_reported(change, words):
    assert not list(rules.check_passage(GOOD))
    broken = copy.deepcopy(GOOD)
    change(broken)
    assert any(words in message for message in rules.check_passage(broken))


@pytest.mark.parametrize(
    "one, other",
    [("4 July 1776", "July 4, 1776"), ("31 October", "October 31"), ("1 May 1994", "May 1, 1994")],
)
def test_a_date_is_written_in_both_orders(one, other):
    assert (other_order(one), other_order(other)) == (other, one)


@pytest.mark.parametrize(
    "text", ["July 1776", "1776", "9 Thermidor", "last Sunday of July", "4 July 1776 BC", "May", "4 lambs", "44 BC"]
)
def test_what_is_no_day_has_no_other_order(text):
    assert other_order(text) is None


@pytest.mark.parametrize(
    "one, other",
    [("seven", "7"), ("Seven months", "7 months"), ("ninety-five", "95"), ("forty", "40"), ("two million", "2 million")],
)
def test_a_number_in_words_must_have_its_digits(one, other):
    assert other_number(one) == other


@pytest.mark.parametrize(
    "text", ["27 km", "8.90 metres", "40,000", "1%", "seven hundred", "about twenty", "0", "hundred", "PT-109"]
)
def test_what_needs_no_other_number(text):
    assert other_number(text) is None


def test_digits_up_to_twenty_must_have_their_word():
    assert [other_number(f"{n} days") for n in (1, 20, 21)] == ["one days", "twenty days", None]


@pytest.mark.parametrize(
    "question, answers, missing",
    [
        ("when did it land", ["4 July 1776"], ["July 4, 1776", "1776"]),
        ("in what year did it land", ["March 1776"], ["1776"]),
        ("when did it land", ["Christmas Day 1776"], []),
        ("on what day did it land", ["4 July 1776"], ["July 4, 1776"]),
        ("when is it celebrated", ["4 July"], ["July 4"]),
        ("how many days did it take", ["two"], ["2"]),
        ("number of days it took", ["2", "Two"], []),
        ("who made the two towers", ["Two Brothers"], []),
        ("when did it land", ["1776"], []),
    ],
)
def test_spellings_that_an_answer_list_lacks(question, answers, missing):
    assert missing_spellings(question, answers) == missing
    assert missing_spellings(question, answers + missing) == []


def test_an_answer_that_stands_nearly_everywhere_is_found(monkeypatch):
    monkeypatch.setattr(rules, "MOST_PASSAGES", 2)
    texts = ["two moons", "its Two rings", "a two-part sonata", "twofold"]
    passages = [{"domain": "d", "family": str(i), "text": t, "questions": []} for i, t in enumerate(texts)]
    asked = {"domain": "d", "family": "f", "text": "two", "questions": [{"question": "q", "answers": ["two", "twofold"]}]}
    assert [(a, n) for _, a, n in rules.common_answers([*passages, asked])] == [("two", 3)]
    siblings = [p | {"family": "f"} for p in passages]
    assert not list(rules.common_answers([*siblings, asked]))


def question_with(also):
    asked = {"question": "who saw the moons of jupiter", "answers": ["Galileo"], "also": also}
    texts = {
        "a-001": "Galileo Galilei found four moons.",
        "a-002": "Marius claimed them too.",
        "a-003": "Four moons of Jupiter: Galileo.",
    }
    passages = [{"id": i, "domain": "a", "where": i, "title": "", "text": t, "questions": []} for i, t in texts.items()]
    passages[0]["questions"] = [asked]
    return passages


@pytest.mark.parametrize(
    "also, words",
    [
        (["a-001"], "the gold passage itself"),
        (["a-004"], "which is not a passage"),
        (["b-001"], "which is not a passage"),
        (["a-002"], "holds no answer"),
        (["a-003"], "more words of the question than the gold"),
    ],
)
def test_a_second_source_that_is_none_is_reported(also, words):
    assert [words in message for message in rules.check_also(question_with(also))] == [True]


def test_a_second_source_that_is_one():
    passages = question_with(["a-002"])
    passages[1]["text"] = "The moons are named after Galileo."
    assert not list(rules.check_also(passages))
    assert not list(rules.check_also(question_with(["b-001"]), whole=False)), "another domain, not among these"
    assert list(rules.check_also(question_with(["a-004"]), whole=False))


def test_questions_with_a_second_source_are_enough(passages):
    train, val = toy.split(passages)
    assert sum("also" in q for q in train) >= toy.TRAIN_ALSO
    assert sum("also" in q for q in val) >= toy.VAL_ALSO


def test_near_duplicates_are_found():
    a = {"id": "a", "text": " ".join(f"word{i}" for i in range(80))}
    b = {"id": "b", "text": " ".join(f"word{i}" for i in range(50, 130))}
    c = {"id": "c", "text": " ".join(f"word{i}" for i in range(10, 90))}
    found = {(x["id"], y["id"]) for x, y, _ in rules.near_duplicates([a, b, c])}
    assert found == {("a", "c"), ("b", "c")}


def test_the_line_is_named(tmp_path):
    path = tmp_path / "domain.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD | {"text": "short."}) + "\n{\n")
    errors = []
    toy.load(path, errors)
    assert any(e.startswith("domain.jsonl:2: text has 1 words") for e in errors)
    assert any(e.startswith("domain.jsonl:3: not valid JSON") for e in errors)


def test_the_card_counts_answers_as_they_are(passages):
    card = (toy.SHIPPED / "README.md").read_text(encoding="utf-8")
    lists = [q["answers"] for p in passages for q in p["questions"]]
    sizes = [len(answers) for answers in lists]
    assert f"| answers in a list, mean (range) | {sum(sizes) / len(sizes):.1f} ({min(sizes)}–{max(sizes)}) |" in card
    texts = [f" {' '.join(tokens(p['text']))} " for p in passages]
    pairs = 0
    for p in passages:
        for q in p["questions"]:
            wanted = [f" {' '.join(tokens(a))} " for a in q["answers"]]
            pairs += sum(
                (o["domain"], o["family"]) != (p["domain"], p["family"])
                and o["id"] not in q.get("also", ())
                and any(w in t for w in wanted)
                for t, o in zip(texts, passages)
            )
    assert f"{pairs:,}\npairs" in card
