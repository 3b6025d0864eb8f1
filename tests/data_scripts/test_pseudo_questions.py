"""Questions made from passages, to pre-train the reader: each answer is a span of a known kind, which decides the question's words.

The reader's tokenizer cuts a word and its capitalised form alike: the first piece has a twin that begins with a capital letter.
"""

import random
import re

import pytest
from pseudo_questions import Asker, family_noun, find_spans, sentences
from train_reader_tokenizer import train_tokenizer, twin

from dpr_course.data import load_toy_nq

TEXT = (
    "The jeweller Harry Winston gave the stone to a museum in Washington on 10 November 1958. Thirty metres of wire "
    "guarded it, and six nations sent a letter. Its first owner, Tavernier, a merchant, sold it in 1668."
)
PASSAGE = {"title": "Hope Diamond", "text": TEXT, "family": "gemstones"}


@pytest.fixture(scope="module")
def passages():
    return load_toy_nq()[2]


def kinds():
    return {TEXT[s.start : s.end]: (s.kind, s.noun) for s in find_spans(PASSAGE["title"], TEXT)}


def test_spans_have_their_kind():
    found = kinds()
    assert found["Harry Winston"] == ("person", "jeweller")
    assert found["Washington"][0] == "place"
    assert found["10 November 1958"][0] == found["1668"][0] == "date"
    assert found["Thirty metres"] == ("count", "metres") and found["six"] == ("count", "nations")
    assert found["Tavernier"][0] == "person"
    assert found[""][0] == "title" and found["museum"][0] == "noun"


def test_no_span_lies_in_another_and_sentences_cover_the_text(passages):
    for p in passages[::25]:
        taken = sorted((s.start, s.end) for s in find_spans(p["title"], p["text"]) if s.kind != "title")
        assert all(a[1] <= b[0] for a, b in zip(taken, taken[1:])), p["id"]
        assert "".join(p["text"][a:b] for a, b in sentences(p["text"])) == p["text"]


def test_the_kind_of_the_answer_decides_how_it_is_asked_for(passages):
    asker, opens = Asker([PASSAGE], random.Random(0)), {}
    for _ in range(800):
        _, question, answer = asker.draw()
        opens.setdefault(answer, []).append(question)
    assert sum("when" in q or "year" in q for q in opens["1668"]) > 0.8 * len(opens["1668"])
    assert sum(re.search("who|jeweller", q) is not None for q in opens["Harry Winston"]) > 0.7 * len(opens["Harry Winston"])
    assert all(q.startswith("how") or " how" in q for q in opens["six"])


def test_no_question_holds_a_word_of_its_answer(passages):
    asker = Asker(passages, random.Random(1))
    for _ in range(500):
        i, question, answer = asker.draw()
        words = set(re.findall(r"[a-z]{4,}", answer.lower()))
        told = words & set(question.split()) - {"with", "from", "year", "years"}
        assert not told or "how" in question or passages[i]["family"], (question, answer)
        assert question == question.lower() and 2 <= len(question.split()) <= 25


def test_the_same_seed_asks_the_same_questions(passages):
    draw = lambda: [Asker(passages[:50], random.Random(3)).draw() for _ in range(3)]  # noqa: E731
    assert draw() == draw()


def test_families_name_their_members():
    names = {
        "moons of jupiter": "moon",
        "star wars films": "film",
        "capitals of asia africa and oceania": "capital",
        "chess": "chess",
    }
    assert {f: family_noun(f) for f in names} == names


def test_twins_are_cut_alike_and_nothing_is_lost(passages):
    tokenizer = train_tokenizer(passages, 3000)
    for word in ("harry", "washington", "smithsonian", "december"):
        assert [twin(t) if i == 0 else t for i, t in enumerate(tokenizer.tokenize(word))] == tokenizer.tokenize(word.capitalize())
    for p in passages[::10]:
        back = tokenizer.decode(tokenizer(p["text"]).input_ids, skip_special_tokens=True)
        assert back.lower() == p["text"].lower()
    assert tokenizer("6,400").input_ids[-1] == tokenizer.eos_token_id == 1 and tokenizer.pad_token_id == 0


def test_a_second_training_numbers_the_pieces_alike(passages):
    assert train_tokenizer(passages[:300], 1000).get_vocab() == train_tokenizer(passages[:300], 1000).get_vocab()
