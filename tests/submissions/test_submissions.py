"""Submissions are found in every layout that instructors have, and every file that is left out is reported."""

import json
import os

import pytest
from submission_files import OTHER, RAW, STAGE, make_zip, pairs, write, zip_folder

from autograder.submissions.find import Submission, find_submissions, read_date


def test_nbgraders_tree(tmp_path, look):
    for student in ("ada", "bob"):
        folder = tmp_path / "submitted" / student / STAGE
        write(folder / f"{STAGE}.ipynb")
        write(folder / "previous.py", "x = 1")
        write(folder / "timestamp.txt", "2026-03-01 11:00:00.5 +01:00" if student == "ada" else "2026-03-01 10:00:00 UTC")
    write(tmp_path / "submitted" / "ada" / OTHER / f"{OTHER}.ipynb")
    made, rejected = look(tmp_path / "submitted")
    assert [(s.student, s.stage) for s in made] == [("ada", OTHER), ("ada", STAGE), ("bob", STAGE)] and not rejected
    assert made[2].timestamp == "2026-03-01T10:00:00+00:00" and made[0].timestamp == ""
    assert made[2].path.read_bytes() == RAW[STAGE]
    one, _ = look(tmp_path / "submitted" / "bob" / STAGE / f"{STAGE}.ipynb")
    assert one == [Submission("bob", STAGE, made[2].path, made[2].timestamp)]


def test_a_time_zone_by_name_as_nbgrader_writes_it(tmp_path):
    """A date may end with the name of a time zone, which nbgrader writes and reads if Exchange.timezone is set."""
    path = write(tmp_path / "timestamp.txt", "2026-03-01 10:00:00.5 CET")
    assert read_date(path).isoformat() == "2026-03-01T09:00:00.500000+00:00"


@pytest.mark.parametrize(
    "files, expected",
    [
        (
            ["ada/04_in_batch_loss (1).ipynb", "bob/Copy of 04_in_batch_loss.ipynb", "cy/04-in-batch-loss.ipynb"],
            ["ada", "bob", "cy"],
        ),
        (["ada/homework.ipynb", "bob/Untitled.ipynb"], ["ada", "bob"]),
        (["ada.ipynb", "bob_04_in_batch_loss.ipynb", "04_in_batch_loss_cy.ipynb"], ["ada", "bob", "cy"]),
        (["04_in_batch_loss/ada.ipynb", "04_in_batch_loss/bob/x.ipynb"], ["ada", "bob"]),
        (["dpr-course/notebooks/04_in_batch_loss/04_in_batch_loss.ipynb"], ["class"]),
        (["export/04_in_batch_loss/ada.ipynb", "export/04_in_batch_loss/bob.ipynb"], ["ada", "bob"]),
        (["x/submitted/ada/04_in_batch_loss/a.ipynb", "x/submitted/bob/04_in_batch_loss/a.ipynb"], ["ada", "bob"]),
        (["term 1/ada/x.ipynb", "term 1/bob/x.ipynb"], ["ada", "bob"]),
        (["ada/04_in_batch_loss.ipynb.txt", "bob/04_IN_BATCH_LOSS.IPYNB"], ["ada", "bob"]),
    ],
)
def test_folders_and_names(tmp_path, look, files, expected):
    for name in files:
        write(tmp_path / "class" / name)
    result = look(tmp_path / "class")
    assert pairs(result) == [(student, STAGE) for student in expected] and not result[1]


def test_moodle_zip_and_folder(tmp_path, look):
    members = {
        "Ada Lovelace_123_assignsubmission_file_/04_in_batch_loss.ipynb": RAW[STAGE],
        "Çelik Öz_77_assignsubmission_file_/abgabe.ipynb": RAW[STAGE],
        "Bob Bo_9_assignsubmission_file_04_in_batch_loss.ipynb": RAW[STAGE],
        "Bob Bo_9_assignsubmission_onlinetext_/onlinetext.html": "see file",
    }
    made, rejected = look(make_zip(tmp_path / "moodle.zip", members))
    assert [s.student for s in made] == ["Ada_Lovelace", "Bob_Bo", "Çelik_Öz"]
    assert made[0].timestamp == "2026-03-01T10:00:00+00:00"
    assert [(p.name, "neither a notebook" in why) for p, why in rejected] == [("onlinetext.html", True)]
    for name, raw in members.items():
        write(tmp_path / "moodle" / name, raw)
    assert pairs(look(tmp_path / "moodle")) == [(s.student, s.stage) for s in made]


def test_canvas(tmp_path, look):
    for name in (
        "lovelaceada_12345_67890_04_in_batch_loss.ipynb",
        "bobo_LATE_222_67891_04_in_batch_loss-1.ipynb",
        "bobo_333_67892_Untitled.ipynb",
    ):
        write(tmp_path / "canvas" / name)
    assert [s for s, _ in pairs(look(tmp_path / "canvas"))] == ["bobo_222", "bobo_333", "lovelaceada_12345"]


def test_gradescope_export(tmp_path, look):
    top = tmp_path / "assignment_1_export"
    for n in (11, 12, 13):
        write(top / f"submission_{n}" / "04_in_batch_loss.ipynb")
    write(
        top / "submission_metadata.yml",
        "submission_11:\n  :submitters:\n  - :name: Ada\n    :sid: '900'\n    :email: ada@x.org\n  :created_at: 2026-03-01 10:00:00 Z\n"
        "submission_12:\n  :submitters:\n  - :name: Bob\n    :email: bob@x.org\n  - :name: Cy\n    :email: cy@x.org\n",
    )
    made, rejected = look(top)
    assert [s.student for s in made] == ["900", "bob@x.org", "cy@x.org", "submission_13"] and not rejected
    assert made[0].timestamp == "2026-03-01T10:00:00+00:00"
    assert pairs(look(zip_folder(top, tmp_path / "export.zip"))) == pairs((made, []))


def test_of_several_files_the_newest_counts_and_the_others_are_named(tmp_path, look):
    old = write(tmp_path / "x" / "ada" / "04_in_batch_loss.ipynb")
    new = write(tmp_path / "x" / "ada" / "04_in_batch_loss (2).ipynb")
    os.utime(old, (1e9, 1e9))
    os.utime(new, (2e9, 2e9))
    made, rejected = look(tmp_path / "x")
    assert [s.path for s in made] == [new] and made[0].timestamp == ""
    assert rejected == [(old, f"an older file of ada for {STAGE}: {new.name} was graded instead")]


def test_a_wrong_file_is_listed_with_its_reason(tmp_path, look):
    top = tmp_path / "x"
    write(top / "ada" / "04_in_batch_loss.ipynb")
    write(top / "bob" / "report.pdf", b"%PDF")
    write(top / "cy" / "analysis.ipynb", json.dumps({"cells": []}))
    write(top / "dee" / ".ipynb_checkpoints" / "04_in_batch_loss-checkpoint.ipynb")
    write(top / "eve" / "work.zip", b"PK\x03\x04 broken")
    write(top / "__MACOSX" / "ada" / "._04_in_batch_loss.ipynb", b"\0")
    (top / "fay").mkdir()
    (top / "fay" / "04_in_batch_loss.ipynb").symlink_to("/etc/passwd")
    (top / "gus").symlink_to(top / "ada")
    made, rejected = look(top)
    assert pairs((made, [])) == [("ada", STAGE)]
    reasons = {p.relative_to(top).parts[0]: why for p, why in rejected}
    words = {
        "bob": "neither a notebook",
        "cy": "no cells with text",
        "dee": "checkpoint",
        "eve": "damaged",
        "fay": "link",
        "gus": "link",
    }
    assert reasons.keys() == words.keys() and all(words[k] in reasons[k] for k in words)


def test_a_damaged_file_of_a_stage_is_a_submission(tmp_path, look):
    """A damaged notebook is still listed as a submission. What is wrong with it is reported later, by repair."""
    write(tmp_path / "x" / "ada" / "04_in_batch_loss.ipynb", b"")
    write(tmp_path / "x" / "bob" / "notes.ipynb", RAW[STAGE][: len(RAW[STAGE]) // 2])
    assert pairs(look(tmp_path / "x")) == [("ada", STAGE), ("bob", STAGE)]


def test_a_file_that_names_no_stage_and_cannot_be_read_says_what_is_wrong(tmp_path, look):
    for name, raw in {
        "empty": b"",
        "cut": b'{"cells": [',
        "page": b"<html></html>",
        "other": b'{"cells": [{"source": "x"}]}',
    }.items():
        write(tmp_path / "x" / f"{name}.ipynb", raw)
    made, rejected = look(tmp_path / "x")
    told = {path.stem: reason for path, reason in rejected}
    assert not made and "is empty" in told["empty"] and "cut off" in told["cut"] and "web page" in told["page"]
    assert "nothing from this course" in told["other"]


def test_nothing_there_says_so(tmp_path, look):
    with pytest.raises(FileNotFoundError, match="give a notebook"):
        look(tmp_path / "nowhere")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path, look):
    os.mkfifo(tmp_path / "04_in_batch_loss.ipynb")
    found, rejected = find_submissions(tmp_path, tmp_path / "scratch")
    assert found == [] and "pipe" in rejected[0][1]
