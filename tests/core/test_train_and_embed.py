"""Texts become vectors in the right order, BM25 follows Lucene's formula, and the training loop learns and is reproducible."""

import copy
import re
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import dpr_course
from dpr_course.bm25 import bm25_candidates, word_weights
from dpr_course.candidates import make_candidates
from dpr_course.embed import as_read, embed_passages, embed_questions
from dpr_course.text import has_answer
from dpr_course.train import adamw, batches, linear_schedule, train


@pytest.fixture(scope="module")
def model(reference):
    return reference["make_dual_encoder"](tie_encoders=False).eval()


def test_vectors_come_back_in_order_whatever_the_batch(model, tokenizer, toy_nq):
    passages = toy_nq[2][:23]
    together = embed_passages(model, passages, tokenizer, batch_size=8)
    alone = torch.cat([embed_passages(model, [p], tokenizer) for p in passages])
    assert together.shape == alone.shape and torch.allclose(together, alone, atol=1e-4)
    questions = toy_nq[1][:9]
    together = embed_questions(model, questions, tokenizer, batch_size=4)
    alone = torch.cat([embed_questions(model, [q], tokenizer) for q in questions])
    assert torch.allclose(together, alone, atol=1e-4)


def test_embedding_leaves_the_model_as_it_was(model, tokenizer, toy_nq):
    model.train()
    first = embed_questions(model, toy_nq[1][:3], tokenizer)
    assert model.training, "training mode is put back"
    assert torch.equal(first, embed_questions(model, toy_nq[1][:3], tokenizer)), "no dropout while embedding"
    model.eval()
    with pytest.raises(ValueError, match="empty"):
        embed_questions(model, [], tokenizer)


def test_bm25_finds_rare_words_and_gives_what_make_candidates_gives(toy_nq):
    train_samples, val, passages = toy_nq
    found = bm25_candidates(val[:50], passages, k=10)
    assert set(found[0]) == set(make_candidates(val[:1], passages, [[0]], [[1.0]])[0])
    assert all(len(c["topk_ids"]) == 10 for c in found)
    assert all(c["topk_values"] == sorted(c["topk_values"], reverse=True) for c in found)
    assert sum(c["gold_id"] in c["topk_ids"] for c in found) > 40
    unknown = {"id": "q", "question": "zzzz qqqq", "answers": ["x"], "gold_context": passages[0]}
    assert len(bm25_candidates([unknown], passages[:4], k=10)[0]["topk_ids"]) == 4


def passage(i, text, title=""):
    return {"id": f"p{i}", "title": title, "text": text}


def asked(question):
    return [{"id": "q", "question": question, "answers": ["x"], "gold_context": passage(0, "")}]


def test_bm25_prepares_words_as_lucene_does():
    passages = [passage(0, "the the the the"), passage(1, "Jupiter's moons were counted"), passage(2, "nothing of that kind")]

    def score(question, **options):
        [c] = bm25_candidates(asked(question), passages, **options)
        return dict(zip(c["topk_ids"], c["topk_values"]))

    assert score("the")["p0"] == 0 < score("the", stop_words="none")["p0"]
    assert score("counting moon")["p1"] > 0 == score("counting moon", stem=False)["p1"]
    assert score("jupiter")["p1"] > 0 and score("s")["p1"] == 0, "the s of a possessive is no word"
    assert score("that")["p2"] == 0 and score("were")["p1"] > 0 == score("were", stop_words="more")["p1"]
    empty = [passage(0, "the"), passage(1, "")]
    assert bm25_candidates(asked("moon"), empty)[0]["topk_ids"] == ["p0", "p1"], "no words at all: all scores are zero"
    assert bm25_candidates(asked("the of"), passages)[0]["topk_values"] == [0, 0, 0], "nor in the question"
    with pytest.raises(ValueError, match="'lucene', 'more', 'none'"):
        score("moon", stop_words="english")


def test_bm25_scores_are_those_of_the_formula():
    """The scores equal those of Lucene's BM25 formula, computed by hand with the weights from `word_weights`.

    The question has two words, one of which occurs twice in a passage.
    """
    passages = [passage(0, "moon moon volcano"), passage(1, "moon ice"), passage(2, "play"), passage(3, "sea", title="moon")]
    lengths, k1, b = [3, 2, 1, 2], 0.9, 0.4
    counts = {"moon": [2, 1, 0, 1], "volcano": [1, 0, 0, 0]}
    weights = word_weights("moon volcano", passages)
    assert {w: n for w, (n, _) in weights.items()} == {"moon": 3, "volcano": 1}
    [c] = bm25_candidates(asked("moon volcano"), passages)
    for i, n, value in zip(c["topk_ids"], c["topk_indices"], c["topk_values"]):
        norm = k1 * (1 - b + b * lengths[n] / (sum(lengths) / 4))
        assert value == pytest.approx(sum(weights[w][1] * tf[n] / (tf[n] + norm) for w, tf in counts.items()), rel=1e-4), i


def test_the_cards_state_the_recall_of_bm25(toy_nq):
    """The data card and the model card state the numbers that `python data_scripts/measure_bm25.py` prints."""
    from measure_bm25 import measured, second_sources

    rows = measured(*toy_nq[1:])
    assert rows["BM25", "id"][1] > 75, "the baseline is no straw man"
    assets = Path(dpr_course.__file__).parent / "assets"
    stated = {("toy_nq", f"{name}, by {by}"): row for (name, by), row in rows.items()}
    stated["toy_encoder", "BM25, whole passages"] = rows["BM25", "id"]
    stated["toy_encoder", "BM25, cut at 100 tokens as they are here"] = rows["BM25 on the cut text", "id"]
    for (card, label), row in stated.items():
        found = re.search(rf"^\| {label} \|(.+)\|$", (assets / card / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
        assert found, f"{card}: no row {label}"
        assert [float(v) for v in found[1].split("|")] == pytest.approx(list(row.values()), abs=0.15), f"{card}: {label}"
    text = " ".join((assets / "toy_nq" / "README.md").read_text(encoding="utf-8").split())
    first, together = second_sources(bm25_candidates(*toy_nq[1:]))
    assert f"any of the passages that answer for {first:.1f} %; for {together:.1f} % of those with a second source" in text


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(4, 140))
def test_as_read_is_what_the_encoder_is_given(toy_nq, tokenizer, data, n):
    p = toy_nq[2][data.draw(st.integers(0, len(toy_nq[2]) - 1))]
    [read] = as_read([p], tokenizer, n)
    assert p["text"].startswith(read["text"]) and {**read, "text": p["text"]} == p
    pair = tokenizer(p["title"], p["text"], truncation=True, max_length=n)
    pieces = [t for t, part in zip(tokenizer.convert_ids_to_tokens(pair.input_ids), pair.sequence_ids()) if part == 1]
    letters = tokenizer.backend_tokenizer.normalizer.normalize_str(read["text"])
    if "[UNK]" not in pieces:
        assert "".join(t.removeprefix("##") for t in pieces) == "".join(letters.split())


@pytest.mark.parametrize(
    "text, answers, expected",
    [
        ("Born in 1998.", ["1"], False), ("Born in 1998.", ["1998"], True), ("The U.S. army", ["US"], False),
        ("the us army", ["US"], True), ("New  York City", ["new york"], True), ("York New", ["new york"], False),
        ("anything", [""], False), ("anything", [], False), ("a café here", ["cafe"], False), ("2,718 men", ["2718"], False),
    ],
)  # fmt: skip
def test_has_answer(text, answers, expected):
    assert has_answer(text, answers) is expected


@given(n=st.integers(1, 200), size=st.integers(1, 70), seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_batches_are_even_and_lose_nothing(n, size, seed):
    import random

    found = batches(range(n), size, random.Random(seed))
    assert sorted(x for b in found for x in b) == list(range(n))
    sizes = [len(b) for b in found]
    assert max(sizes) <= size and max(sizes) - min(sizes) <= 1


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.linear = nn.Linear(2, 1)


def collate(samples):
    return torch.tensor(samples, dtype=torch.float32), torch.tensor([[2 * a - b] for a, b in samples], dtype=torch.float32)


def loss_fn(model, batch):
    x, y = batch
    return ((model.linear(x) - y) ** 2).mean(), torch.tensor(1)


SAMPLES = [(a / 10, b / 10) for a in range(8) for b in range(8)]
OPTIONS = dict(epochs=6, batch_size=16, learning_rate=0.1)


def test_training_learns_and_is_reproducible():
    runs = []
    for _ in range(2):
        model = Line()
        runs.append((train(model, SAMPLES, collate, loss_fn, **OPTIONS), model.linear.weight.clone()))
    assert runs[0][0] == runs[1][0] and torch.equal(runs[0][1], runs[1][1])
    steps = runs[0][0].steps
    assert len(steps) == 24 and steps[-1]["loss"] < steps[0]["loss"] / 5
    assert steps[-1]["lr"] < steps[5]["lr"] and steps[0]["lr"] < steps[1]["lr"], "warm-up, then decay"
    assert train(Line(), SAMPLES, collate, loss_fn, **OPTIONS, seed=1).steps != steps


def test_the_best_weights_come_back():
    model, seen = Line(), []

    def evaluate(m):
        seen.append(copy.deepcopy(m.state_dict()))
        return (1.0, 3.0, 2.0, 0.0, 0.0, 0.0)[len(seen) - 1]

    history = train(model, SAMPLES, collate, loss_fn, **OPTIONS, evaluate=evaluate)
    assert history.best_epoch == 2 and len(history.epochs) == 6
    assert torch.equal(model.linear.weight, seen[1]["linear.weight"])
    assert not torch.equal(model.linear.weight, seen[5]["linear.weight"])


def test_a_loss_that_is_not_finite_stops_with_a_reason():
    with pytest.raises(FloatingPointError, match="step 1"):
        train(Line(), SAMPLES, collate, lambda m, b: (m.linear(b[0]).sum() / 0, 0), **OPTIONS)
    with pytest.raises(ValueError, match="empty"):
        train(Line(), [], collate, loss_fn, **OPTIONS)


def test_adamw_groups(reference):
    tied = reference["make_dual_encoder"](tie_encoders=True)
    optimizer = adamw(tied, 1e-3, 0.01)
    decayed, free = (g["params"] for g in optimizer.param_groups)
    assert len({id(p) for p in decayed + free}) == len(decayed + free) == len(list(tied.parameters()))
    names = {id(p): n for n, p in tied.named_parameters()}
    assert all("norm" not in names[id(p)].lower() and not names[id(p)].endswith("bias") for p in decayed)
    assert any("sa_layer_norm" in names[id(p)] for p in free)


def test_schedule_ends_near_zero():
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule, rates = linear_schedule(optimizer, 40, warmup=0.1), []
    for _ in range(40):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    assert rates[0] == 0.25 and max(rates) == 1.0 and 0 < rates[-1] < 0.05


def test_candidates_refuse_rows_that_do_not_fit(toy_nq):
    with pytest.raises(ValueError):
        make_candidates(toy_nq[1][:2], toy_nq[2], [[0]], [[1.0]])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_candidates_refuse_scores_that_are_no_numbers(toy_nq, value):
    with pytest.raises(ValueError, match="not a finite number"):
        make_candidates(toy_nq[1][:1], toy_nq[2], [[0, 1]], torch.tensor([[value, 1.0]]))
