"""Runs Python programs in separate processes for a notebook, to measure their memory or to train in several processes."""

import linecache
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dpr_course.pipeline.distributed import ranks_environment


def cell_source(function):
    """Return the source text of the notebook cell, or of the file, that defines `function`.

    Raises ValueError if the text cannot be read.
    """
    text = "".join(linecache.getlines(function.__code__.co_filename))
    if f"def {function.__name__}" not in text:
        raise ValueError(f"the cell that defines {function.__name__} cannot be read: run it again")
    return text


LEAVE = "\nfrom dpr_course.pipeline.distributed import leave\n\nleave()\n"


def run_program(text, *arguments, nproc=None):
    """Run the Python source `text` as a program in the working folder, with `arguments`, and return its standard output.

    With `nproc`, torchrun starts the program in `nproc` processes. If the program fails, raises RuntimeError with the last lines
    that it wrote to standard error.
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
