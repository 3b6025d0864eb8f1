"""Tests the course with the oldest and the newest library versions that pyproject.toml allows: `python -m autograder ranges`.

    oldest   the lowest allowed version of every library that the course needs or can use
    newest   the newest allowed release of every library

Each of these two sets of versions is installed into a new virtual environment, .ranges/oldest or .ranges/newest. There, three tests
must pass. `dpr-course doctor` finds no fault. Every right answer in the course gets full marks under all numeric settings
(`autograder rounding`), compared with the reference's values in the environment where this command was started. The reference
notebooks run. The installation needs the network. The tests then take about twenty minutes per environment. `make ranges` tests
both.
"""

import shutil
import subprocess
import sys
from importlib import metadata

from autograder.authoring.project import read_pyproject
from autograder.places import PYPROJECT, ROOT
from dpr_course.doctor import parse_requirement

FOLDER = ROOT / ".ranges"
ENDS = ("oldest", "newest")
WITHOUT = ("bench",)  # extras (optional dependencies) left out: libraries that the course is compared with but does not use


def least_versions(pyproject=PYPROJECT):
    """Return a list of "name==version", with the lowest version of every library that pyproject.toml allows.

    Raises ValueError if a requirement has no minimum version, or if a library has two different minimum versions.
    """
    project = read_pyproject(pyproject)["project"]
    extras = project["optional-dependencies"]
    lines = project["dependencies"] + [line for extra in extras if extra not in WITHOUT for line in extras[extra]]
    pins = {}
    for line in lines:
        if line.startswith(f"{project['name']}["):  # an extra that only names other extras of the course
            continue
        name, least, _ = parse_requirement(line)
        if not least:
            raise ValueError(f"{pyproject}: {line!r} has no minimum version: write it as name>=version")
        if pins.setdefault(name, least) != least:
            raise ValueError(f"{pyproject}: {name} has two minimum versions, {pins[name]} and {least}: keep only one")
    return [f"{name}=={version}" for name, version in pins.items()]


def prepare(end):
    """Install the oldest or the newest library versions into a new environment. Return the path of its Python program.

    end: "oldest" or "newest".

    Raises OSError if pip fails.
    """
    folder = FOLDER / end
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pins = folder / "pins.txt"
    pins.write_text("\n".join(least_versions() if end == "oldest" else []) + "\n", encoding="utf-8")
    command = [sys.executable, ROOT / "start.py", "install", "dev", "--venv", folder / "venv", "--pins", pins]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if done.returncode:
        raise OSError(f"the {end} versions cannot be installed together: see what pip says above")
    return done.stdout.strip().splitlines()[-1].removeprefix("Ready: ")


def print_versions():
    """Print the versions of the course's libraries in this environment."""
    names = [line.partition("==")[0] for line in least_versions()]
    versions = {d.metadata["Name"].lower(): d.version for d in metadata.distributions()}
    print("  " + ", ".join(f"{n} {versions[n.lower()]}" for n in sorted(names, key=str.lower) if n.lower() in versions))


def run_ranges(ends=ENDS, stages=None):
    """Install and test the library versions of each of `ends`, "oldest" or "newest". Return the exit status, 0 if all is well.

    stages: the stages whose notebooks run, for example "01-03"; by default all.
    """
    expected = FOLDER / "expected.json"
    expected.unlink(missing_ok=True)
    steps = {
        "the versions": ["-c", "from autograder.authoring.ranges import print_versions; print_versions()"],
        "the doctor": ["-m", "dpr_course", "doctor"],
        "the checks": ["-m", "autograder", "rounding", "--expected", expected],
    }
    # The first run of the checks, in this environment, writes the expected values with which the others are compared.
    failed = [] if succeeds(sys.executable, *steps["the checks"]) else ["this environment: the checks"]
    for end in ends:
        print(f"{end}: installing", flush=True)
        python = prepare(end)
        course = ["-m", "autograder", "course", "--out", FOLDER / end / "report", *(["--stages", stages] if stages else [])]
        for name, arguments in {**steps, "the stages": course}.items():
            if not succeeds(python, *arguments):
                failed.append(f"{end}: {name}")
    print("\n".join(f"FAILED {f}" for f in failed) or f"all is well with the {' and the '.join(ends)} versions")
    return 1 if failed else 0


def succeeds(python, *arguments):
    """Run `python` with `arguments` in the course's folder. Return whether its exit status is 0."""
    return subprocess.run([python, *map(str, arguments)], cwd=ROOT).returncode == 0
