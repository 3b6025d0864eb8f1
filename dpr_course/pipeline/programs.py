"""Runs programs for a notebook in separate processes, to measure their memory or to have several ranks at once."""

import linecache
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dpr_course.pipeline.distributed import ranks_environment


def cell_source(function):
    """Return the text of the notebook cell (or of the file) in which `function` was defined."""
    text = "".join(linecache.getlines(function.__code__.co_filename))
    if f"def {function.__name__}" not in text:
        raise ValueError(f"the cell that defines {function.__name__} cannot be read: run it again")
    return text


LEAVE = "\nfrom dpr_course.pipeline.distributed import leave\n\nleave()\n"


def run_program(text, *arguments, nproc=None):
    """Run the Python program `text` in the working folder and return its output. With `nproc`, run that many ranks by torchrun.

    Raises RuntimeError with the last lines of standard error if the program fails.
    """
    start = [sys.executable]
    if nproc:
        start += ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(nproc)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(text + (LEAVE if nproc else ""), encoding="utf-8")
        places = [os.getcwd(), *filter(None, [os.environ.get("PYTHONPATH")])]
        own = {"PYTHONPATH": os.pathsep.join(places), "PYTHONWARNINGS": "ignore", "PYTHONUTF8": "1"}  # output in UTF-8
        done = subprocess.run(
            [*start, str(path), *map(str, arguments)], capture_output=True, encoding="utf-8", env={**ranks_environment(), **own}
        )
    if done.returncode:
        raise RuntimeError("the program failed:\n" + "\n".join(done.stderr.strip().splitlines()[-15:]))
    return done.stdout
