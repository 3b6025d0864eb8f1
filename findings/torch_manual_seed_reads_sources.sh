#!/bin/sh
# Library: torch 2.13.0.
# Expected: torch.manual_seed sets the state of random generators. It needs no file, so a program that watches or forbids the opening of
# files (a grader's sandbox, an audit hook, a process whose disk is gone) may call it everywhere.
# Seen: where CUDA is not initialised, the seed for CUDA is kept for later together with a description of the call. For this description
# Python reads the source file of every function that is running, the caller's included. An exception of the audit hook comes out of
# manual_seed. The files are read once, and a call from the same files reads nothing.
# Output:
#   opened by the first call: caller.py; by the second: nothing
#   with a hook that forbids caller.py: RuntimeError: caller.py is closed
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6
cat > caller.py <<'PYTHON'
import torch


def seed(number):
    torch.manual_seed(number)
PYTHON
cat > driver.py <<'PYTHON'
import linecache
import pathlib
import sys

import torch  # noqa: F401

import caller

opened, closed = [], set()


def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        name = pathlib.Path(arguments[0]).name
        if name in closed:
            raise RuntimeError(f"{name} is closed")
        if name == "caller.py":
            opened.append(name)


sys.addaudithook(hook)
caller.seed(0)
first = sorted(set(opened))
opened.clear()
caller.seed(1)
print(f"opened by the first call: {', '.join(first)}; by the second: {', '.join(opened) or 'nothing'}")
assert first == ["caller.py"] and not opened
linecache.clearcache()
closed.add("caller.py")
try:
    caller.seed(2)
    seen = "no error"
except RuntimeError as e:
    seen = f"RuntimeError: {e}"
print(f"with a hook that forbids caller.py: {seen}")
assert seen == "RuntimeError: caller.py is closed"
PYTHON
venv/bin/python driver.py
