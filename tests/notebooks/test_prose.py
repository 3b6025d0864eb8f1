"""Every sentence of the notebooks that may be about an output is listed in tests/claims, and every listed sentence exists."""

import nbformat
import pytest
from claims import Claim, broken, flat, lists_of, may_claim, numbers, row, sentences

from autograder.stages.source import read_stage, stage_names


def prose(stage):
    return [c.source for c in read_stage(stage).cells if c.kind == "markdown"]


@pytest.mark.parametrize("stage", stage_names())
def test_every_listed_sentence_stands_in_its_stage(stage):
    text = [flat(p) for p in prose(stage)]
    claims, others = lists_of(stage)
    listed = [c.text for c in claims] + others
    assert not [t for t in listed if not any(t in p for p in text)], "these words are in no Markdown cell"
    code = [c.source for c in read_stage(stage).cells if c.kind == "code"]
    for words in {w for c in claims for w in c.cells}:
        assert sum(words in c for c in code) == 1, f"{words!r} must be in exactly one code cell"


@pytest.mark.parametrize("stage", stage_names())
def test_no_sentence_that_may_claim_something_is_unlisted(stage):
    claims, others = lists_of(stage)
    listed = [c.text for c in claims] + others
    found = [s for p in prose(stage) for s in sentences(p) if may_claim(s)]
    new = [s for s in found if not any(t in s or s in t for t in listed)]
    assert not new, f"list in tests/claims/stage_{stage[:2]}.py as a claim, or as about no output:\n" + "\n".join(new)


def test_claims_can_fail():
    cell = nbformat.v4.new_code_cell("print(1)", outputs=[nbformat.v4.new_output("stream", text="loss 2.5\n")])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert not broken(notebook, [Claim("more than two", "print(1)", lambda out: numbers(out)[0] > 2)])
    for false in (
        Claim("more than three", "print(1)", lambda out: numbers(out)[0] > 3),
        Claim("no such number", "print(1)", lambda out: numbers(out)[7] > 3),
        Claim("no such cell", "print(2)", lambda out: True),
    ):
        [told] = broken(notebook, [false])
        assert told.startswith(f"FALSE: {false.text}")


def test_numbers_and_rows_are_read():
    assert numbers("1,380 of 1,500 (92 %), −0.5 e4 1e-3, R@5 x3") == [1380, 1500, 92, -0.5, 1e-3]
    assert row("NCE + hard  3.0\nNCE   1.0 2.0\n", "NCE") == [1, 2]


@pytest.mark.parametrize(
    "sentence, may",
    [
        ("The wrong labels have the lower loss.", True),
        ("It rises by 3 points.", True),
        ("About half of them are cut.", True),
        ("Karpukhin et al. 2020, section 3.2, and exercise 4.1.", False),
        ("Set `k = 20` and look.", False),
        ("See how the lines run.", False),
        ("Is it half of them?", False),
        ("BM25 finds R@1 and R@20.", False),
    ],
)
def test_sentences_that_may_claim_something(sentence, may):
    assert may_claim(sentence) is may


def test_prose_is_cut_into_sentences():
    text = """# Title 3

One is here (Gao et al. 2021). **Two** is
there.

| a | 1 |
|---|---|
| b | 2 |

<details><summary>Hint 1</summary>No. 7</details>

1. item 5
- item 6 is
  longer

<details><summary>Answer</summary>It is 4.</details>"""
    assert list(sentences(text)) == [
        "One is here (Gao et al. 2021).", "**Two** is there.", "| a | 1 |", "| b | 2 |", "1. item 5", "- item 6 is longer",
        "<details><summary>Answer</summary>It is 4.</details>",
    ]  # fmt: skip
    assert not list(sentences("### ✏️ Exercise 4.1 · Title\n\nReturn the best 3."))
