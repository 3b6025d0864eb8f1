"""Warm processes: torch and transformers are imported once, then every run of an exercise is a fork.

    base       imports everything; knows no answer, no seed and no submission
      └ exercise zygote    one an exercise: holds what that exercise may see, has entered the sandbox, watches the clock
          └ student        one a run: process 1 of its own pid namespace, runs the code (autograder.sandbox.runner)

The code and the seeds reach the student's process over its own socket, so that no other process ever held them.
Started by autograder.sandbox.pool as `python -m autograder.sandbox.zygote FD`.
"""

import contextlib
import gc
import os
import signal
import socket
import sys

from autograder.sandbox import isolation
from autograder.sandbox.cell_names import namespace_of
from autograder.sandbox.limited_runs import serve_with_limits
from autograder.sandbox.namespace_runs import NamespaceRuns
from autograder.sandbox.wire import receive, receive_with_fds, send


def base(control):
    """Import everything, then open an exercise zygote for each request: a socket, over which it gets what it may see.

    That never passes through this process: freed memory keeps its text, and every later exercise would inherit it.
    """
    import torch

    torch.set_num_threads(1)
    from dpr_course.checks import CHECKS  # noqa: F401
    from dpr_course.quiet import quiet
    from dpr_course.track import get_track

    quiet()
    get_track().load_tokenizer()  # warm: transformers imports lazily
    get_track().load_encoder()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    send(control, {"ready": True})
    while True:
        message, fds = receive_with_fds(control, 1)
        if message is None:
            return
        if os.fork() == 0:
            control.close()
            isolation.die_with_parent()
            own = socket.socket(fileno=fds[0])
            exercise(own, receive(own))
            os._exit(0)
        os.close(fds[0])


def exercise(control, message):
    """Serve runs of one exercise. A request is {slot, seconds, ...} with three file descriptors: data, status, output.

    message: the first message, {exercise, sources, previous, level}.
    """
    from dpr_course.checks import CHECKS

    check, level = CHECKS[message["exercise"]], message["level"]
    namespace = namespace_of(message)
    if level == "namespaces":
        try:
            users = isolation.enter()
        except OSError as e:
            send(control, {"error": str(e)})
            return
        # From here on as process 1 of a pid namespace: if this one ends, so does whatever it started.
        isolation.new_pid_namespace()
        if pid := os.fork():
            control.close()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
            return
        isolation.die_with_parent()
    gc.collect()
    gc.freeze()  # what is here now is never looked at again, so its pages stay shared
    signal.signal(signal.SIGCHLD, signal.SIG_DFL if level == "namespaces" else signal.SIG_IGN)
    send(control, {"ready": True})
    if level == "namespaces":
        NamespaceRuns(check, namespace, control, users).serve()
    else:
        serve_with_limits(check, namespace, control)


if __name__ == "__main__":
    isolation.die_with_parent()
    base(socket.socket(fileno=int(sys.argv[1])))
