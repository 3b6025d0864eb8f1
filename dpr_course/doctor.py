"""The command `dpr-course doctor`, which says in one line what is wrong with this environment and what to do."""

import importlib
import importlib.metadata
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

IMPORTED_AS = {"PyYAML": "yaml"}
REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*(?:>=\s*([\w.]+))?(.*)")


def parse_requirement(line):
    """Split a requirement such as "name>=version; marker" into (name, minimum version, rest of the line).

    The minimum version is None if the requirement names none.
    """
    return REQUIREMENT.match(line).groups()


def requirements():
    """Return (minimum Python version, {package: minimum version}): the versions that the course needs.

    The versions are read from pyproject.toml or, if that file is missing, from the metadata of the installed package.
    Requirements without a minimum version are left out, and so are requirements with a marker, which apply only to some systems
    or extras.
    """
    path = Path(__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"] if path.exists() else {}
    if project.get("name") == "dpr-course":  # this file is more recent than the installed metadata
        python, lines = project.get("requires-python", ""), project["dependencies"]
    else:
        try:
            about = importlib.metadata.metadata("dpr-course")
            python, lines = about.get("Requires-Python", ""), about.get_all("Requires-Dist") or []
        except importlib.metadata.PackageNotFoundError:
            python, lines = "", []
    found = [parse_requirement(line) for line in lines]
    return python.removeprefix(">="), {name: least for name, least, rest in found if least and not rest}


PYTHON, MINIMUM = requirements()


def missing():
    """Return the packages that the course needs but that are not installed, as a list of "package>=version" for pip."""
    return [f"{package}>={least}" for package, least in MINIMUM.items() if not _installed(package)]


def _installed(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _version(text):
    return tuple(int(n) for n in re.findall(r"\d+", text)[:3])


def problem(quick=False):
    """Return a text on the first problem that would stop the course on this machine, and its remedy; None if there is none.

    If `quick` is true, only the recorded versions of the packages are compared. Otherwise the packages are imported too, which
    takes seconds but shows whether they work.
    """
    if sys.version_info < _version(PYTHON):
        return f"Python is {sys.version.split()[0]}: the course needs {PYTHON} or later. Make an environment with a newer one."
    for package, least in MINIMUM.items():
        have = _installed(package)
        if have is None:
            return f"{package} is not installed in {sys.executable}: run `{sys.executable} -m pip install '{package}>={least}'`."
        if _version(have) < _version(least):
            return f"{package} is {have}: the course needs {least} or later. Run `{sys.executable} -m pip install -U {package}`."
        if quick:
            continue
        try:
            importlib.import_module(IMPORTED_AS.get(package, package))
        except Exception as e:  # a broken installation can raise anything
            return f"{package} {have} is installed but cannot be imported ({type(e).__name__}: {e}). Reinstall it."
    from dpr_course import data, encoders, track

    try:
        chosen = track.get_track()
    except ValueError as e:
        return str(e)
    missing = [p for p in (encoders.TOY_ENCODER / "config.json", data.TOY_NQ / "train.jsonl") if not p.exists()]
    if missing:
        return f"{missing[0]} is missing: the package is not complete. Install it again from its repository."
    try:
        if not (quick and only_cpu()):
            import torch

            from dpr_course.runtime import best_device

            torch.ones(1, device=best_device())
    except Exception as e:
        return f"the device does not work ({type(e).__name__}: {e}). Set DPR_DEVICE=cpu to continue without it."
    path = chosen.data_path
    if path and not os.path.isfile(path) and not os.path.exists(os.path.join(path, "nq-train.json")):
        return (
            f"{path} is neither a file of questions nor a folder with nq-train.json, seen from {os.getcwd()}: set DPR_DATA to its whole "
            f"path, fetch real NQ with `python data_scripts/fetch_nq.py --out {path}`, or unset DPR_TRACK and DPR_DATA."
        )
    if chosen.encoder != "toy":
        try:
            chosen.load_tokenizer()
        except OSError as e:
            return str(e)
    if shutil.disk_usage(".").free < 200e6:
        return "less than 200 MB of disk space is left here: free some, or the notebooks cannot be saved."
    return None


def describe(track):
    """Return the track in words, such as "track toy" or "track distilbert, questions data/nq, encoder distilbert-base-uncased".

    The questions are left out if they are the toy NQ, and the encoder if it has the same name as the track.
    """
    data = f", questions {track.data_path}" if track.data_path else ""
    encoder = f", encoder {track.encoder}" if track.encoder != track.name else ""
    return f"track {track.name}{data}{encoder}"


def only_cpu():
    """Return whether the course is sure to run on the CPU: DPR_DEVICE is "cpu", or this machine has no GPU driver.

    The function does not import torch, because that would take seconds. If DPR_DEVICE is not set, the result on macOS is always
    False, because a Mac may have a GPU.
    """
    if wanted := os.environ.get("DPR_DEVICE"):
        return wanted == "cpu"
    if sys.platform == "darwin":
        return False
    drivers = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/kfd", "/dev/dxg", f"{os.environ.get('SYSTEMROOT', '')}/System32/nvcuda.dll")
    return not any(map(os.path.exists, drivers))


def summary(quick=False):
    """Return one line: the first problem or, if there is none, the versions, the device and the track that the course will use.

    `quick` has the same meaning as in `problem`: if it is true, packages are not imported to test them.
    """
    found = problem(quick)
    if found:
        return f"✗ {found}"
    from dpr_course import __version__, track

    if quick and only_cpu():
        device = "cpu"
    else:
        from dpr_course.runtime import best_device

        device = best_device()
    torch, transformers = map(importlib.metadata.version, ("torch", "transformers"))
    return (
        f"✓ dpr-course {__version__}, Python {sys.version.split()[0]}, torch {torch}, transformers {transformers}, device {device}, "
        f"{describe(track.get_track())}"
    )
