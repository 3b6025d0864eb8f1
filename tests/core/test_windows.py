"""Code that students import and run needs nothing that Windows lacks. The grader needs more, and says so on Windows.

The tests run in processes from which the modules and functions that Windows lacks are removed. Large libraries such as torch
are imported before that, since they have their own code for Windows.
"""

import subprocess
import sys

import pytest

from autograder.places import ROOT

HIDE = """
import asyncio, multiprocessing, os, pathlib, signal, subprocess, sys, tempfile  # noqa: E401
import bm25s, faiss, matplotlib.pyplot, numpy, psutil, pydantic, torch, torch.distributed, tqdm, yaml  # noqa: E401
from transformers import AutoModel, AutoTokenizer, DistilBertConfig, DistilBertModel, PreTrainedTokenizerFast
from IPython.core import interactiveshell
{before}
for name in ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "_posixshmem"):
    sys.modules[name] = None
for name in (
    "fork forkpty register_at_fork getuid geteuid getgid getegid setuid setgid getpgid setpgid setsid killpg getloadavg uname nice "
    "wait wait3 wait4 WIFSIGNALED WTERMSIG WNOHANG mkfifo mknod chown lchown chroot fchmod fchown sched_getaffinity sched_setaffinity "
    "sysconf confstr pipe2 posix_spawn posix_fadvise pread pwrite sendfile openpty major minor getpriority"
).split():
    vars(os).pop(name, None)
for name in "SIGALRM SIGKILL SIGHUP SIGCHLD SIGUSR1 SIGUSR2 SIGQUIT SIGPIPE SIGXCPU alarm setitimer pthread_sigmask pause".split():
    vars(signal).pop(name, None)
"""
EVERYTHING = """
import importlib, pkgutil, dpr_course
for module in pkgutil.walk_packages(dpr_course.__path__, "dpr_course."):
    if module.name != "dpr_course.__main__":
        importlib.import_module(module.name)
"""
SOLVED = """
import warnings; warnings.filterwarnings("error", category=EncodingWarning, module="dpr_course")
import contextlib, io
from dpr_course.checks import CHECKS, verdict
answers = {"__name__": "answers"}
exec(pathlib.Path("notebooks/08_at_scale/previous.py").read_text(encoding="utf-8"), answers)
for check in CHECKS.values():
    if all(n in answers for n in check.names):
        v = verdict(check.exercise, *[answers[n] for n in check.names])
        assert v.passed, (check.number, [t.message for t in v.tests])
        print(check.number, end=" ")
from dpr_course.start import start
os.chdir("notebooks/02_collate"); start("02_collate", repository="https://github.com/a/b"); os.chdir("../..")
from dpr_course.pipeline import programs
from dpr_course import cli, files
with contextlib.redirect_stdout(io.StringIO()):
    cli.main(["carry", "04"] + ["--notebooks", sys.argv[1]])
"""


def python(program, *arguments, before="", **environment):
    """Run a program in the repository's root, without what Windows lacks. Returns the subprocess.CompletedProcess.

    before: code to run before these modules and functions are removed. environment: environment variables to set.
    """
    import os

    kept = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **environment}
    return subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", HIDE.format(before=before) + program, *arguments],
        cwd=ROOT, env=kept, capture_output=True, encoding="utf-8",
    )  # fmt: skip


def test_everything_that_students_import_is_imported():
    done = python(EVERYTHING)
    assert done.returncode == 0, done.stderr


def test_right_answers_pass_and_the_commands_run(tmp_path):
    import shutil

    for stage in ("03_recall_at_k", "04_in_batch_loss"):
        shutil.copytree(ROOT / "notebooks" / stage, tmp_path / stage, ignore=shutil.ignore_patterns("__pycache__"))
    done = python(SOLVED, str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1.1 1.2 1.3 2.1 3.1 3.2 4.1 4.2 5.1 6.1 7.1 7.2 7.3 ") and "✓ dpr-course" in done.stdout


def test_memory_is_measured_without_the_module_resource(tmp_path):
    """The peak memory comes from psutil on Windows, which has neither /proc nor the module `resource`."""
    fake = (
        "import types\ndef none(*_, **__): raise FileNotFoundError\npathlib.Path.read_text = none\n"
        "held = types.SimpleNamespace(memory_info=lambda: types.SimpleNamespace(peak_wset=300 * 2**20))\n"
        "sys.modules['psutil'] = types.SimpleNamespace(Process=lambda: held)\n"
        "from dpr_course.pipeline.peak import peak_memory; print(peak_memory())"
    )
    assert python(fake).stdout == "300.0\n"


def test_torchrun_is_told_what_windows_lacks():
    # Imported first: while os.name is "nt", a module that makes a Path would get a WindowsPath and fail.
    ours = "from dpr_course.pipeline.distributed import ranks_environment"
    done = python(f"{ours}\nos.name = 'nt'\nprint(ranks_environment()['USE_LIBUV'])")
    assert done.stdout == "0\n", done.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_a_pipe_that_knows_few_signs_is_no_reason_to_stop(encoding):
    import os

    kept = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-m", "dpr_course", "doctor"], cwd=ROOT, env=kept, capture_output=True)
    assert done.returncode == 0 and b"dpr-course 0" in done.stdout and b"Traceback" not in done.stderr


def test_the_grader_says_what_it_cannot_do(tmp_path):
    notebook = ROOT / "notebooks" / "01_dual_encoder" / "01_dual_encoder.ipynb"
    program = "sys.argv[:1] = ['autograder']; from autograder.__main__ import main; main()"
    done = python(program, "grade", str(notebook), "--results", str(tmp_path / "results"), "--no-record")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "has no fork" in done.stderr and "WSL" in done.stderr and not list(tmp_path.rglob("*.json"))


def test_the_course_can_be_run():
    ours = "import autograder.course, autograder.authoring.build, autograder.authoring.ranges, autograder.authoring.release"
    done = python(ours, before="import jupytext, nbclient, nbconvert, nbgrader.apps, traitlets")
    assert done.returncode == 0, done.stderr
