"""Writes Gradescope's files: the zip of an assignment's autograder, and results.json, the results of one student's upload."""

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

from autograder.authoring.html_templates import write_file
from autograder.authoring.project import read_pyproject
from autograder.places import ROOT, TERM, TERM_OF_COURSE, gathered
from autograder.plain import number, plain
from autograder.submissions.find import find_submissions
from dpr_course.doctor import parse_requirement

TREES = ("dpr_course", "autograder", "solutions", "notebooks")
FILES = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")
SUFFIXES = {
    ".py",
    ".ipynb",
    ".json",
    ".jsonl",
    ".gz",
    ".html",
    ".css",
    ".txt",
    ".md",
    ".safetensors",
    ".npz",
    ".npy",
    ".yaml",
    ".yml",
}
TOLD = 10  # maximum number of files that are listed as not taken

SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image.
set -euo pipefail
cd "$(dirname "$0")"
PYTHON=$(command -v python3.13 || command -v python3.12 || command -v python3.11 || true)
if [ -z "$PYTHON" ]; then
    apt-get update && apt-get install -y python3.11 python3.11-venv
    PYTHON=python3.11
else
    apt-get update && apt-get install -y "$(basename "$PYTHON")-venv"
fi
"$PYTHON" -m venv venv
venv/bin/pip install --no-cache-dir -c constraints.txt --index-url https://download.pytorch.org/whl/cpu torch
venv/bin/pip install --no-cache-dir -c constraints.txt -r requirements.txt
"""

RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for every submission. Whatever happens, results.json is written.
AUTOGRADER=${{AUTOGRADER:-/autograder}}
SOURCE=$(cd "$(dirname "$0")" && pwd)
PYTHON=${{PYTHON:-$SOURCE/venv/bin/python}}
WORK=$(mktemp -d)
cd "$SOURCE"
mkdir -p "$AUTOGRADER/results"
echo '{{"score": 0, "output": "The autograder itself failed. This 0 is not a mark; your instructor can run it again."}}' > "$AUTOGRADER/results/results.json"
export HF_HUB_OFFLINE=1
"$PYTHON" -m autograder grade "$AUTOGRADER/submission" --results "$WORK" --student upload --no-record || echo "grading ended with status $?"
find "$WORK" -name '*.json' -print0 | sort -z | xargs -0 \\
    "$PYTHON" -m autograder gradescope{stages} --to "$AUTOGRADER/results/results.json" --upload "$AUTOGRADER/submission" --result
rm -rf "$WORK"
"""

NOT_GRADABLE = (
    "NOT GRADED: {reason}\n\nGradescope shows a number for every upload, so it shows 0. This 0 is not a mark: nothing was tested. "
    "Open your notebook, save it, download it as .ipynb, and upload it again."
)


def tests_of(result):
    """Yield each test of a result as a dict with the fields that Gradescope expects."""
    for e in result["exercises"].values():
        tests = e["tests"] or [
            {"name": "all", "points": e["points"], "max_points": e["max_points"], "passed": False, "message": ""}
        ]
        for i, t in enumerate(tests, 1):
            lines = [t["message"] if not t["passed"] else ""]
            if e["status"] != "graded" and e["reason"] != t["message"]:
                lines.insert(0, e["reason"])
            if i == len(tests) and e.get("output"):
                lines.append(f"Your code printed:\n{e['output']}")
            yield {
                "number": f"{e['number']}.{i}", "name": f"{e['title']}: {t['name']}", "name_format": "text",
                "score": t["points"], "max_score": t["max_points"], "status": "passed" if t["passed"] else "failed",
                "output": plain("\n\n".join(filter(None, lines)), 8000), "output_format": "text", "visibility": "visible",
            }  # fmt: skip


def not_taken(upload):
    """Return a list of texts "name: reason", one for each file in the folder `upload` that cannot be taken as a submission."""
    with tempfile.TemporaryDirectory(prefix="upload-") as scratch:
        rejected = find_submissions(upload, scratch, student="upload")[1]
    top = Path(upload).absolute()
    return [f"{path.relative_to(top)}: {reason}" for path, reason in rejected]


def results_json(results, stages=None, unread=()):
    """Return the content of Gradescope's results.json, as a dict.

    results  list of the results of one upload
    stages   names of the stages that the assignment accepts, by default all
    unread   texts about the files that were not taken from the upload, see `not_taken`

    Gradescope shows a number for every upload, and 0 if nothing could be graded. If a submission could not be graded or none was
    found, "output" says that this 0 is not a mark, and extra_data["not_gradable"] is True, which scripts can read.
    """
    wanted = [r for r in results if not stages or r["stage"] in stages]
    graded = [r for r in wanted if r["status"] == "graded"]
    told, reasons = [], [r["reason"] for r in wanted if r["status"] != "graded"]
    others = sorted({r["stage"] for r in results} - {r["stage"] for r in wanted})
    if not wanted:
        takes = f" of {', '.join(stages)}" if stages else " of this course"
        found = f", only of {', '.join(others)}" if others else ", only what could not be taken" if unread else ""
        reasons.append(f"there was no notebook{takes} in the upload{found}.")
    for r in graded:
        told.append(f"{r['stage']}: {number(r['points'])} of {number(r['max_points'])} points from the tests.")
        told += [f"{len(r['written'])} written answers are marked by hand."] if r["written"] else []
        told += r["notes"]
    told += [NOT_GRADABLE.format(reason=reason) for reason in reasons]
    told += ["", "Not taken from the upload:", *unread[:TOLD]] if unread else []
    told += [f"and {len(unread) - TOLD} more"] if len(unread) > TOLD else []
    return {
        "score": float(sum(r["points"] for r in graded)),
        "output": plain("\n".join(told)), "output_format": "text",
        "visibility": "visible", "stdout_visibility": "hidden",
        "tests": [t for r in graded for t in tests_of(r)],
        "extra_data": {
            "not_gradable": bool(reasons),
            "receipts": {f"{r['stage']}/{name}": e.get("receipt") for r in graded for name, e in r["exercises"].items()},
        },
    }  # fmt: skip


def write_results_json(results, to, stages=None, upload=None):
    """Write Gradescope's results.json to `to` and return the path.

    stages: names of the stages that the assignment accepts, by default all; upload: folder of the upload, or None. If it is
    given, the results also list the files in it that are not submissions.
    """
    unread = not_taken(upload) if upload else ()
    return write_file(to, json.dumps(results_json(results, stages, unread), indent=1) + "\n")


def requirements():
    """Return the text of a requirements.txt: the packages that grading needs, with the versions in constraints.txt."""
    project = read_pyproject()["project"]
    pins = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        pins[name.lower().replace("_", "-")] = version.strip()
    names = [parse_requirement(r)[0] for r in project["dependencies"] + project["optional-dependencies"]["grading"]]
    return "".join(f"{n}=={pins[n.lower().replace('_', '-')]}\n" for n in names)


def course_files(last):
    """Yield the paths of the repository's files that grading needs, except files of stages after `last` and data of the term."""
    for name in FILES:
        yield ROOT / name
    for tree in TREES:
        for path in sorted((ROOT / tree).rglob("*")):
            parts = path.relative_to(ROOT).parts
            stage = re.match(r"\d\d_", parts[1]) and parts[1].removesuffix(".py")
            if not path.is_file() or path.suffix not in SUFFIXES or "__pycache__" in parts or ".ipynb_checkpoints" in parts:
                continue
            if (parts[0] == "autograder" and (parts[1] == TERM.name or gathered(parts[1]))) or (
                tree in ("solutions", "notebooks") and stage and stage > last
            ):
                continue
            yield path


def build_zip(to, stages, secret=None):
    """Write Gradescope's autograder zip to `to` and return the path.

    stages  names of the stages that the assignment accepts, in order
    secret  the course's secret seed, from which hidden inputs are drawn, or None to leave it out of the zip

    With the secret seed, Gradescope uses the same hidden inputs as the instructor. Without it, each run on Gradescope creates a
    new seed, so the hidden inputs differ between submissions.
    """
    buffer = io.BytesIO()
    contents = {str(p.relative_to(ROOT)): p.read_bytes() for p in course_files(max(stages))}
    contents |= {"setup.sh": SETUP.encode(), "requirements.txt": requirements().encode()}
    contents["run_autograder"] = RUN.format(stages=f" --stages {stages[0][:2]}-{stages[-1][:2]}").encode()
    if secret:
        contents[(TERM_OF_COURSE / "secret_seed").as_posix()] = secret.encode() + b"\n"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in sorted(contents.items()):
            info = zipfile.ZipInfo(name)  # has the date 1980 by default, so that the same files give the same zip
            info.external_attr = (0o100755 if name in ("setup.sh", "run_autograder") else 0o100644) << 16
            z.writestr(info, data, zipfile.ZIP_DEFLATED)
    return write_file(to, buffer.getvalue())
