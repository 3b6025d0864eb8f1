"""Runs nbgrader's command line in a process that has already imported nbgrader, since its import takes 3 seconds."""

import multiprocessing
import os
from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["nbgrader.apps.nbgraderapp"])


def _child(arguments, folder, environment, log):
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.update(environment)
    from nbgrader.apps.nbgraderapp import NbGraderApp

    NbGraderApp.launch_instance(argv=[str(a) for a in arguments])


def nbgrader(*arguments, folder, environment, log):
    """Run `nbgrader ARGUMENTS` in `folder`. Returns (exit code, output). Raises RuntimeError if it takes more than 15 minutes.

    environment: environment variables to set. log: the file that its output is written to.
    """
    process = _context.Process(target=_child, args=(arguments, str(folder), environment, str(log)))
    process.start()
    process.join(900)
    if process.exitcode is None:
        process.kill()
        raise RuntimeError(f"nbgrader {' '.join(map(str, arguments))} did not end")
    return process.exitcode, Path(log).read_text(encoding="utf-8", errors="replace")
