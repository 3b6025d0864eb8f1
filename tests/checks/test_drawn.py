"""The checks keep drawn inputs in memory. Kept inputs equal newly drawn ones, and leave random generators in the same state."""

import numpy as np
import pytest
import torch

from dpr_course.checks.batches import draw_copies, plain_batch
from dpr_course.checks.fixtures import distinct_ids, generator, snapshot, tiny_backbone
from dpr_course.checks.hard_negatives import MineHardNegatives
from dpr_course.checks.reader import tiny_reader


def content(value):
    if isinstance(value, torch.nn.Module):
        return snapshot(value.state_dict())
    return snapshot(vars(value) if hasattr(value, "__dataclass_fields__") else value)


DRAWS = [
    lambda draw, rng: draw(distinct_ids)(rng, 5),
    lambda draw, rng: draw(tiny_backbone)(rng, dim=8, layers=2),
    lambda draw, rng: draw(tiny_reader)(rng),
    lambda draw, rng: draw(plain_batch)(rng, True),
    lambda draw, rng: draw(draw_copies)(rng),
    lambda draw, rng: draw(MineHardNegatives._draw)(rng),
]


@pytest.mark.parametrize("ask", DRAWS)
@pytest.mark.parametrize("seed", [3, 2**40])
def test_what_is_read_back_is_what_would_be_drawn(ask, seed):
    for _ in range(3):
        new, old = generator(seed), generator(seed)
        torch.manual_seed(7)
        random_state = torch.get_rng_state()
        drawn, read = ask(lambda f: f.__wrapped__, new), None
        torch.set_rng_state(random_state)
        read = ask(lambda f: f, old)
        assert content(read) == content(drawn) and old.random() == new.random()
        assert torch.equal(torch.get_rng_state(), random_state), "reading back must not differ from drawing"


def test_each_call_returns_a_copy():
    first = plain_batch(generator(1), True)
    first.X.zero_()
    first.P += 1
    again = plain_batch(generator(1), True)
    assert again.X.any() and not torch.equal(again.P, first.P)


def test_another_state_of_the_generator_gives_other_inputs():
    rng = np.random.default_rng(5)
    a, b = distinct_ids(rng, 4), distinct_ids(rng, 4)
    assert content(a) != content(b) and content(distinct_ids(np.random.default_rng(5), 4)) == content(a)
    assert content(distinct_ids(np.random.default_rng(5), 4, vocabulary=12)) != content(a)
