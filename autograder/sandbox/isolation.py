"""What the operating system can do to keep a student's code in: namespaces, no rights, limits. Linux, through libc.

Two levels, and every result says which one it had:

    namespaces   own mount, network, pid and IPC namespaces and another user; sees a read-only file system that holds
                 Python, the helper package and an empty scratch folder, and nothing else of this machine or of other runs
    limits       where the system allows no namespaces (macOS, some containers): limits on time, memory, processes,
                 files and output only; files of this user can be read

The order is: `enter` once in a warm process (the file system), `enter_child` in each of its children (pid, scratch,
limits, rights). A process that was let into its child's state never gets anything back.
"""

import contextlib
import ctypes
import os
import platform
import resource
import struct
from pathlib import Path

from autograder.sandbox.file_system import SCRATCH, SCRATCH_BYTES, new_root
from autograder.sandbox.libc import (
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    NEWIPC,
    NEWNET,
    NEWNS,
    NEWPID,
    NEWUSER,
    NEWUTS,
    PR_SET_CHILD_SUBREAPER,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    PR_SET_SECUREBITS,
    SandboxError,
    call,
    mount,
    prctl,
)
from autograder.sandbox.system_calls import forbid_system_calls

SECUREBITS_LOCKED = 0x2F  # uid 0 gives no capabilities, and none can be kept or raised
FIRST_UID = 60_100  # students' code runs as this user or one of the next, when the grader is root


def enter():
    """Leave this machine's files, network and IPC behind. Call in a process with one thread. Raises SandboxError.

    Returns True if this process can become any user (it is the machine's root), for `enter_child`.
    """
    if platform.system() != "Linux":
        raise SandboxError(38, "namespaces need Linux")
    uid, gid = os.geteuid(), os.getegid()
    users = owns_users()
    try:
        call("unshare", NEWNS | NEWNET | NEWIPC | NEWUTS)
    except SandboxError:  # not root, or root without the right: try as the root of a user namespace of our own
        call("unshare", NEWUSER | NEWNS | NEWNET | NEWIPC | NEWUTS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        users = False
    new_root()
    return users


def new_pid_namespace():
    """The next child of this process is process 1 of a new pid namespace: when it ends, all its descendants do."""
    call("unshare", NEWPID)


def return_to(pid_namespace):
    """After `new_pid_namespace`: further children belong to the namespace of this descriptor again."""
    call("setns", pid_namespace, NEWPID)


def owns_users():
    """True if this process is the machine's root and can become any user."""
    if os.geteuid() != 0:
        return False
    mapped = Path("/proc/self/uid_map").read_text().split()
    return mapped[:2] == ["0", "0"] and int(mapped[2]) > FIRST_UID + 1000


def memory_in_use():
    """Bytes of address space of this process, 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def limit(used, *, memory, cpu, processes, files=256, file_bytes=SCRATCH_BYTES):
    """Resource limits of this process and its children. memory: bytes beyond the `used` ones; cpu: seconds."""
    wanted = [
        ("RLIMIT_CORE", 0), ("RLIMIT_CPU", int(cpu) + 1), ("RLIMIT_FSIZE", file_bytes), ("RLIMIT_NOFILE", files),
        ("RLIMIT_AS", used + memory), ("RLIMIT_NPROC", processes), ("RLIMIT_MEMLOCK", 0), ("RLIMIT_MSGQUEUE", 0),
    ]  # fmt: skip
    for name, value in wanted:
        kind = getattr(resource, name, None)
        if kind is None or (name == "RLIMIT_AS" and not used):
            continue
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard - (name == "RLIMIT_CPU"))
        # A second later the system kills what did not end at the signal that says that its processor time is over.
        resource.setrlimit(kind, (value, value + (name == "RLIMIT_CPU")))


def enter_child(slot, users, **limits):
    """In process 1 of a new pid namespace: its own network, /proc and scratch folder, another user, no rights, limits."""
    used = memory_in_use()
    call("unshare", NEWNS | NEWNET)  # the network too: abstract Unix addresses are shared in one
    mount("none", "/", "none", MS_REC | MS_PRIVATE)
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except SandboxError:  # parts of /proc are masked, as in many containers: then there is none
        mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, this process goes first
    mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, f"size={SCRATCH_BYTES},nr_inodes=4096,mode=777")
    os.chdir(SCRATCH)
    limit(used, **limits)
    if users:
        os.setgroups([])
        os.setresgid(FIRST_UID, FIRST_UID, FIRST_UID)
        os.setresuid(*[FIRST_UID + slot] * 3)
    else:
        prctl(PR_SET_SECUREBITS, SECUREBITS_LOCKED)
        header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
        call("capset", ctypes.c_char_p(header), ctypes.c_char_p(nothing))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    forbid_system_calls()


def enter_child_limits_only(folder, **limits):
    """Where there are no namespaces: limits, and a session of its own in an empty folder."""
    os.chdir(folder)
    limit(memory_in_use(), **limits)


def die_with_parent():
    """This process is killed when its parent ends, and adopts orphans among its descendants (Linux)."""
    if platform.system() == "Linux":
        prctl(PR_SET_PDEATHSIG, 9)
        prctl(PR_SET_CHILD_SUBREAPER, 1)
