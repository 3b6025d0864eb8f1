"""Fixtures that all tests share. All tests run offline. Tests on real data are skipped unless the data lies beside this checkout."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "data_scripts"))

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("DPR_NO_PROGRESS", "1")
os.environ.setdefault("DPR_DEVICE", "cpu")
if "PYTEST_XDIST_WORKER" in os.environ:  # the workers share the cores, and more threads than cores cost several times the work
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
for name in ("DPR_TRACK", "DPR_DATA", "DPR_ENCODER", "DPR_READER", "DPR_PICTURES", "DPR_REPORT"):
    os.environ.pop(name, None)


def raise_loopback():
    """Switch on 127.0.0.1, which Jupyter kernels use: in a new network namespace (`unshare -n`) it is switched off."""
    try:
        import fcntl
        import socket
        import struct

        with socket.socket() as s:
            fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x8 | 0x40))  # SIOCSIFFLAGS: up, loopback, running
    except (ImportError, OSError):
        pass  # not Linux, or not permitted: it is up already, or nothing can be done here


raise_loopback()
if not hasattr(os, "fork"):  # Windows: the grader does not run there, so its tests are left out
    grading = re.compile(r"autograder(\.| import .*)\b(audit|bench|grade|pin|proof|sandbox)\b|attacks|canaries")
    tests = Path(__file__).parent
    collect_ignore = [str(p) for p in tests.rglob("test_*.py") if grading.search(p.read_text(encoding="utf-8"))]
REAL = ROOT.parent / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption("--families", action="store_true", help="only the tests of attacks by family, as `prove` runs them")
    parser.addoption("--executed", metavar="FOLDER", help="take the executed notebooks of `make course` from here")


def pytest_terminal_summary(terminalreporter):
    """Print how many claims are true. A claim is a sentence of a notebook about a cell's output (tests/claims)."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, [])]
    held = [value for r in reports for name, value in getattr(r, "user_properties", []) if name == "claims" and r.when == "call"]
    if held:
        terminalreporter.write_line(f"claims in prose that hold: {sum(held)}, in {len(held)} notebooks")


@pytest.fixture
def attacked(record_property):
    """Return a function, `note(family, *names)`, with which a test records the attacks that it is about to run.

    `python -m autograder prove` counts these records (autograder.audit.families).
    """

    def note(family, *names):
        for name in names:
            record_property("attack", f"{family}: {name}")

    return note


@pytest.fixture
def canary(record_property):
    """Return a function, `note(*families)`, with which a test records the families of attacks whose defence it switches off."""

    def note(*families):
        for family in families:
            record_property("canary", family)

    return note


def pytest_collection_modifyitems(config, items):
    if config.getoption("--families"):
        chosen = [item for item in items if {"attacked", "canary", "suite"} & set(item.fixturenames)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def real_data():
    """Return the folder of real data, small files in their published format. Tests that need it are skipped if it is missing."""
    if not (REAL / "dpr-format-11.json").exists():
        pytest.skip("real data files are not beside this checkout")
    return REAL


@pytest.fixture(scope="session")
def toy_nq():
    from dpr_course.data import load_toy_nq

    return load_toy_nq()


@pytest.fixture(scope="session")
def tokenizer():
    from dpr_course.encoders import load_tokenizer

    return load_tokenizer()


@pytest.fixture(scope="session")
def reference():
    """Return {name: object}, everything that the reference solutions of all stages define."""
    from autograder.stages.source import load_reference

    return load_reference()


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory):
    """A course folder whose gradebook has stages 04 and 06, and no student."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", root / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    from sample_results import result

    from autograder.marks.gradebook import course_directory, gradebook
    from autograder.marks.write_marks import record

    record([result("nobody"), result("nobody", "06_experiments")], root=root)
    with gradebook(course_directory(root)) as book:
        for stage in ("04_in_batch_loss", "06_experiments"):
            book.remove_submission(stage, "nobody")
        book.remove_student("nobody")
    shutil.rmtree(root / "autograder" / "term" / "autograded")
    return root


@pytest.fixture
def course(empty_course, tmp_path):
    return shutil.copytree(empty_course, tmp_path / "course")


@pytest.fixture
def look_into(tmp_path):
    """Return a function that writes {path: bytes} as a folder or as a zip, and returns what `find_submissions` finds in it."""
    from class_trees import in_zip, write_tree

    from autograder.submissions.find import find_submissions

    def look(members, form="folder", **options):
        top = tmp_path / f"class{len(list(tmp_path.iterdir()))}"
        source = write_tree(top, members) if form == "folder" else in_zip(top.with_suffix(".zip"), members)
        return find_submissions(source, tmp_path / "scratch", **options)

    return look


@pytest.fixture(scope="session")
def graded(empty_course, tmp_path_factory):
    """A course in which three students have marks in stage 04: Ada_Lovelace 9 of 9 points, Bob_Hale 6, and Jörg_Müller 9.

    The ids have the form that the grader gives to names from Moodle.
    """
    from sample_results import LOSS, judged, result

    from autograder.marks.write_marks import record

    root = shutil.copytree(empty_course, tmp_path_factory.mktemp("lms") / "course")
    bob = result("Bob_Hale", exercises={LOSS: judged(LOSS, "arange")})
    record([result("Ada_Lovelace"), bob, result("Jörg_Müller")], root=root)
    return root
