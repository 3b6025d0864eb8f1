"""Runs in a student's process: enters the sandbox, runs the answer, observes it on inputs and sends the observations to the grader.

Once the student's code has run, nothing in this process is trusted, because the code may have replaced any part of it. The process
knows the inputs but not the expected values.
"""

import builtins
import contextlib
import logging
import os
import pdb
import re
import socket
import sys
import warnings

import torch

from autograder.repair.statements import OutOfTime, Space, absent
from autograder.sandbox import isolation
from autograder.sandbox.wire import pack, receive, send
from dpr_course.checks.core import preserved_state

MAX_PRINTED = 64 << 10  # characters; the rest is dropped
# The shares of a run's time limit for the exercise's cell and for the student's other cells. What takes longer is stopped.
DEFINE_SHARE, EXTRAS_SHARE = 1 / 4, 1 / 8


class Printed:
    """A standard output that drops everything after the first MAX_PRINTED characters."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self):
        self.left = MAX_PRINTED

    def write(self, text):
        text = str(text)
        kept, self.left = text[: self.left], max(0, self.left - len(text))
        if kept:
            with contextlib.suppress(OSError):
                os.write(1, kept.encode("utf-8", "replace"))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def writable(self):
        return True

    def fileno(self):
        return 1


def define(space, extras, code, names):
    """Run the student's other cells and the exercise's cell. Returns None, or (status, reason) if the cell defines no answer.

    space   the Space in which the code runs
    extras  sources of the student's other cells
    code    source of the exercise's cell
    names   names that the exercise's cell must define
    """
    space.run_extras(extras, code)
    for name in names:
        space.names.pop(name, None)  # only the exercise's own cell may define this name
    try:
        space.run(code, space.cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        where = f" in line {e.lineno}: {(e.text or '').strip()[:80]}" if isinstance(e, SyntaxError) and e.lineno else ""
        if re.search(r"^(<{7}|>{7}) ", code, re.MULTILINE):
            return "syntax error", f"A git merge conflict is left in the cell{where}"
        return "syntax error", f"The cell is not valid Python ({getattr(e, 'msg', e)}){where}"
    missing = [n for n in names if n not in space.names]
    if not missing:
        return None
    failure = next(filter(None, map(space.failed.get, missing)), space.first)
    if failure is None:
        return "missing", f"The exercise cell does not define {', '.join(missing)}."
    return failure.status, f"The exercise cell {failure}"


def nobody_there(what):
    """Return a function that raises RuntimeError. It replaces `what`, for example "input()", which would wait for a person."""

    def stop(*_, **__):
        raise RuntimeError(f"{what} waits for a person, but nobody is there when the work is graded: remove it")

    return stop


def only_there(set_default_device):
    """Return a replacement for `torch.set_default_device` that raises an error at once if the device does not exist.

    Torch's own function accepts such a device without an error, and then every later line fails.
    """

    def checked(device):
        if device is not None:
            torch.empty(0, device=device)
        set_default_device(device)

    return checked


def alone():
    """Replace functions that wait for a person, such as `input`, by functions that raise an error: nobody is there.

    Also make `torch.set_default_device` raise an error if the device does not exist.
    """
    torch.set_default_device = only_there(torch.set_default_device)
    builtins.input = nobody_there("input()")
    sys.breakpointhook = nobody_there("breakpoint()")
    pdb.set_trace = nobody_there("pdb.set_trace()")


def observe(check, namespace, seed, failed=None):
    """Return what `check` observes of the student's functions on the inputs drawn from `seed`, packed by `wire.pack`.

    `failed` is {name: Failure} for the names that the student's other lines failed to define. If one of these names causes an
    error, the text of that error also says which line failed.
    """
    with preserved_state(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        seen = check.observe({n: namespace[n] for n in check.names}, seed)
    errors = {k: f"{v}{absent(v, failed or {})}" for k, v in seen.items() if k.endswith(".error") and isinstance(v, str)}
    return pack({**seen, **errors})


def serve(check, namespace, sock):
    """Make one run over the socket `sock`.

    The steps are: send a message that the sandbox was entered; receive the code and the published seed; send the observation;
    receive the hidden seeds; send their observations.
    """
    sys.stdout = sys.stderr = Printed()
    # makes torch create this fork's thread pool now, because two threads must not create it at the same time
    torch.set_num_threads(1)
    send(sock, {"entered": True})
    request = receive(sock)
    alone()
    time = request["seconds"]
    space = Space(namespace, f"exercise {check.number}", time * EXTRAS_SHARE, time * DEFINE_SHARE)
    problem = define(space, request["extras"], request["code"], check.names)
    if problem:
        send(sock, {"failed": problem[0], "reason": problem[1]})
        return
    try:
        send(sock, {"observation": observe(check, space.names, request["seed"], space.failed)})
        seeds = receive(sock)
        send(sock, {"observations": [observe(check, space.names, s, space.failed) for s in seeds["seeds"]]})
    except SystemExit:
        send(sock, {"failed": "crashed", "reason": "The code called exit(), quit() or sys.exit()."})
    except OutOfTime:
        send(sock, {"failed": "timeout", "reason": "The code set an alarm itself, which went off."})


def student(check, namespace, level, run, data, status, output, scratch):
    """Run the student's code in this process, which was just forked, and end the process. This function never returns.

    level    "namespaces" or "limits"
    run      the request for this run, with its slot and limits
    data, status, output   file descriptors for messages, for the supervisor's report and for printed output
    scratch  the folder to work in if the level is "limits", else None
    """
    code = 70  # exit code: the sandbox could not be entered
    try:
        os.close(status)
        os.setsid()
        limits = {k: run[k] for k in ("memory", "cpu", "processes")}
        if level == "namespaces":
            isolation.enter_child(run["slot"], run["users"], **limits)
        else:
            isolation.enter_child_limits_only(scratch, **limits)
        here = os.getcwd()
        os.environ.update(HOME=here, TMPDIR=here, MPLCONFIGDIR=here)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.dup2(data, 3)
        os.closerange(4, 1024)
        code = 71  # exit code from here on: the student's code ended the process, or the check itself failed
        serve(check, namespace, socket.socket(fileno=3))
        code = 0
    except MemoryError:
        code = 72
    except OSError as e:
        if code == 70:  # no code of the student has run, and descriptor 2 is still that of the grader
            os.write(2, f"the sandbox could not be entered: {e}\n".encode())
    finally:
        os._exit(code)
