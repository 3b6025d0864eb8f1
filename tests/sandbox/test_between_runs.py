"""What one student's run has learned, the next one's is not told: no way leads from one run of an exercise to another."""

import textwrap

import attacks
import pytest

from autograder.sandbox.pool import Limits, Pool, PoolError

EXERCISE = "get_in_batch_contrastive_loss"
FAMILIES = (
    "AF_UNIX",
    "AF_INET",
    "AF_INET6",
    "AF_NETLINK",
    "AF_PACKET",
    "AF_VSOCK",
    "AF_ALG",
    "AF_CAN",
    "AF_TIPC",
    "AF_BLUETOOTH",
    "AF_QIPCRTR",
)


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


def test_no_socket_of_any_family_can_be_opened(pool):
    body = f"""
        import socket
        for family in {FAMILIES}:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
                try:
                    socket.socket(getattr(socket, family, 0), kind)
                    print(family)
                except OSError as e:
                    if e.errno != 1:  # refused, not merely unknown to this kernel
                        print(family, e.errno)
    """
    assert printed(pool, body) == []


def test_a_pair_of_sockets_works_and_cannot_be_given_an_address(pool):
    body = """
        import multiprocessing, socket
        a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        a.send(b'within')
        print(b.recv(10).decode())
        ours, theirs = multiprocessing.Pipe()
        ours.send('too')
        print(theirs.recv())
        for call in (lambda: a.bind('\\0a name'), lambda: b.connect('\\0a name'), lambda: a.listen()):
            try:
                call()
                print('open')
            except OSError:
                pass
    """
    assert printed(pool, body) == ["within", "too"]


def test_every_run_has_a_network_of_its_own(pool):
    body = "import os\nprint(os.readlink('/proc/self/ns/net'))\n"
    seen = [printed(pool, body)[0] for _ in range(3)]
    assert len(set(seen)) > 1  # the kernel may give a freed number again


def test_no_lock_or_watch_on_a_file_that_all_runs_see(pool):
    body = """
        import ctypes, fcntl, os, struct
        shared = open(os.__file__)
        for name, call in {
            'flock': lambda: fcntl.flock(shared, fcntl.LOCK_SH | fcntl.LOCK_NB),
            'lockf': lambda: fcntl.lockf(shared, fcntl.LOCK_SH | fcntl.LOCK_NB),
            'asking': lambda: fcntl.fcntl(shared, fcntl.F_GETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)),
            'ofd': lambda: fcntl.fcntl(shared, 37, struct.pack('hhqqi4x', fcntl.F_RDLCK, 0, 0, 0, 0)),
            'lease': lambda: fcntl.fcntl(shared, fcntl.F_SETLEASE, fcntl.F_RDLCK),
        }.items():
            try:
                call()
                print(name)
            except OSError:
                pass
        if ctypes.CDLL(None).inotify_init1(0) >= 0:
            print('inotify')
        print(fcntl.fcntl(shared, fcntl.F_GETFD))
    """
    assert printed(pool, body) == ["1"]  # the last line: asking for other things still works


def test_files_that_one_run_leaves_are_not_there_for_the_next(pool):
    body = """
        import os
        print(len(os.listdir('.')), len(os.listdir('/scratch')))
        open('left', 'w').write('seed')
        for folder in ('/', '/dev', '/usr', '/etc', '/proc'):
            try:
                open(os.path.join(folder, 'left'), 'w')
                print(folder)
            except OSError:
                pass
    """
    assert printed(pool, body) == printed(pool, body) == ["0", "0"]
