"""What one student's run has learned, the next one's is not told: no way leads from one run of an exercise to another."""

import textwrap
from concurrent.futures import ThreadPoolExecutor

import attacks
import pytest
from attacks import sockets

from autograder.sandbox.limits import Limits
from autograder.sandbox.pool import Pool, PoolError

EXERCISE = "get_in_batch_contrastive_loss"


@pytest.fixture(scope="module")
def pool():
    with Pool(limits=Limits(seconds=5.0)) as pool:
        try:
            pool.run(EXERCISE, attacks.RIGHT)
        except PoolError as e:
            pytest.skip(str(e))
        if pool.level != "namespaces":
            pytest.skip("this system allows no namespaces")
        yield pool


def printed(pool, body):
    """What `body` prints while an exercise cell that answers rightly is run."""
    outcome = pool.run(EXERCISE, textwrap.dedent(body) + attacks.RIGHT)
    assert outcome["status"] == "ran", outcome
    return outcome["output"].split()


def test_one_run_can_tell_the_next_one_nothing(pool, attacked):
    """Each is run twice, so that the second run could find what the first one left."""
    attacked("colluding runs", *sockets.TELLING)
    codes = [body + attacks.RIGHT for body in sockets.TELLING.values()] * 2
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(lambda code: pool.run(EXERCISE, code), codes))
    for name, outcome in zip([*sockets.TELLING] * 2, outcomes):
        assert outcome["status"] == "ran" and outcome["output"] == "", (name, outcome)


def test_pairs_of_sockets_pipes_and_other_questions_about_files_work(pool):
    body = """
        import multiprocessing, socket
        a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        a.send(b'within')
        print(b.recv(10).decode())
        ours, theirs = multiprocessing.Pipe()
        ours.send('too')
        print(theirs.recv())
        import fcntl, os
        print(fcntl.fcntl(open(os.__file__), fcntl.F_GETFD))
    """
    assert printed(pool, body) == ["within", "too", "1"]


def test_every_run_has_a_network_of_its_own(pool):
    body = "import os\nprint(os.readlink('/proc/self/ns/net'))\n"
    seen = [printed(pool, body)[0] for _ in range(3)]
    assert len(set(seen)) > 1  # the kernel may give a freed number again
