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
import sys
from pathlib import Path

NEWNS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWUTS = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x4000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = (
    1, 4, 22, 28, 36, 38,
)  # fmt: skip
SECUREBITS_LOCKED = 0x2F  # uid 0 gives no capabilities, and none can be kept or raised
FIRST_UID = 60_100  # students' code runs as this user or one of the next, when the grader is root

SCRATCH = "/scratch"
SCRATCH_BYTES = 64 << 20


class SandboxError(OSError):
    """The system does not allow what was asked for."""


_libc = ctypes.CDLL(None, use_errno=True)


def _call(name, *args):
    if getattr(_libc, name)(*args) != 0:
        errno = ctypes.get_errno()
        raise SandboxError(errno, f"{name}: {os.strerror(errno)}")


def _mount(source, target, kind, flags, data=None):
    encoded = [x.encode() if isinstance(x, str) else x for x in (str(source), str(target), kind)]
    _call("mount", *encoded, ctypes.c_ulong(flags), data.encode() if data else None)


def _prctl(option, value):
    _call("prctl", option, ctypes.c_ulong(value), 0, 0, 0)


def _pivot_root(new, old):
    number = {"x86_64": 155, "aarch64": 41}.get(platform.machine())
    if number is None:
        raise SandboxError(38, f"no pivot_root on {platform.machine()}")
    if _libc.syscall(ctypes.c_long(number), new.encode(), old.encode()) != 0:
        raise SandboxError(ctypes.get_errno(), "pivot_root failed")


def visible_paths():
    """What a student's code may read: Python, its packages, the system's libraries and the helper package."""
    import dpr_course

    wanted = {Path("/usr"), Path("/lib"), Path("/lib64"), Path("/bin"), Path("/etc/ld.so.cache"), Path("/etc/localtime")}
    wanted |= {Path(sys.base_prefix), Path(sys.prefix), Path(dpr_course.__file__).parent}
    wanted |= {Path(p) for p in sys.path if Path(p).name in ("site-packages", "dist-packages")}
    wanted |= {Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"), Path("/dev/random"), Path("/dev/full")}
    return sorted({str(p) for p in wanted if p.exists() and str(p) != "/"})


def _bind(path, root):
    target = Path(f"{root}{path}")
    if os.path.islink(path):  # /lib -> usr/lib
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.readlink(path))
        return
    if os.path.isdir(path):
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    _mount(path, target, "none", MS_BIND | MS_REC)
    # The flags that a mount came with are locked in a user namespace: they must be named again.
    flags = os.statvfs(path).f_flag
    kept = flags & (MS_NODEV | MS_NOEXEC | 1024 | 2048) | (1 << 21 if flags & 4096 else 0)  # noatime, nodiratime, relatime
    device = 0 if path.startswith("/dev/") else MS_NODEV
    _mount("none", target, "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | device | kept)


def _new_root():
    """A file system of read-only windows on `visible_paths`, and nothing behind them."""
    _mount("none", "/", "none", MS_REC | MS_PRIVATE)
    root = "/tmp"  # covered by a new tmpfs in this namespace only
    paths = visible_paths()
    # A folder of the machine's own /tmp may be among the paths: hold on to it before it is covered.
    held = {p: os.open(p, os.O_PATH) for p in paths if not os.path.islink(p)}
    _mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=755")
    for p in sorted(paths, key=len):
        if any(p != q and p.startswith(q + "/") for q in paths if not os.path.islink(q)) and not p.startswith("/dev/"):
            continue  # inside a window already
        if p.startswith("/tmp/"):
            target = Path(f"{root}{p}")
            target.mkdir(parents=True, exist_ok=True)
            _mount(f"/proc/self/fd/{held[p]}", target, "none", MS_BIND | MS_REC)
            _mount("none", target, "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID)
        else:
            _bind(p, root)
    for fd in held.values():
        os.close(fd)
    for hidden in ("/usr/local/share", "/usr/share/jupyter"):  # where nbgrader's exchange may be
        if os.path.isdir(f"{root}{hidden}"):
            _mount("tmpfs", f"{root}{hidden}", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    for folder in ("proc", "etc", SCRATCH.strip("/"), ".old"):
        Path(root, folder).mkdir(exist_ok=True)
    # A process of a user namespace may mount its own /proc only where it sees one already; `enter_child` covers this one.
    _mount("/proc", f"{root}/proc", "none", MS_BIND | MS_REC)
    if not Path(root, "tmp").exists():
        Path(root, "tmp").symlink_to(SCRATCH)
    Path(root, "etc/passwd").write_text("root:x:0:0::/:/bin/sh\nstudent:x:60100:60100::/scratch:/bin/sh\n")
    _pivot_root(root, f"{root}/.old")
    os.chdir("/")
    _call("umount2", b"/.old", 2)  # MNT_DETACH
    os.rmdir("/.old")
    _mount("none", "/", "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def enter():
    """Leave this machine's files, network and IPC behind. Call in a process with one thread. Raises SandboxError.

    Returns True if this process can become any user (it is the machine's root), for `enter_child`.
    """
    if platform.system() != "Linux":
        raise SandboxError(38, "namespaces need Linux")
    uid, gid = os.geteuid(), os.getegid()
    users = owns_users()
    try:
        _call("unshare", NEWNS | NEWNET | NEWIPC | NEWUTS)
    except SandboxError:  # not root, or root without the right: try as the root of a user namespace of our own
        _call("unshare", NEWUSER | NEWNS | NEWNET | NEWIPC | NEWUTS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        users = False
    _new_root()
    return users


def new_pid_namespace():
    """The next child of this process is process 1 of a new pid namespace: when it ends, all its descendants do."""
    _call("unshare", NEWPID)


def return_to(pid_namespace):
    """After `new_pid_namespace`: further children belong to the namespace of this descriptor again."""
    _call("setns", pid_namespace, NEWPID)


def owns_users():
    """True if this process is the machine's root and can become any user."""
    if os.geteuid() != 0:
        return False
    mapped = Path("/proc/self/uid_map").read_text().split()
    return mapped[:2] == ["0", "0"] and int(mapped[2]) > FIRST_UID + 1000


# Refused with "not permitted" whatever the rights: nothing that an exercise needs, much that an attack does.
# The second row of each processor closes the ways in which two runs could talk: sockets (socket, bind, connect, listen,
# accept and accept4; a pair of sockets without a name stays), locks on a shared file (flock), and watching one (inotify).
_FORBIDDEN = {
    "x86_64": (0xC000003E, [29, 64, 68, 101, 155, 161, 163, 164, 165, 166, 167, 169, 170, 171, 172, 173, 175, 176, 179, 240, 246, 248, 249, 250, 272, 298, 303, 304, 308, 310, 311, 312, 313, 319, 320, 321, 323, 425, 426, 427, 428, 429, 430, 431, 432, 442,
                            41, 42, 43, 49, 50, 73, 253, 254, 288, 294], 435, 56, 72),
    "aarch64": (0xC00000B7, [194, 190, 186, 180, 279, 117, 41, 51, 89, 40, 39, 224, 225, 142, 105, 106, 60, 104, 217, 218, 219, 97, 241, 264, 265, 268, 270, 271, 272, 273, 294, 280, 282, 425, 426, 427, 428, 429, 430, 431, 432, 442,
                             26, 27, 32, 198, 200, 201, 202, 203, 242], 435, 220, 25),
}  # fmt: skip
_LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1025, 1026)  # of fcntl: record locks of both kinds, leases, watching a folder


def forbid_system_calls():
    """A seccomp filter: no ptrace, mount, new namespace, keyring, bpf, perf, io_uring or kernel module.

    No System V or POSIX IPC and no memfd either: that memory counts against no limit, and some of it outlives the run.
    No socket of any family (VSOCK belongs to no namespace), and no lock or watch on a file that other runs see too: what
    one student's run has learned, the next one's must not be told.

    clone3 keeps its flags in memory, where a filter cannot look: it is "not implemented", and libc falls back to clone.
    """
    if platform.machine() not in _FORBIDDEN:
        return
    arch, numbers, clone3, clone, fcntl = _FORBIDDEN[platform.machine()]
    allow, kill, eperm, enosys = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
    spaces = NEWNS | NEWIPC | NEWUSER | NEWPID | NEWNET | NEWUTS | 0x02000000
    ld, jeq, jge, jset, ret = 0x20, 0x15, 0x35, 0x45, 0x06
    code = [(ld, 0, 0, 4), (jeq, 1, 0, arch), (ret, 0, 0, kill), (ld, 0, 0, 0)]
    code += [(jge, 0, 1, 0x40000000), (ret, 0, 0, kill)]  # the same calls under other numbers
    for number in numbers:
        code += [(jeq, 0, 1, number), (ret, 0, 0, eperm)]
    code += [(jeq, 0, 1, clone3), (ret, 0, 0, enosys)]
    code += [(jeq, 0, 4, clone), (ld, 0, 0, 16), (jset, 0, 1, spaces), (ret, 0, 0, eperm), (ret, 0, 0, allow)]
    code += [(jeq, 0, 1 + 2 * len(_LOCKS), fcntl), (ld, 0, 0, 24)]
    for command in _LOCKS:
        code += [(jeq, 0, 1, command), (ret, 0, 0, eperm)]
    code += [(ret, 0, 0, allow)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *c) for c in code))
    header = struct.pack("HxxxxxxP", len(code), ctypes.addressof(program))
    _call("prctl", PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.c_char_p(header), 0, 0)


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
    _call("unshare", NEWNS | NEWNET)  # the network too: abstract Unix addresses are shared in one
    _mount("none", "/", "none", MS_REC | MS_PRIVATE)
    try:
        _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except SandboxError:  # parts of /proc are masked, as in many containers: then there is none
        _mount("tmpfs", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, this process goes first
    _mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, f"size={SCRATCH_BYTES},nr_inodes=4096,mode=777")
    os.chdir(SCRATCH)
    limit(used, **limits)
    if users:
        os.setgroups([])
        os.setresgid(FIRST_UID, FIRST_UID, FIRST_UID)
        os.setresuid(*[FIRST_UID + slot] * 3)
    else:
        _prctl(PR_SET_SECUREBITS, SECUREBITS_LOCKED)
        header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
        _call("capset", ctypes.c_char_p(header), ctypes.c_char_p(nothing))
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    forbid_system_calls()


def enter_child_limits_only(folder, **limits):
    """Where there are no namespaces: limits, and a session of its own in an empty folder."""
    os.chdir(folder)
    limit(memory_in_use(), **limits)


def die_with_parent():
    """This process is killed when its parent ends, and adopts orphans among its descendants (Linux)."""
    if platform.system() == "Linux":
        _prctl(PR_SET_PDEATHSIG, 9)
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
