"""Every command of plain nbgrader works on a small class, in a copy of the repository that is like a fresh clone.

The cells that train a model are deleted from the submissions, since no check needs them.
By default the test uses one stage and three students. `pytest -m nbgrader` uses stages 01 to 06 and five students.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request

import pytest
from nbgrader_command import nbgrader

from autograder.places import ROOT
from autograder.proof.bank import entries
from autograder.stages.source import load_reference, read_stage, without_markers
from dpr_course.checks import CHECKS, load_expected, observe

FIRST, LAST = "01", "06"
IGNORED = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", "*.egg-info", "report", "data", ".*_cache", "gradebook.db*", "submitted", "autograded",
    "feedback", "exchange", "results", "cache", "secret_seed", "term", "tests", "build", ".hypothesis",
)  # fmt: skip


class Class:
    """A class: a fresh copy of the repository, an nbgrader exchange, and a separate home folder for each student."""

    def __init__(self, folder):
        self.folder, self.repository = folder, folder / "clone"
        shutil.copytree(ROOT, self.repository, ignore=IGNORED)
        (folder / "home").mkdir()
        self.environment = {
            "HOME": str(folder / "home"), "PYTHONPATH": str(self.repository), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1",
            "DPR_DEVICE": "cpu", "DPR_NO_PROGRESS": "1", "PYTHONWARNINGS": "",
        }  # fmt: skip
        self.logs = []  # the output of each of the instructor's commands
        self.exchange = ["--course=dpr-course", f"--Exchange.root={self.repository / 'autograder' / 'term' / 'exchange'}"]

    def run(self, *arguments, folder=None, code=0):
        """Run nbgrader as the instructor, or as a student in `folder`. Asserts its exit status, and returns its output."""
        log, where = self.folder / "log.txt", folder or self.repository / "autograder"
        got, text = nbgrader(*arguments, folder=where, environment=self.environment, log=log)
        if folder is None:
            self.logs.append(text)
        assert got == code, f"nbgrader {arguments} ended with {got}:\n{text[-3000:]}"
        return text

    def home(self, student):
        folder = self.folder / "students" / student
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def answers(stage, student):
    """Return {exercise: code} with the answers of a student of the class; None for an answer that is left as the stub.

    student: "reference", "stub", "mistake1", "mistake2" or "alternative". Exercises that a student does not change have the
    reference's answer.
    """
    reference = {c.metadata["exercise"]: without_markers(c.source) for c in read_stage(stage).cells if "exercise" in c.metadata}
    names = list(reference)
    wrong = {key: [e for e in entries(key) if not e.right] for key in names}
    own = {
        "reference": {},
        "stub": dict.fromkeys(names),
        "mistake1": {names[0]: wrong[names[0]][0].code},
        "mistake2": {names[-1]: wrong[names[-1]][-1].code},
        "alternative": {key: next(e.code for e in entries(key) if e.right) for key in names},
    }
    return reference | own[student]


def deserved(given):
    """Return {exercise: points} that the checks give to a student's answers. The answers run in the reference's namespace."""
    namespace, points = load_reference(), {}
    for key, code in given.items():
        if code is not None:
            exec(compile(code, key, "exec"), namespace)
            check = CHECKS[key]
            seen = observe(check, {n: namespace[n] for n in check.names})
            points[key] = check.judge(seen, *load_expected(key)).points
        else:
            points[key] = 0.0
    return points


def work(notebook, stage, given):
    """Write a student's answers into the fetched notebook, and delete the cells that train."""
    nb = json.loads(notebook.read_text(encoding="utf-8"))
    slow = {f"{stage}-{i:03d}" for i, c in enumerate(read_stage(stage).cells, 1) if c.metadata.get("slow")}
    nb["cells"] = [c for c in nb["cells"] if c["id"] not in slow]
    for cell in nb["cells"]:
        key = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if given.get(key):
            cell["source"] = f"# exercise: {key}\n{given[key]}".splitlines(keepends=True)
        elif key in ("plan", "conclusion") and any(given.values()):
            cell["source"] = [f"<!-- answer: {key} -->\n", "I change one thing."]
    notebook.write_text(json.dumps(nb, indent=1), encoding="utf-8")


def whole_term(room, stages, students):
    """Run a whole term, from release and fetch to autograding, feedback and export. Asserts that each command worked."""
    marks = {}
    for stage in stages:
        room.run("generate_assignment", stage)
        room.run("release_assignment", stage)
        made = room.repository / "notebooks" / stage / f"{stage}.ipynb"
        assert made.read_bytes() == (ROOT / "notebooks" / stage / f"{stage}.ipynb").read_bytes()
    for student in students:
        home = room.home(student)
        room.run("fetch_assignment", *stages, *room.exchange, folder=home)
        for stage in stages:
            given = answers(stage, student)
            marks[student, stage] = deserved(given)
            work(home / stage / f"{stage}.ipynb", stage, given)
            room.run("submit", stage, f"--student={student}", *room.exchange, folder=home)
    for stage in stages:
        told = room.run("validate", f"{stage}/{stage}.ipynb", folder=room.home("reference"))
        assert "Success! Your notebook passes all the tests." in told
        if stage == stages[-1]:
            told = room.run("validate", f"{stage}/{stage}.ipynb", folder=room.home("stub"))
            graded = [c for c in read_stage(stage).cells if "exercise" in c.metadata or "written" in c.metadata]
            assert told.count("The following cell failed") == len(graded) and "Success" not in told
        room.run("collect", stage)
        room.run("autograde", stage)
        room.run("generate_feedback", stage)
        for student in students:
            assert (
                room.repository / "autograder" / "term" / "feedback" / student / stage / f"{stage}.html"
            ).stat().st_size > 10_000
    room.run("export", f"--to={room.folder / 'grades.csv'}")
    assert_marks(room, marks)
    noise = [line for text in room.logs for line in text.splitlines() if re.search("Warning|without encryption|Traceback", line)]
    assert not noise, noise


def assert_marks(room, marks):
    """Assert that the exported marks of every exercise equal those of the checks, and that written answers wait for a person.

    marks: {(student, stage): {exercise: points}}.
    """
    rows = {(r["student_id"], r["assignment"]): r for r in csv.DictReader((room.folder / "grades.csv").open())}
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{room.repository / 'autograder' / 'term' / 'gradebook.db'}") as gradebook:
        for (student, stage), points in marks.items():
            submission = gradebook.find_submission(stage, student)
            got = {g.name: g.auto_score for n in submission.notebooks for g in n.grades if g.name.startswith("check_")}
            assert got == {f"check_{key}": p for key, p in points.items()}, (student, stage)
            assert float(rows[student, stage]["score"]) == sum(points.values())
            written = [g for n in submission.notebooks for g in n.grades if not g.name.startswith("check_")]
            assert all(g.needs_manual_grade == (student != "stub") for g in written)
    for stage in {s for _, s in marks}:
        full = sum(CHECKS[c.metadata["exercise"]].points for c in read_stage(stage).cells if "exercise" in c.metadata)
        assert sum(marks["reference", stage].values()) == full and sum(marks["stub", stage].values()) == 0
        if ("alternative", stage) in marks:
            assert sum(marks["alternative", stage].values()) == full
        assert sum(marks["mistake1", stage].values()) < full


def formgrader_lists(room, stages):
    """Start a Jupyter server with the course's configuration. Returns formgrader's list of assignments, {name: its data}."""
    runtime = room.folder / "runtime"
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ServerApp.root_dir=..",
        "--IdentityProvider.token=secret",
    ]  # fmt: skip
    log = (room.folder / "server.txt").open("w")
    environment = {**os.environ, **room.environment, "JUPYTER_RUNTIME_DIR": str(runtime)}
    server = subprocess.Popen(command, cwd=room.repository / "autograder", env=environment, stdout=log, stderr=log)
    try:
        for _ in range(240):
            told = "".join(path.read_text() for path in runtime.glob("jpserver-*.json"))
            if told.endswith("}"):  # the server chooses its port: a port chosen here could be in use
                break
            assert server.poll() is None, (room.folder / "server.txt").read_text()[-3000:]
            time.sleep(0.25)
        address = f"{json.loads(told)['url']}formgrader/api/assignments?token=secret"
        for _ in range(240):
            try:
                with urllib.request.urlopen(address, timeout=30) as answer:
                    found = {a["name"]: a for a in json.load(answer)}
                break
            except OSError:
                assert server.poll() is None, (room.folder / "server.txt").read_text()[-3000:]
                time.sleep(0.25)
        with urllib.request.urlopen(address.replace("api/assignments", f"gradebook/{stages[0]}"), timeout=30) as answer:
            assert answer.status == 200
        return found
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def test_every_command_on_one_stage(tmp_path):
    room = Class(tmp_path)
    whole_term(room, ["04_in_batch_loss"], ["reference", "stub", "mistake1"])
    found = formgrader_lists(room, ["04_in_batch_loss"])
    assert found["04_in_batch_loss"]["num_submissions"] == 3 and found["04_in_batch_loss"]["release_path"]
    assert {s for s in found if found[s]["source_path"]} >= {"01_dual_encoder", "06_experiments"}


@pytest.mark.nbgrader
def test_every_command_on_every_stage_with_a_class_of_five(tmp_path):
    stages = sorted(p.stem for p in (ROOT / "solutions").glob("*.py") if FIRST <= p.stem[:2] <= LAST)
    room = Class(tmp_path)
    whole_term(room, stages, ["reference", "stub", "mistake1", "mistake2", "alternative"])
    found = formgrader_lists(room, stages)
    assert all(found[s]["num_submissions"] == 5 for s in stages)
