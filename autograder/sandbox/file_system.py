"""The file system that a student's code sees: read-only mounts of Python and its packages, and an empty scratch folder."""

import os
import sys
from pathlib import Path

from autograder.sandbox.libc import (
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    call,
    mount,
    pivot_root,
)

SCRATCH = "/scratch"
SCRATCH_BYTES = 64 << 20


def visible_paths():
    """Return the paths that a student's code may read: Python, its packages, the system's libraries and dpr_course."""
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
    mount(path, target, "none", MS_BIND | MS_REC)
    # In a user namespace the original flags of a mount are locked, and must be given again when it is remounted.
    flags = os.statvfs(path).f_flag
    kept = flags & (MS_NODEV | MS_NOEXEC | 1024 | 2048) | (1 << 21 if flags & 4096 else 0)  # noatime, nodiratime, relatime
    device = 0 if path.startswith("/dev/") else MS_NODEV
    mount("none", target, "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | device | kept)


def new_root():
    """Replace this process's root by a file system that holds only read-only mounts of `visible_paths`."""
    mount("none", "/", "none", MS_REC | MS_PRIVATE)
    root = "/tmp"  # a new tmpfs is mounted over /tmp, in this mount namespace only
    paths = visible_paths()
    # The tmpfs will cover the machine's own /tmp, so the paths, some of which may be there, are opened first.
    held = {p: os.open(p, os.O_PATH) for p in paths if not os.path.islink(p)}
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=755")
    for p in sorted(paths, key=len):
        if any(p != q and p.startswith(q + "/") for q in paths if not os.path.islink(q)) and not p.startswith("/dev/"):
            continue  # inside another path that is mounted
        if p.startswith("/tmp/"):
            target = Path(f"{root}{p}")
            target.mkdir(parents=True, exist_ok=True)
            mount(f"/proc/self/fd/{held[p]}", target, "none", MS_BIND | MS_REC)
            mount("none", target, "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID)
        else:
            _bind(p, root)
    for fd in held.values():
        os.close(fd)
    for hidden in ("/usr/local/share", "/usr/share/jupyter"):  # where nbgrader's exchange may be
        if os.path.isdir(f"{root}{hidden}"):
            mount("tmpfs", f"{root}{hidden}", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k")
    for folder in ("proc", "etc", SCRATCH.strip("/"), ".old"):
        Path(root, folder).mkdir(exist_ok=True)
    # In a user namespace, a process may mount a new /proc only if it already sees a /proc. `enter_child` mounts the new one over this.
    mount("/proc", f"{root}/proc", "none", MS_BIND | MS_REC)
    if not Path(root, "tmp").exists():
        Path(root, "tmp").symlink_to(SCRATCH)
    Path(root, "etc/passwd").write_text("root:x:0:0::/:/bin/sh\nstudent:x:60100:60100::/scratch:/bin/sh\n")
    pivot_root(root, f"{root}/.old")
    os.chdir("/")
    call("umount2", b"/.old", 2)  # MNT_DETACH
    os.rmdir("/.old")
    mount("none", "/", "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
