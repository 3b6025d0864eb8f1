"""Warm processes (zygotes): torch and transformers are imported once, then every run of an exercise is a forked process.

    base       imports everything; knows no answer, no seed and no submission
      └ exercise zygote    one per exercise: has the names that the exercise may use, enters the sandbox, enforces limits
          └ student        one per run: process 1 of its own pid namespace, runs the code (autograder.sandbox.runner)

The student's process gets the code and the seeds over a socket of its own, so its two ancestors never hold them.
autograder.sandbox.pool starts the base process as `python -m autograder.sandbox.zygote FD`.
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


def warm_up():
    """Import what the checks and the notebooks' cells above the exercises need, and let torch use one thread."""
    import matplotlib.pyplot  # noqa: F401  # most notebooks import it, which takes longer than all else that their cells do
    import torch
    import transformers.models.t5.modeling_t5  # noqa: F401  # for the checks of the reader

    import dpr_course.checks  # noqa: F401
    from dpr_course.quiet import quiet
    from dpr_course.track import get_track

    torch.set_num_threads(1)
    # In a forked process, torch makes a new pool of threads at its first call. If several threads of an answer made this first
    # call at the same time, one of them would get the error "Invalid thread pool!".
    os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))
    quiet()
    get_track().load_tokenizer()  # loaded once here because transformers imports its modules only when they are used
    get_track().load_encoder()


def base(control):
    """Import everything, then fork the warm process of an exercise (its zygote) for each request on the socket `control`.

    With each request comes a socket, on which the zygote receives the code that its exercise may use. This code never passes
    through the base process: even freed memory keeps text, and the zygotes of later exercises would inherit it.
    """
    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # else the garbage collector of each exercise zygote would visit all objects of torch and transformers
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


def draw_published(check):
    """Generate the check's published inputs now; `dpr_course.checks.fixtures.drawn` keeps them for the runs."""
    from dpr_course.checks import observe

    def unsolved(*_, **__):
        raise NotImplementedError

    observe(check, dict.fromkeys(check.names, unsolved), trusted=True)


def exercise(control, message):
    """Start and watch the runs of one exercise, as requested on the socket `control`.

    `message` is the first message, {exercise, sources, previous, level}. Each later message requests a run: {slot, seconds, ...},
    with three file descriptors (data, status, output).
    """
    from dpr_course.checks import CHECKS

    check, level = CHECKS[message["exercise"]], message["level"]
    namespace = namespace_of(message)
    draw_published(check)
    if level == "namespaces":
        try:
            users = isolation.enter()
        except OSError as e:
            send(control, {"error": str(e)})
            return
        # The rest runs in a child that is process 1 of a new pid namespace. When this child ends, all processes that it started end.
        isolation.new_pid_namespace()
        if pid := os.fork():
            control.close()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
            return
        isolation.die_with_parent()
    gc.collect()
    gc.freeze()  # the garbage collector never visits the existing objects again, so forks keep sharing their memory pages
    signal.signal(signal.SIGCHLD, signal.SIG_DFL if level == "namespaces" else signal.SIG_IGN)
    send(control, {"ready": True})
    if level == "namespaces":
        NamespaceRuns(check, namespace, control, users).serve()
    else:
        serve_with_limits(check, namespace, control)


if __name__ == "__main__":
    isolation.die_with_parent()
    base(socket.socket(fileno=int(sys.argv[1])))
