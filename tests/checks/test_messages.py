"""The message of a failing check is true of the answer: it names the mistake that was made, or no mistake."""

import copy
import gc
import sys

import numpy as np
import pytest
import torch

from autograder.grade.judge import judge
from autograder.places import BANK
from autograder.proof.bank import define
from autograder.sandbox import runner
from dpr_course.checks import CHECKS, PUBLISHED_SEED, verdict
from dpr_course.checks.compare import recognise
from dpr_course.checks.own_work import SHIPPED
from dpr_course.text import has_answer

REFERENCE = {"a.x": np.array(1.0), "a.y": np.array(2.0), "b.z": np.array(3.0)}


def mistake(name, **values):
    seen = {**REFERENCE, **{k.replace("_", "."): v if isinstance(v, str) else np.array(v) for k, v in values.items()}}
    return {"name": name, "message": f"{name}.", "observation": {k: v for k, v in seen.items() if v is not None}}


def named(observation, *mistakes, keys=("a.x", "a.y")):
    known = recognise({**REFERENCE, **observation}, REFERENCE, mistakes, keys)
    return known and known["name"]


def test_a_mistake_is_named_if_it_shows_as_a_whole():
    first = mistake("first", a_x=5.0, b_z=7.0)
    assert named({"a.x": 5.0, "b.z": 7.0}, first) == "first"
    assert named({"a.x": 5.0}, first) is None, "b.z is right, which it never is with this mistake"
    assert named({"a.x": 5.0, "b.z": 8.0}, first) is None
    assert named({"a.x": 5.0, "a.y": 6.0, "b.z": 7.0}, first) is None, "it does not explain a.y"
    second = mistake("second", a_x=5.0)
    assert named({"a.x": 5.0}, first, second) == "second" and named({"a.x": 5.0, "b.z": 7.0}, second, first) == "first"
    assert named({"a.x": 5.0, "b.z": 9.0}, second) == "second", "something else is wrong in another test"


def test_none_is_named_where_two_would_look_alike():
    one, other = mistake("one", a_x=5.0), mistake("other", a_x=5.0)
    assert named({"a.x": 5.0}, one) == "one" and named({"a.x": 5.0}, one, other) is None


def test_how_code_stops_is_part_of_what_it_shows():
    def stopped(error):
        return {"b.z": REFERENCE["b.z"], "a.error": error}

    known = {"name": "stops", "message": "it stops.", "observation": stopped("ValueError: too short")}

    def told(error):
        return recognise(stopped(error), REFERENCE, [known], ("a.x", "a.y"))

    assert told("ValueError: too short (at `f(x)`)") is known
    assert told("ValueError: too long (at `f(x)`)") is None and told("NameError: too short") is None


def lines(reference):
    """Return answers with mistakes that are not in the bank of known answers.

    Each is a tuple (number of the exercise, code of the answer, names of the tests that fail, first words of the message).
    """
    loss, collate, top = (reference[n] for n in ("get_in_batch_contrastive_loss", "tensorize_contrastive", "get_topk_candidates"))

    def changed(f):
        """Return a function that changes the samples with `f` and calls the reference's tensorize_contrastive on them."""
        return lambda samples, hard=False: collate([f(copy.deepcopy(s)) for s in samples], hard)

    def turned_title(s):
        s["gold_context"]["title"] = s["gold_context"]["title"][::-1]
        return s

    def rounded(model, batch):
        value, n = loss(model, batch)
        return (value * 1024).detach().round() / 1024 + value - value.detach(), n

    def short_mask(samples, hard=False):
        Q, Q_mask, P, P_mask, labels = collate(samples, hard)
        return Q, Q_mask, P, P_mask * (torch.arange(P.shape[1]) < 6), labels

    def tensors_first(X, Y, samples, passages, k):
        found = top(X, Y, samples, passages, k)
        for c in found:
            c["topk_ids"] = c["topk_ids"][::-1][:1] + c["topk_ids"][:-1]
        return found

    return [
        ("2.1", changed(turned_title), {"passages"}, "P must hold the gold passages as pairs"),
        ("2.1", short_mask, {"passages", "padding and truncation"}, "P must hold the gold passages as pairs"),
        ("4.1", rounded, {"loss", "hard negatives and their labels"}, "Nearly right, but not exact"),
        (
            "3.1",
            tensors_first,
            {"the right passages, best first", "k larger than the knowledge base"},
            "The right passages are returned, but not the best first",
        ),
    ]


@pytest.mark.parametrize("i", range(4))
def test_an_unknown_mistake_gets_the_hint_of_its_own_test_and_no_other_fails(reference, i):
    number, answer, failing, words = lines(reference)[i]
    v = verdict(number, answer)
    assert {t.name for t in v.tests if not t.passed} == failing
    assert not any(t.mistake for t in v.tests)
    assert next(t.message for t in v.tests if not t.passed).startswith(words)


def joined_answers(samples, candidates, passages):
    """A wrong answer to exercise 5.1: it looks for all answers of a sample joined into one text, which no passage contains."""
    mined = []
    for s, c in zip(samples, candidates):
        new = {key: value for key, value in s.items() if key != "hard_negative"}
        joined = [" ".join(s["answers"])]
        wrong = [
            p for p in map(passages.__getitem__, c["topk_indices"]) if p["id"] != c["gold_id"] and not has_answer(p["text"], joined)
        ]
        mined.append(new | ({"hard_negative": wrong[0]} if wrong else {}))
    return mined


def compared_vectors(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)
    copies = torch.isclose(Y[labels].unsqueeze(1), Y.unsqueeze(0)).all(dim=2)
    copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T).masked_fill(copies, float("-inf"))
    return torch.nn.functional.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()


class MisspelledMask(torch.nn.Module):
    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        return self.backbone(ids, attn_mask=mask).last_hidden_state[:, 0]


@pytest.mark.parametrize(
    "number, answer, test, words",
    [
        ("5.1", joined_answers, "never a passage with the answer", "joined into one text"),
        ("4.2", compared_vectors, "duplicates left out", "comparing vectors"),
        ("1.1", MisspelledMask, "padding changes nothing", "misspelled keyword"),
    ],
)
def test_a_mistake_that_looks_like_another_is_in_its_sentence(number, answer, test, words):
    """A mistake with the same results as a simpler mistake gets a sentence that is true of both."""
    [message] = [t.message for t in verdict(number, answer).tests if t.name == test]
    assert words in message or ("attn_mask" in message and number == "1.1"), message  # an error in transformers before 5


@pytest.mark.parametrize("exercise", CHECKS)
def test_two_mistakes_at_once_are_never_told_as_a_third(exercise, reference):
    """If half of the observed values come from one known mistake and half from another, the message names one of these or none."""
    from dpr_course.checks.expected import load_expected

    expected, mistakes = load_expected(exercise)
    check = CHECKS[exercise]
    probes = sorted({k.split(".")[0] for k in expected})
    for a, b in zip(mistakes, mistakes[3:] + mistakes[:3]):
        seen = {k: v for k, v in a["observation"].items() if k.split(".")[0] in probes[::2]}
        seen |= {k: v for k, v in b["observation"].items() if k.split(".")[0] in probes[1::2]}
        for t in check.judge(seen, expected, mistakes).tests:
            if t.mistake and t.mistake not in (a["name"], b["name"]):
                third = next(m for m in mistakes if m["name"] == t.mistake)
                both = {**expected, **third["observation"]}
                assert all(alike(both.get(k), seen.get(k)) for k in expected if not alike(both.get(k), expected[k]))


def alike(a, b):
    """Return whether two observed values (arrays, texts or None) are equal up to rounding. NaN equals NaN."""
    if a is None or b is None or isinstance(a, str) or isinstance(b, str):
        return a is b or (isinstance(a, str) and a == b)
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-6, equal_nan=True)


def graded(exercise, code):
    """Return the grader's result for an answer. The code is observed and judged in this process, not in two."""
    check, seeds = CHECKS[exercise], [11, 12]
    objects = define(exercise, code, check.names)
    outcome = {"status": "ran", "visible": runner.observe(check, objects, PUBLISHED_SEED)}
    outcome["hidden"] = [runner.observe(check, objects, s) for s in seeds]
    return judge(exercise, outcome, seeds)


def test_the_grader_gives_nothing_for_what_the_package_ships():
    code = "from dpr_course.pipeline.large_batch import loss_in_blocks as get_in_batch_contrastive_loss"
    result = graded("get_in_batch_contrastive_loss", code)
    assert result["points"] == 0 and all(t["message"].startswith(SHIPPED) for t in result["tests"])
    code = "def get_in_batch_contrastive_loss(model, batch):\n    from dpr_course.pipeline.run import contrastive_loss as f\n    return f(model, batch)"
    assert graded("get_in_batch_contrastive_loss", code)["points"] == 0


def test_graphs_that_are_deleted_after_an_error_give_their_room_back_in_silence(monkeypatch):
    """A wrong answer that leaves autograd graphs to be deleted later prints nothing.

    Python prints an exception raised in a finalizer, and the student would read it below the check's own message.
    """
    printed = []
    monkeypatch.setattr(sys, "unraisablehook", printed.append)
    source = (BANK / "gradient_cache_step" / "wrong_accumulation_by_labels.py").read_text(encoding="utf-8")
    assert not verdict("gradient_cache_step", *define("gradient_cache_step", source, ("gradient_cache_step",)).values()).passed
    gc.collect()
    assert not printed
