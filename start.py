"""Installs and starts the course on Linux, macOS and Windows. It needs only Python 3.11 or later.

    python start.py             makes the environment .venv and opens the notebooks in JupyterLab
    python start.py install     only makes the environment; `install dev` makes the one for grading or changing the course
    python start.py course      runs the reference course from end to end and writes report/index.html
    python start.py test        runs the test suite

Further arguments go to the program that is started: `python start.py --no-browser` passes its option to JupyterLab, and
`python start.py test tests/core/test_data.py` passes its argument to pytest.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"  # these are a tenth the size of the builds with CUDA
PINS = HERE / "constraints.txt"


def unfit():
    """Return why this Python cannot run the course and what to do, or None if it can."""
    least = re.search(r'^requires-python = ">=([\d.]+)"', (HERE / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)[1]
    if sys.version_info < tuple(map(int, least.split("."))):  # parsed by hand, because a Python that is too old cannot read TOML
        return f"Python {least} or later is needed, but this is {platform.python_version()}: start this file with a newer one, as in `python3.12 start.py`."
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return "PyTorch is no longer made for Intel Macs: work in Colab (see README.md), or with a Python made for Apple silicon."
    return None


def environment_python(venv):
    """Return the path of the Python program in the virtual environment `venv`."""
    return Path(venv) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip(venv, *arguments):
    """Run `pip install` with `arguments` in the environment `venv`. Returns whether it succeeded."""
    return subprocess.call([str(environment_python(venv)), "-m", "pip", "install", "-q", *map(str, arguments)]) == 0


def packages(venv, extra, pins):
    """Install the course and its optional requirements `extra` ("demo" or "dev") into `venv`. Returns whether this succeeded.

    `pins` is a file that fixes the version of each package. If it is None, the newest versions are installed.
    """
    pinned = ["-c", pins] if pins else []
    # torch is installed first and by itself, because PyPI's build for Linux is the large one with CUDA. A Linux machine without
    # an NVIDIA GPU gets the CPU build.
    cpu_only = sys.platform == "linux" and not shutil.which("nvidia-smi")
    # Only torch is taken from that index, not its requirements. If the index does not answer, PyPI's build is installed.
    builds = ["--no-deps", "--retries", "1", "--extra-index-url", CPU_BUILDS] if cpu_only else []
    return pip(venv, *pinned, *builds, "torch") and pip(venv, *pinned, "-e", f"{HERE}[{extra}]")


def install(venv, extra, pins=None):
    """Make the environment `venv`, or bring it up to date, and return the path of its Python. If this fails, end the program.

    extra  "demo" or "dev": which of the course's optional requirements to install
    pins   file that fixes the version of each package. By default, the tested versions are installed or, if this fails, the newest
    """
    ready = Path(venv) / f".ready-{extra}"
    sources = [p for p in (HERE / "pyproject.toml", PINS) if p.exists()]
    python = environment_python(venv)
    fresh = ready.exists() and ready.stat().st_mtime > max(p.stat().st_mtime for p in sources)
    if fresh and ready.read_text(encoding="utf-8") == str(HERE):  # if the folder was moved, the course is installed again
        return python
    print(f"Making the environment {venv}: 1 to 4 minutes, once.", flush=True)
    if not python.exists() and subprocess.call([sys.executable, "-m", "venv", str(venv)]):
        sys.exit(f"{sys.executable} cannot make an environment: see above (on Debian and Ubuntu, install python3-venv).")
    default = PINS if PINS.exists() else None
    done = packages(venv, extra, pins or default)
    if not done and default and not pins:
        print("The tested versions cannot be installed here: trying the newest.", flush=True)
        done = packages(venv, extra, None)
    if not done:
        sys.exit("The packages could not be installed, see above. Run the same command again to continue.")
    # Without this, JupyterLab asks each new user whether it may fetch news.
    quiet = [str(python), "-m", "jupyter", "labextension", "disable", "@jupyterlab/apputils-extension:announcements"]
    subprocess.call(quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ready.write_text(str(HERE), encoding="utf-8")
    return python


def open_notebooks(python, arguments):
    """Run JupyterLab with the environment's `python` until the user closes it. Returns JupyterLab's exit status.

    The environment's commands, such as `dpr-course`, come first on PATH. `arguments` are options for JupyterLab.
    """
    os.environ["PATH"] = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in a container; Jupyter does not run as root without this option
        arguments = ["--allow-root", *arguments]
    return subprocess.call([str(python), "-m", "jupyterlab", str(HERE / "notebooks"), *arguments])


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--venv", default=str(HERE / ".venv"), help="folder of the environment (default: .venv beside this file)")
    parser.add_argument("--pins", help="file of package versions (default: constraints.txt)")
    told, rest = parser.parse_known_args(argv)
    what = rest.pop(0) if rest and rest[0] in ("notebooks", "install", "course", "test") else "notebooks"
    if problem := unfit():
        sys.exit(problem)
    if what in ("course", "test") and not (HERE / "autograder").exists():
        sys.exit(f"`{what}` is for the whole repository: this copy holds what students need. Start it without that word.")
    extra = "dev" if what in ("course", "test") else rest.pop(0) if what == "install" and rest else "demo"
    python = install(told.venv, extra, told.pins)
    if what == "install":
        print(f"Ready: {python}")
        return 0
    if what == "notebooks":
        return open_notebooks(python, rest)
    if what == "course":
        return subprocess.call([str(python), "-m", "autograder", "course", *rest], cwd=HERE)
    return subprocess.call([str(python), "-m", "pytest", *rest], cwd=HERE, env={**os.environ, "HF_HUB_OFFLINE": "1"})


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
