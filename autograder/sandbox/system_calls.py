"""The system calls that a student's code may not make. Linux enforces this by a seccomp filter."""

import ctypes
import platform
import struct

from autograder.sandbox.libc import NEWIPC, NEWNET, NEWNS, NEWPID, NEWUSER, NEWUTS, PR_SET_SECCOMP, call

# These calls are refused with "not permitted", whatever the rights of the process. No exercise needs them, but many attacks do.
# The second row of each processor closes the channels between two runs: sockets (socket, bind, connect, listen, accept and
# accept4; socketpair is still allowed), locks on a shared file (flock), and watching a shared file (inotify).
_FORBIDDEN = {
    "x86_64": (0xC000003E, [29, 64, 68, 101, 155, 161, 163, 164, 165, 166, 167, 169, 170, 171, 172, 173, 175, 176, 179, 240, 246, 248, 249, 250, 272, 298, 303, 304, 308, 310, 311, 312, 313, 319, 320, 321, 323, 425, 426, 427, 428, 429, 430, 431, 432, 442,
                            41, 42, 43, 49, 50, 73, 253, 254, 288, 294], 435, 56, 72),
    "aarch64": (0xC00000B7, [194, 190, 186, 180, 279, 117, 41, 51, 89, 40, 39, 224, 225, 142, 105, 106, 60, 104, 217, 218, 219, 97, 241, 264, 265, 268, 270, 271, 272, 273, 294, 280, 282, 425, 426, 427, 428, 429, 430, 431, 432, 442,
                             26, 27, 32, 198, 200, 201, 202, 203, 242], 435, 220, 25),
}  # fmt: skip
_LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1025, 1026)  # commands of fcntl: record locks of both kinds, leases, watching a folder


def forbid_system_calls():
    """Install a seccomp filter in this process and its children. On an unknown processor, do nothing.

    The filter refuses ptrace, mount, new namespaces, keyrings, bpf, perf, io_uring and kernel modules. It refuses System V and
    POSIX IPC and memfd, because their memory counts against no limit, and some of it outlives the run. It refuses sockets of
    all families, since namespaces do not confine every family (VSOCK), and locks and watches on files that other runs can see.
    No run can therefore pass on what it has learned to another student's run.

    clone3 has its flags in memory, which a filter cannot read. So clone3 fails as "not implemented", and libc uses clone instead.
    """
    if platform.machine() not in _FORBIDDEN:
        return
    arch, numbers, clone3, clone, fcntl = _FORBIDDEN[platform.machine()]
    allow, kill, eperm, enosys = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
    spaces = NEWNS | NEWIPC | NEWUSER | NEWPID | NEWNET | NEWUTS | 0x02000000
    ld, jeq, jge, jset, ret = 0x20, 0x15, 0x35, 0x45, 0x06
    code = [(ld, 0, 0, 4), (jeq, 1, 0, arch), (ret, 0, 0, kill), (ld, 0, 0, 0)]
    code += [(jge, 0, 1, 0x40000000), (ret, 0, 0, kill)]  # the same system calls under other numbers (x32)
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
    call("prctl", PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.c_char_p(header), 0, 0)
