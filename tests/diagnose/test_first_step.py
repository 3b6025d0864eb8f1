"""The first step of a training run is repeated, with the same random numbers, under several assumptions about the training.

Only the true assumption gives the recorded loss.
"""

from dataclasses import replace

import pytest
import torch

from autograder.bench.sick import Recipe, World, case_of
from dpr_course.diagnose.first_step import measure_first_step
from dpr_course.diagnose.fits import fits
from dpr_course.diagnose.judge import judge

SMALL = Recipe(questions=24, batch_size=12, epochs=1, seed=3)
BOTH = ("query_encoder", "passage_encoder")
TRAINED = {
    "declared": {},
    "way pooling mean": {"pooling": "mean"},
    "way padding read": {"padded": BOTH},
    "way prefix query: / passage: ": {"prefixes": ("query: ", "passage: ")},
    "way read as text": {"style": "text"},
    "in order": {"hard": True, "labels": 1.0},
    "cosine": {"cosine": True},
    "4": {"chunk": 4},
}


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.mark.parametrize("assumption", TRAINED)
def test_only_the_assumption_by_which_the_run_was_trained_gives_the_recorded_loss(world, assumption):
    before = torch.get_rng_state()
    case = case_of(world, replace(SMALL, **TRAINED[assumption]))
    torch.set_rng_state(before)
    found = measure_first_step(case)
    assert found["exact"][0] == assumption and found["temperatures"] == []
    # The assumption "pooling cls" changes nothing, since the course pools in this way. All other wrong assumptions give another loss.
    assert set(found["exact"]) <= {assumption, "way pooling cls"}
    assert torch.equal(torch.get_rng_state(), before), "the random numbers of the caller go on as if nothing had been drawn"


@pytest.mark.parametrize("divide", [0.05, 1.9, 64.0])
def test_a_temperature_is_found(world, divide):
    found = measure_first_step(case_of(world, replace(SMALL, divide=divide)))
    assert found["exact"] == [] and any(abs(T / divide - 1) < 0.01 for T in found["temperatures"])


def test_a_run_of_another_seed_or_loop_says_nothing(world):
    case = case_of(world, SMALL)
    other = replace(case, settings=replace(case.settings, seed=4))
    found = measure_first_step(other)
    assert found["exact"] == [] and found["tried"]
    assert measure_first_step(replace(case, start=None)) == measure_first_step(replace(case, history=None)) == {}


def measured(first, fault="way padding read", gain=-3.0):
    chunks = {"16": {"loss": 3.0, "accuracy": 0.2}, "8": {"loss": 2.3, "accuracy": 0.3}}
    part = {"chunks": chunks, "texts": 96, "ways": {fault.removeprefix("way "): {"loss": 3.1, "accuracy": 0.2}}}
    return {
        "about": {"batch_size": 16, "style": "pair"},
        "ways": {"questions": 100, "passages": 200, "r1": 50.0, "ways": {fault.removeprefix("way "): {"r1": 50.0 + gain, "gain": gain, "z": -1.0}}},
        "replay": {"start": part | {"recorded": {"loss": 3.0, "accuracy": 0.2}}},
        "first step": first,
    }  # fmt: skip


def first(exact, travel=5e-4):
    tried = {
        "declared": {"loss": 3.0, "accuracy": 0.2},
        "way padding read": {"loss": 3.1, "accuracy": 0.2},
        "8": {"loss": 2.3, "accuracy": 0.3},
    }
    return {"recorded": {"loss": 3.1, "accuracy": 0.2}, "tried": tried, "exact": exact, "temperatures": [], "travel": travel}


def test_an_exact_assumption_is_named_however_small_its_effect_is():
    found = judge(measured(first(["way padding read"])))
    assert [f.fault for f in found] == ["mask-ignored"] and found[0].confidence > 0.9 and "3.1000" in found[0].measured
    assert judge(measured(first([]))) == []


def test_what_was_declared_and_is_exact_clears_the_other_ways():
    gains = measured(first(["declared"]), gain=30.0)
    gains["ways"]["ways"]["padding read"]["z"] = 6.0
    assert judge(gains) == []
    gains["first step"] = first([])
    assert [f.fault for f in judge(gains)] == ["mask-ignored"]


def test_later_steps_with_moved_weights_do_not_count_as_the_start():
    m = measured(first(["declared"]))
    m["replay"]["end"] = m["replay"]["start"]
    m["replay"]["start"] = m["replay"]["end"] | {"recorded": {"loss": 9.0, "accuracy": 0.2}}
    assert fits(m)["declared"] > 50
    m["first step"]["travel"] = 5e-2
    assert fits(m)["declared"] == 0 and fits(m)["8"] >= 100
