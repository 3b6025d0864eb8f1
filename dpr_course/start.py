"""The work of every notebook's first cell: it silences libraries, checks the environment and finds or fetches `previous.py`."""

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

COLABS_OWN = ("torch", "transformers", "numpy")  # other versions of these would break Colab's own imports
FIRST_WITH_PREVIOUS = 2  # stages 00 and 01 use nothing that an earlier stage has built


def version_tag():
    """Return the repository's tag of the installed version, for example "v0.2.0"."""
    return f"v{dpr_course.__version__}"


def start(stage, repository, tag=None):
    """Prepare a notebook and print one line about the environment.

    stage       the notebook's stage, for example "04_in_batch_loss"
    repository  address from which Colab, which opens a notebook without the files beside it, gets `previous.py`
    tag         release of the notebook; by default that of the installed version
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
    """Put the commands of this kernel's environment first on the PATH, so that `!dpr-course` and `!pip` are those of the kernel.

    The environment need not be activated, for example if it was chosen in VS Code or if JupyterLab was started by its path.
    """
    commands = sysconfig.get_path("scripts")
    if commands not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [commands, os.environ.get("PATH")]))


def install_missing():
    """Install the packages that the course needs and Colab lacks. torch, transformers and numpy keep their versions."""
    if not (needed := missing()):
        return
    with tempfile.TemporaryDirectory() as folder:
        fixed = Path(folder) / "constraints.txt"
        fixed.write_text("".join(f"{name}=={metadata.version(name)}\n" for name in COLABS_OWN), encoding="utf-8")
        # If pip fails, the doctor's line names the missing package.
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "-c", str(fixed), *needed], check=False)
    importlib.invalidate_caches()


def fetch_previous(stage, repository, tag):
    """Fetch the stage's `previous.py` of release `tag` into the working folder, completely or not at all. Print any failure."""
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
    """Make `previous` importable from the stage's own folder, for a notebook that runs in another folder of the course."""
    notebooks = find_notebooks()
    if notebooks and (notebooks / stage / "previous.py").exists():
        sys.path.insert(0, str(notebooks / stage))
    else:
        print(
            f"previous.py, which belongs beside this notebook, is not in {Path.cwd()}. Open the notebook in its own "
            f"folder notebooks/{stage}, or copy previous.py here."
        )


def _tell_plainly():
    """Replace the traceback by a short message where a cell meets an unsolved exercise or a broken library. The cell still fails.

    The first cell does not import the large libraries, so a broken installation is noticed only where one is imported.
    """

    def show(shell, kind, error, tb, tb_offset=None):
        if str(error).startswith(UNSOLVED):
            name = [frame.f_code.co_qualname for frame, _ in traceback.walk_tb(tb)][-1]
            told = f"Stopped here: {name} is not solved yet.\nWrite your code in its exercise cell (✏️), run that cell and its check, then continue from here."
        elif issubclass(kind, (ImportError, OSError)) and (found := problem()):
            told = f"{kind.__name__}: {error}\n✗ {found}"
        else:
            return shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
        shell._showtraceback(kind, error, [told])  # sent as an error, so that "Run all" still stops here
        return [told]

    try:
        from IPython import get_ipython
    except ImportError:
        return
    if get_ipython() is not None:
        get_ipython().set_custom_exc((NotImplementedError, ImportError, OSError), show)
