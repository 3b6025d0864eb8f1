"""Linux system calls for which Python has no function, called through libc, and their constants."""

import ctypes
import os
import platform

NEWNS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWUTS = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x4000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = (
    1, 4, 22, 28, 36, 38,
)  # fmt: skip


class SandboxError(OSError):
    """Raised if the system refuses a system call."""


_libc = ctypes.CDLL(None, use_errno=True)


def call(name, *args):
    if getattr(_libc, name)(*args) != 0:
        errno = ctypes.get_errno()
        raise SandboxError(errno, f"{name}: {os.strerror(errno)}")


def mount(source, target, kind, flags, data=None):
    encoded = [x.encode() if isinstance(x, str) else x for x in (str(source), str(target), kind)]
    call("mount", *encoded, ctypes.c_ulong(flags), data.encode() if data else None)


def prctl(option, value):
    call("prctl", option, ctypes.c_ulong(value), 0, 0, 0)


def pivot_root(new, old):
    number = {"x86_64": 155, "aarch64": 41}.get(platform.machine())
    if number is None:
        raise SandboxError(38, f"no pivot_root on {platform.machine()}")
    if _libc.syscall(ctypes.c_long(number), new.encode(), old.encode()) != 0:
        raise SandboxError(ctypes.get_errno(), "pivot_root failed")
