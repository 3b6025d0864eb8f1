"""Isolates a student's code by means of the operating system: namespaces, dropped rights and limits.

There are two levels of isolation, and every result records its level:

    namespaces   Linux: the code runs in its own mount, network, pid and IPC namespaces, and as another user if the grader is
                 root. It sees an empty scratch folder and a read-only file system that holds Python, its packages, the system's
                 libraries and dpr_course. It sees nothing else of this machine or of other runs.
    limits       systems that allow no namespaces (macOS, some containers): only time, memory (not on macOS), processes, files
                 and output are limited. The code can read whatever the grader's user can read.

`enter` is called once in a warm process, which has already imported torch, and replaces the file system of this process. Each
child of the process is process 1 of a new pid namespace (`new_pid_namespace`). In the child, `enter_child` sets limits and takes
away network and rights. The child can never regain what was taken away.
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

SECUREBITS_LOCKED = 0x2F  # user 0 (root) gets no capabilities, and no process can keep or raise any
FIRST_UID = 60_100  # if the grader is root, students' code runs as the users with this id and the ids after it


def enter():
    """Give up this process's access to the machine's files, network and IPC. The process must have only one thread.

    Returns True if this process is the machine's root and can become any user; this is the argument `users` of `enter_child`.
    Raises SandboxError if the system does not allow namespaces.
    """
    if platform.system() != "Linux":
        raise SandboxError(38, "namespaces need Linux")
    uid, gid = os.geteuid(), os.getegid()
    users = owns_users()
    try:
        call("unshare", NEWNS | NEWNET | NEWIPC | NEWUTS)
    except SandboxError:  # this process is not root, or lacks the right: it becomes root of a new user namespace
        call("unshare", NEWUSER | NEWNS | NEWNET | NEWIPC | NEWUTS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        users = False
    new_root()
    return users


def new_pid_namespace():
    """Put the next child of this process into a new PID namespace, as process 1. When the child ends, its descendants end too."""
    call("unshare", NEWPID)


def return_to(pid_namespace):
    """Undo `new_pid_namespace`: put later children into the namespace that the file descriptor `pid_namespace` stands for."""
    call("setns", pid_namespace, NEWPID)


def owns_users():
    """Return whether this process is the machine's root and can become any user."""
    if os.geteuid() != 0:
        return False
    mapped = Path("/proc/self/uid_map").read_text().split()
    return mapped[:2] == ["0", "0"] and int(mapped[2]) > FIRST_UID + 1000


def memory_in_use():
    """Return the bytes of address space that this process uses, or 0 if the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def limit(used, *, memory, cpu, processes, files=256, file_bytes=SCRATCH_BYTES):
    """Set the resource limits of this process and its children.

    used        bytes of address space in use now; 0 if unknown, which means no limit on memory
    memory      maximum bytes of address space beyond `used`
    cpu         maximum processor time in seconds
    processes   maximum number of processes and threads of this user
    files       maximum number of open files
    file_bytes  maximum size of a file
    """
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
        # At the soft limit on processor time, the system sends a signal. A second later, at the hard limit, it kills the process.
        resource.setrlimit(kind, (value, value + (name == "RLIMIT_CPU")))


def enter_child(slot, users, **limits):
    """Isolate this process, which must be process 1 of a new pid namespace.

    The process gets its own network, /proc and scratch folder, and the resource limits that `limit` sets. It loses its rights
    and can no longer make the system calls that system_calls.py forbids.

    slot    number that no other run has at the same time; if `users` is true, the process runs as the user FIRST_UID + slot
    users   whether this process can become any user, as `enter` returned it
    limits  keyword arguments of `limit`
    """
    used = memory_in_use()
    call("unshare", NEWNS | NEWNET)  # a new network too: processes in one network share its abstract Unix sockets
    mount("none", "/", "none", MS_REC | MS_PRIVATE)
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except SandboxError:  # parts of /proc are masked, as in many containers, so the process gets an empty /proc
        mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, the system kills this process first
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
    """For systems without namespaces: set the limits of this process, and change to `folder`, an empty folder.

    limits: keyword arguments of `limit`.
    """
    os.chdir(folder)
    limit(memory_in_use(), **limits)


def die_with_parent():
    """On Linux: have this process killed when its parent ends, and have it adopt descendants whose own parent has ended."""
    if platform.system() == "Linux":
        prctl(PR_SET_PDEATHSIG, 9)
        prctl(PR_SET_CHILD_SUBREAPER, 1)
