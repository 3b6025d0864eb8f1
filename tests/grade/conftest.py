"""Fixtures that the tests of grading share: a Pool of sandbox processes, a made-up class, and temporary result folders."""

import pytest
from handed_in import LOSS, SECRET, STAGE

from autograder.bench import classroom
from autograder.grade import grade as grading
from autograder.sandbox.limits import Limits
from autograder.sandbox.pool import Pool, PoolError


@pytest.fixture(scope="module")
def one_pool():
    """Let all tests of a file share one Pool of sandbox processes, since these take seconds to start."""
    try:
        shared = Pool(limits=Limits())
        shared.run(LOSS, "x = 1")
    except PoolError as e:
        pytest.skip(str(e))

    class Shared:
        def __enter__(self):
            return shared

        def __exit__(self, *_):
            pass

    before, grading.Pool = grading.Pool, Shared
    yield
    grading.Pool = before
    shared.close()


@pytest.fixture
def folders(tmp_path):
    """Return options of `grade` that put results and cache into a temporary folder."""
    return {"results": tmp_path / "results", "cache": tmp_path / "cache", "secret": SECRET, "progress": False}


@pytest.fixture(scope="module")
def a_class(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    classroom.make_class(folder, [STAGE, "01_dual_encoder"], 5, seed=3)
    return folder
