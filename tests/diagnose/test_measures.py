"""Each measure of a training run, on runs so small that the right value is known."""

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_bag import bag_case
from tiny_dual import TinyDual

from dpr_course.diagnose.case import Case, Settings
from dpr_course.diagnose.collate import measure_collate, measure_loss
from dpr_course.diagnose.evaluation import measure_hits, measure_ids
from dpr_course.diagnose.geometry import effective_rank
from dpr_course.diagnose.leak import measure_leak
from dpr_course.diagnose.negatives import measure_batches, measure_mined, measure_titles
from dpr_course.diagnose.replay import measure_replay, score_matrix
from dpr_course.diagnose.sample import common_prefix, compare, first_is_gold, training_prefix
from dpr_course.diagnose.sides import measure_sides
from dpr_course.diagnose.training import measure_training
from dpr_course.diagnose.ways import padded, pooled
from dpr_course.train import History


@pytest.fixture(scope="module")
def case():
    return bag_case(40)


@given(n=st.integers(1, 12), scale=st.floats(0.1, 100))
@settings(max_examples=20, deadline=None)
def test_effective_rank_of_equal_directions_is_their_number(n, scale):
    A = torch.zeros(20, 16, dtype=torch.double)
    A[:n, :n] = scale * torch.eye(n, dtype=torch.double)
    assert effective_rank(A) == pytest.approx(n, rel=1e-6)


def test_poolings_of_known_states():
    H = torch.arange(12.0).view(1, 4, 3)
    mask = torch.tensor([[1, 1, 1, 0]])
    assert pooled(H, mask, "cls").tolist() == [[0, 1, 2]]
    assert pooled(H, mask, "mean").tolist() == [[3, 4, 5]]
    assert pooled(H, mask, "last").tolist() == [[6, 7, 8]]
    assert pooled(H, mask, "max").tolist() == [[6, 7, 8]]


def test_padding_and_first_place():
    ids, mask = padded([[5, 6], [7]], 3, 0)
    assert ids.tolist() == [[5, 6, 0], [7, 0, 0]] and mask.tolist() == [[1, 1, 0], [1, 0, 0]]
    S = torch.tensor([[2.0, 1.0], [1.0, 1.0], [float("nan"), 3.0]])
    assert first_is_gold(S, torch.tensor([0, 0, 0])).tolist() == [True, False, False]  # with a tie or NaN, gold is not first


def test_mcnemar_counts_the_questions_that_differ():
    right = torch.tensor([True, False, False, False])
    assert compare(right, torch.tensor([True, True, True, False])) == {"r1": 75.0, "gain": 50.0, "z": round(2 / math.sqrt(2), 2)}
    assert compare(right, right)["z"] == 0


def test_prefixes(case):
    assert common_prefix(["query: a", "query: b", "query: c"]) == "query: " and common_prefix(["who is", "what is"]) == ""
    case.train, kept = [{**s, "question": "ask: " + s["question"]} for s in case.train], case.train
    assert training_prefix(case) == ("ask: ", "")
    case.train = kept
    assert training_prefix(case) is None


def passage(i, text):
    return {"id": f"p{i}", "title": "", "text": text}


def sample(i, answer, text, **more):
    return {"id": f"q{i}", "question": f"question {i}", "answers": [answer], "gold_context": passage(i, text), **more}


def test_negatives_by_hand():
    words = "one two three four five six seven eight nine ten"
    samples = [
        sample(0, "ten", words, hard_negative=passage(0, words)),  # the gold passage, by its id
        sample(
            1, "red", "a red house by the sea in the far north", hard_negative=passage(9, "a red house by the sea in the far")
        ),  # nearly a copy of the gold passage
        sample(2, "blue", "the sky is blue", hard_negative=passage(8, "my blue coat has many buttons")),  # holds the answer
        sample(3, "moon", "the moon is round", hard_negative=passage(7, "a cat sleeps on the mat"), also=["p7"]),
    ]
    case = Case(None, None, train=samples, passages=[s["gold_context"] for s in samples], settings=Settings(4, False))
    assert measure_mined(case) == {"negatives": 4, "golds": 0.5, "bearing": 0.25, "also": 0.25}
    assert measure_batches(case)["duplicates"] == 0 and measure_titles(case) == {"train": 0, "passages": 0}
    twice = Case(None, None, train=[samples[0], {**samples[0], "id": "q9"}], passages=case.passages, settings=Settings(2, False))
    found = measure_batches(twice)
    assert found["duplicates"] == found["exact"] == 1 and found["bearing"] == 0


def test_leaks_by_hand():
    a, b, c = (sample(i, "x", f"text {i}") for i in range(3))
    case = Case(None, None, train=[a, b], held_out=[c], validation=[{**a, "question": "Question  0!"}, c])
    found = measure_leak(case)
    assert (found["questions"], found["golds"], found["held_questions"], found["held_reported"]) == (0.5, 0.5, 0, 1)


def test_hits_by_hand():
    samples = [sample(i, "x", "text") for i in range(3)]
    case = Case(None, None, validation=samples, passages=[s["gold_context"] for s in samples])
    case.hits = {"q0": [("p0", 2.0), ("p1", 1.0)], "q1": [("p0", 1.0), ("p0", 1.0), ("p1", 0.0)]}
    found = measure_hits(case)
    assert (found["questions"], found["missing"], found["depth"], found["twice"]) == (2, 1, 2, 0.5)
    assert found["recall"][1] == pytest.approx(100 / 3) and found["distinct"][5] == pytest.approx(200 / 3)
    assert measure_ids(Case(None, None, validation=[samples[0]] * 2, passages=[passage(0, "")] * 3)) == {
        "passages": 2,
        "questions": 1,
    }


def test_sides_of_a_tiny_model():
    start, model = TinyDual(seed=0), TinyDual(seed=0)
    with torch.no_grad():
        for p in model.query_encoder.parameters():
            p *= 1.1
    found = measure_sides(Case(model, None, start=start))
    assert found["moved"]["query_encoder"] == pytest.approx(0.1, rel=1e-4) and found["moved"]["passage_encoder"] == 0
    assert found["still"]["passage_encoder"] == 1 and not found["shared"] and not found["tied"]
    with torch.no_grad():  # weight decay alone does not count as movement
        for p in model.passage_encoder.parameters():
            p *= 0.999
    assert measure_sides(Case(model, None, start=start))["still"]["passage_encoder"] == 1
    tied = TinyDual(tied=True)
    assert measure_sides(Case(tied, None))["tied"]


def test_history_by_hand():
    steps = [{"step": i + 1, "epoch": 1 + i // 4, "loss": 4.0 - i * 0.4, "accuracy": 0.1 * i, "lr": 1e-3} for i in range(8)]
    case = Case(None, None, train=[sample(i, "x", "t") for i in range(32)], history=History(steps), settings=Settings(8, False))
    found = measure_training(case)
    assert (found["steps"], found["epochs"], found["per_epoch"], found["passages"]) == (8, 2, 8, 8)
    assert (
        found["first"] == pytest.approx(3.6)
        and found["chance"] == pytest.approx(math.log(8))
        and found["travel"] == pytest.approx(8e-3)
    )


@given(seed=st.integers(0, 1000))
@settings(max_examples=5, deadline=None)
def test_replay_of_a_known_loss(seed):
    case = CASE
    S, gold, *_ = score_matrix(case, case.model, case.train[:16])
    right = float((S.argmax(1) == gold).float().mean())
    case.settings.seed = seed
    case.history = History([{"step": 1, "epoch": 1, "loss": 1.0, "accuracy": right, "lr": 1e-3}])
    found = measure_replay(case)["end"]
    losses = [found["chunks"][b]["loss"] for b in ("1", "2", "4", "8", "16")]
    assert losses[0] == 0 and losses == sorted(losses)  # the loss grows with the number of passages
    assert found["any"]["loss"] > losses[-1]


CASE = bag_case(40, start=None)


def loss_of(kind):
    def loss_fn(model, batch):
        Q, Q_mask, P, P_mask, labels = batch
        X, Y = model(Q, Q_mask, P, P_mask)
        if kind == "cosine":
            X, Y = F.normalize(X, dim=1), F.normalize(Y, dim=1)
        S = X @ Y.T / {"cosine": 1.0, "warm": 4.0, "scaled": 0.05}.get(kind, 1.0)
        if kind == "masked":
            copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(2)
            copies[torch.arange(len(labels)), labels] = False
            S = S.masked_fill(copies, float("-inf"))
        target = torch.arange(len(labels)) if kind == "order" else labels
        if kind == "chunks":
            S = S.masked_fill(torch.arange(len(S))[:, None] // 4 != torch.arange(S.shape[1])[None] // 8, float("-inf"))
        return F.cross_entropy(S, target), (S.argmax(1) == target).sum()

    return loss_fn


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("plain", {"follows": "labels", "normalised": False, "temperature": 1.0, "chunk": 16, "copies": False}),
        ("masked", {"follows": "labels", "copies": True}),
        ("cosine", {"follows": "labels", "normalised": True, "temperature": 1.0}),
        ("warm", {"temperature": 4.0}),
        ("scaled", {"temperature": 0.05}),
        ("order", {"follows": "order"}),
        ("chunks", {"chunk": 4}),
    ],
)
def test_the_loss_is_recognised_from_made_up_vectors(kind, expected):
    found = measure_loss(Case(None, None, loss_fn=loss_of(kind)))
    assert {name: found[name] for name in expected} == expected


def collate_of(case, kind):
    def collate(samples):
        passages = [
            p
            for s in samples
            for p in ((s["gold_context"], case.passages[3]) if kind in ("hard", "order") else (s["gold_context"],))
        ]
        step = len(passages) // len(samples)
        Q = case.tokenizer(
            [("query: " if kind == "prefix" else "") + s["question"] for s in samples],
            padding="max_length" if kind == "full" else True,
            max_length=100,
            return_tensors="pt",
        )
        options = dict(padding=True, truncation=True, max_length=32 if kind == "short" else 100, return_tensors="pt")
        texts, titles = [p["text"] for p in passages], [("passage: " if kind == "told" else "") + p["title"] for p in passages]
        P = case.tokenizer(texts, **options) if kind == "text" else case.tokenizer(titles, texts, **options)
        labels = torch.arange(len(samples)) * (1 if kind == "order" else step)
        mask = torch.ones_like(P.attention_mask) if kind == "mask" else P.attention_mask
        batch = (Q.input_ids, Q.attention_mask, P.input_ids, mask, labels)
        return (*batch[2:4], *batch[:2], labels) if kind == "exchanged" else batch

    return collate


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("plain", {"labels": 1.0, "mask": 0.0, "style": "pair", "exchanged": False, "question_prefix": ""}),
        ("hard", {"labels": 1.0, "in_order": False, "rows": 32}),
        ("order", {"labels": 1 / 16, "in_order": True}),
        ("text", {"style": "text", "labels": 1.0}),
        ("exchanged", {"exchanged": True}),
        ("prefix", {"question_prefix": "query :", "passage_prefix": ""}),
        ("told", {"question_prefix": "", "passage_prefix": "passage :", "labels": 1.0}),
    ],
)
def test_the_batch_is_read(case, kind, expected):
    case.collate = collate_of(case, kind)
    found = measure_collate(case)
    assert {name: found[name] for name in expected} == expected
    assert kind != "short" or found["longest"] < 0.7 * found["expected_longest"]


def test_padding_to_the_maximum_is_wasted(case):
    case.collate = collate_of(case, "full")
    assert measure_collate(case)["blank"] > 0.5


def test_masks_that_count_padding(case):
    case.collate = collate_of(case, "mask")
    assert measure_collate(case)["mask"] > 0.01
