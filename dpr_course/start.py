"""The first cell of every notebook calls `start`: it silences libraries, checks the environment, and finds `previous.py`.

`previous.py` lies beside a notebook and holds reference versions of the exercises of earlier stages. Colab opens a notebook
without the files beside it, so there `previous.py` is downloaded.
"""

import importlib
import os
import subprocess
import sys
import sysconfig
import tempfile
import traceback
import urllib.request
from importlib import metadata
from pathlib import Path

import dpr_course
from dpr_course.doctor import missing, problem, summary
from dpr_course.files import replacing
from dpr_course.quiet import quiet
from dpr_course.stages import UNSOLVED, find_notebooks

COLABS_OWN = ("torch", "transformers", "numpy")  # Colab's own imports would break with other versions of these
FIRST_WITH_PREVIOUS = 2  # stages 00 and 01 use nothing that an earlier stage has built


def version_tag():
    """Return the git tag of the installed version in the course's repository, for example "v0.2.0"."""
    return f"v{dpr_course.__version__}"


def start(stage, repository, tag=None):
    """Prepare the environment of a notebook and print one line about it.

    stage       the notebook's stage, for example "04_in_batch_loss"
    repository  address of the course's repository on GitHub, from which Colab downloads `previous.py`
    tag         git tag of the notebook's release (default: the tag of the installed version)
    """
    quiet()
    enter_environment()
    _tell_plainly()
    if "google.colab" in sys.modules:
        install_missing()
    print(summary(quick=True))
    if "" not in sys.path:
        sys.path.insert(0, "")
    if int(stage[:2]) >= FIRST_WITH_PREVIOUS and not Path("previous.py").exists():
        if "google.colab" in sys.modules:
            fetch_previous(stage, repository, tag or version_tag())
        else:
            find_previous(stage)


def enter_environment():
    """Put the folder of this kernel's commands first on the PATH, unless the PATH holds it: `!dpr-course` and `!pip` need it.

    The folder is not on the PATH if the kernel's environment was not activated: for example, if the environment was chosen in VS
    Code, or if JupyterLab was started by its full path.
    """
    commands = sysconfig.get_path("scripts")
    if commands not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [commands, os.environ.get("PATH")]))


def install_missing():
    """Install the packages that the course needs and Colab lacks. Colab's own torch, transformers and numpy stay as they are."""
    if not (needed := missing()):
        return
    with tempfile.TemporaryDirectory() as folder:
        fixed = Path(folder) / "constraints.txt"
        fixed.write_text("".join(f"{name}=={metadata.version(name)}\n" for name in COLABS_OWN), encoding="utf-8")
        # If pip fails, the doctor's line names the missing package.
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "-c", str(fixed), *needed], check=False)
    importlib.invalidate_caches()


def fetch_previous(stage, repository, tag):
    """Download the stage's `previous.py` of the release `tag` to the working folder. If that fails, print why and write nothing."""
    raw = repository.replace("https://github.com/", "https://raw.githubusercontent.com/")
    address = f"{raw}/{tag}/notebooks/{stage}/previous.py"
    try:
        with replacing("previous.py") as part:
            urllib.request.urlretrieve(address, part)
    except OSError as e:
        print(
            f"previous.py could not be fetched from {address} ({e}). Run this cell again, or upload the file from the folder "
            f"notebooks/{stage} that you were given (Files, at the left)."
        )


def find_previous(stage):
    """Put the stage's folder on Python's path, for a notebook that does not run in that folder, but must import `previous`.

    If the stage's folder is not found, or holds no previous.py, print what to do.
    """
    notebooks = find_notebooks()
    if notebooks and (notebooks / stage / "previous.py").exists():
        sys.path.insert(0, str(notebooks / stage))
    else:
        print(
            f"previous.py, which belongs beside this notebook, is not in {Path.cwd()}. Open the notebook in its own "
            f"folder notebooks/{stage}, or copy previous.py here."
        )


def _tell_plainly():
    """Make cells that fail at an unsolved exercise or a broken library show a short message in place of the traceback.

    Broken libraries are handled here because the notebook's first cell does not import the large libraries: that one of them is
    broken is noticed only when a later cell imports it.
    """

    def show(shell, kind, error, tb, tb_offset=None):
        if str(error).startswith(UNSOLVED):
            name = [frame.f_code.co_qualname for frame, _ in traceback.walk_tb(tb)][-1]
            told = f"Stopped here: {name} is not solved yet.\nWrite your code in its exercise cell (✏️), run that cell and its check, then continue from here."
        elif issubclass(kind, (ImportError, OSError)) and (found := problem()):
            told = f"{kind.__name__}: {error}\n✗ {found}"
        else:
            return shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
        shell._showtraceback(kind, error, [told])  # sent as an error, so that "Run all" still stops at this cell
        return [told]

    try:
        from IPython import get_ipython
    except ImportError:
        return
    if get_ipython() is not None:
        get_ipython().set_custom_exc((NotImplementedError, ImportError, OSError), show)
