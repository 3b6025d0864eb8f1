"""One run cannot pass on to a later run what it has learned: the two share no channel."""

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
    """Run the code `body` above a right answer. Returns the words that it printed."""
    outcome = pool.run(EXERCISE, textwrap.dedent(body) + attacks.RIGHT)
    assert outcome["status"] == "ran", outcome
    return outcome["output"].split()


def test_one_run_can_tell_the_next_one_nothing(pool, attacked):
    """No attack finds an open channel. Each is run twice, so that its second run could find what its first run left behind."""
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
    assert len(set(seen)) > 1  # not == 3: the kernel may use the number of an ended namespace again
