#!/bin/sh
# Library: torch 2.13.0, on Linux.
# Expected: a process that was forked from one that has computed with torch may use threads like any other. (Python's multiprocessing forks
# on Linux, and so do graders and servers that import torch once. That CUDA cannot be used after a fork is documented.)
# Seen: if several threads of the forked process are the first to compute there, some of them end with the RuntimeError "pool INTERNAL ASSERT
# FAILED ... Invalid thread pool!". The first computation in the forked process replaces torch's pool of threads, which does not survive
# a fork, and nothing keeps two threads from doing so together. torch.set_num_threads(torch.get_num_threads()) in the main thread of the
# forked process, before it starts threads, helps.
# Output (the first number differs from run to run):
#   processes in which a thread failed: 40 of 60; after set_num_threads in the main thread: 0 of 60
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6
venv/bin/python - <<'PYTHON'
import os
import threading

import torch

torch.set_num_threads(16)
torch.rand(300, 300).softmax(1)


def computes(barrier, errors):
    """Compute in a thread, at the same moment as the others."""
    barrier.wait()
    try:
        torch.ones(300, 300).softmax(1)
    except RuntimeError as e:
        errors.append(str(e))


def child(set_first):
    """Run four threads, and end the process with status 1 if one of them failed in the expected way."""
    if set_first:
        torch.set_num_threads(torch.get_num_threads())
    barrier, errors = threading.Barrier(4), []
    threads = [threading.Thread(target=computes, args=(barrier, errors)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(1 if any("Invalid thread pool" in e for e in errors) else 0)


def failed(set_first):
    """Fork 60 processes one after the other, and return how many of them failed."""
    found = 0
    for _ in range(60):
        pid = os.fork()
        if pid == 0:
            child(set_first)
        found += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    return found


alone, helped = failed(False), failed(True)
print(f"processes in which a thread failed: {alone} of 60; after set_num_threads in the main thread: {helped} of 60")
assert alone > 0 and helped == 0
PYTHON
