"""Attacks in which one run tells the next what it has learned: by sockets, shared memory, locks, file watches and files.

Each attack in `TELLING` is code that is run before a right answer and prints the name of every channel that it can open; the
test passes if nothing is printed. `MACHINE` holds the attack on the machine's network. The test replaces the word PORT in the
text of that attack by the number of a listening port.
"""

from attacks.answers import inside

_ANY = """
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
    try:
        socket.socket(getattr(socket, {family!r}, 0), kind)
        print({family!r})
    except OSError as e:
        if e.errno != 1:  # refused, not merely unknown to this kernel
            print({family!r}, e.errno)
"""
_SHARED = """
import fcntl, os, struct
shared = open(os.__file__)
try:
    {call}
    print({name!r})
except OSError:
    pass
"""
FAMILIES = (
    "AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_CAN", "AF_TIPC", "AF_BLUETOOTH", "AF_QIPCRTR",
)  # fmt: skip
LOCKS = {
    "flock": "fcntl.flock(shared, fcntl.LOCK_SH | fcntl.LOCK_NB)",
    "lockf": "fcntl.lockf(shared, fcntl.LOCK_SH | fcntl.LOCK_NB)",
    "asking for a lock": "fcntl.fcntl(shared, fcntl.F_GETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0))",
    "a lock of an open file": "fcntl.fcntl(shared, 37, struct.pack('hhqqi4x', fcntl.F_RDLCK, 0, 0, 0, 0))",
    "a lease": "fcntl.fcntl(shared, fcntl.F_SETLEASE, fcntl.F_RDLCK)",
}
_PAIR = """
import socket
a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for call in (lambda: a.bind('\\0a name'), lambda: b.connect('\\0a name'), lambda: a.listen()):
    try:
        call()
        print('open')
    except OSError:
        pass
"""
_LEFT = """
import os
for folder in ('.', '/scratch', '/tmp'):
    if os.path.isdir(folder) and 'left-by-a-run' in os.listdir(folder):
        print('found in', folder)
open('left-by-a-run', 'w').write('seed')
for folder in ('/', '/dev', '/usr', '/etc', '/proc'):
    try:
        open(os.path.join(folder, 'left-by-a-run'), 'w')
        print(folder)
    except OSError:
        pass
"""
_WATCH = """
import ctypes
if ctypes.CDLL(None).inotify_init1(0) >= 0:
    print('inotify')
"""
_SEGMENT = """
import ctypes
libc = ctypes.CDLL(None)
for name, made in (('shm', libc.shmget(78, 4096, 0o1666)), ('msg', libc.msgget(78, 0o1666)), ('sem', libc.semget(78, 1, 0o1666))):
    if made >= 0:
        print(name)
"""
TELLING = {
    **{f"a socket of {family}": _ANY.format(family=family) for family in FAMILIES},
    **{f"{name} on a file that all runs see": _SHARED.format(name=name, call=call) for name, call in LOCKS.items()},
    "a pair of sockets that gets an address": _PAIR,
    "a file left for the next run": _LEFT,
    "a watch on a file": _WATCH,
    "a segment that outlives the run": _SEGMENT,
}
MACHINE = {
    "the network": (inside("import socket\ns = socket.create_connection(('127.0.0.1', PORT), timeout=2)\ns.send(b'loot')"), {"graded"}),
}  # fmt: skip
