"""Whether a passage has an answer, given as text or as a regular expression, is decided as the course defines it."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpr_course.pipeline import patterns
from dpr_course.pipeline.evaluate import broken_patterns
from dpr_course.pipeline.patterns import compiled, matches_regex
from dpr_course.text import has_answer, tokens


def tokens_by_category(text):
    """Return the lower-case tokens of a text: a second implementation, which follows the definition character by character.

    A token is a run of letters, numbers and marks, or a single other visible character.
    """
    found, run = [], ""
    for c in [*unicodedata.normalize("NFD", text), " "]:
        major = unicodedata.category(c)[0]
        if major in "LNM":
            run += c
            continue
        if run:
            found.append(run.lower())
        run = ""
        if major not in "ZC":
            found.append(c.lower())
    return found


ALPHABET = "aAbBß éÉñçİıΣσς.,-'’_/1230²①½٣ⅫАй中ि्か゛\u0301\u00a0\u200b\u00ad\t\n\U0001f600€"
TEXTS = st.text(st.one_of(st.sampled_from(ALPHABET), st.characters(max_codepoint=0x2FFF)), max_size=30)


@given(TEXTS)
def test_tokens_are_as_defined(text):
    if all(unicodedata.category(c) != "Cn" for c in text):  # Cn: a character that this Python's Unicode tables do not have yet
        assert tokens(text) == tokens_by_category(text)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_has_answer_is_contiguous_tokens(text, answers):
    words, wanted = tokens(text), [tokens(a) for a in answers]
    expected = any(w and any(words[i : i + len(w)] == w for i in range(len(words))) for w in wanted)
    assert has_answer(text, answers) == expected


@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
def test_a_run_of_tokens_of_the_text_is_found(text, a, b):
    words = tokens(text)[min(a, b) : max(a, b)]
    assert has_answer(text, [" ".join(words)]) == bool(words)


@pytest.mark.parametrize(
    "text, answer, expected",
    [
        ("Born in 1998.", "1", False), ("The U.S. army", "US", False), ("the us army", "US", True), ("2,718 men", "2718", False),
        ("New\u00a0 York", "new york", True), ("a café here", "cafe", False), ("a cafe\u0301 here", "café", True),
        ("a snake_case name", "snake", True), ("a snake_case name", "snake_case", True), ("a snake_case name", "snakecase", False),
        ("twenty-one men", "twenty", True), ("twenty-one men", "twenty one", False), ("twenty-one men", "twenty - one", True),
        ("10\u00b2 metres", "10", False), ("room \u2460", "\u2460", True), ("हिन्दी भाषा", "हिन्दी", True), ("हिन्दी भाषा", "हिन", False),
        ("soft\u00adhyphen", "soft", True), ("soft\u00adhyphen", "soft hyphen", True), ("ΟΔΟΣ", "οδος", True), ("Straße", "strasse", False),
        ("anything", "", False), ("anything", " \t", False), ("", "x", False), ("", "", False), ("it is 5 € now", "5 €", True),
    ],
)  # fmt: skip
def test_particular_answers(text, answer, expected):
    assert has_answer(text, [answer]) is expected


def test_one_blank_answer_among_others_changes_nothing():
    assert has_answer("New York", ["", "york"]) and not has_answer("New York", ["", "boston"])


@pytest.mark.parametrize(
    "text, pattern, expected",
    [
        ("Born on May 5, 1821", r"May\s+\d+", True), ("born on MAY 5", r"may 5", True), ("first\nsecond line", r"^second", True),
        ("a café", "café", True), ("a cafe\u0301", "caf\u00e9", True), ("x", "(", False), ("x", "[", False), ("x", "*", False),
        ("x", "", False), ("a b", " ", False), ("Abc", r"\p{Lu}", True), ("1998", "1", True), ("x", "x{99999999999999}", False),
        ("colour", "colou?r", True), ("Paris", "London|Paris", True), ("x", "(?P<a", False),
    ],
)  # fmt: skip
def test_answers_as_regular_expressions(text, pattern, expected):
    assert matches_regex(text, [pattern]) is expected
    assert matches_regex(text, ["nowhere to be found", pattern]) is expected


def test_a_broken_pattern_is_known_as_such():
    assert compiled("(") is None and compiled("  ") is None and compiled("a") is not None


@pytest.mark.parametrize("arguments", [("a text", "an answer"), (["an answer"], "a text"), ({"text": "a text"}, ["a"])])
def test_has_answer_names_a_mix_up_of_its_arguments(arguments):
    with pytest.raises(TypeError, match="one text.*then a list of answers"):
        has_answer(*arguments)


def test_a_pattern_that_would_search_for_ever_is_given_up_once(monkeypatch):
    monkeypatch.setattr(patterns, "SECONDS", 0.2)
    monkeypatch.setattr(patterns, "TOO_SLOW", set())
    monkeypatch.setattr("dpr_course.pipeline.evaluate.TOO_SLOW", patterns.TOO_SLOW)
    text, pattern, start = "a" * 60 + "!", "(a|aa)+$", time.perf_counter()
    assert not any(matches_regex(text, [pattern]) for _ in range(1000)) and matches_regex(text, [pattern, "a!"])
    assert time.perf_counter() - start < 5
    assert broken_patterns([{"id": "q", "answers": ["a", pattern]}]) == [("q", pattern, "takes too long to search for")]
