"""CSV files for nbgrader, Canvas and Moodle: they keep their own columns, and every score is in the right student's row.

A student without a gradable file gets no score.
"""

import csv
import io
import subprocess
import sys

import pytest
from sample_results import LOSS, judged, not_gradable, notebook, result

from autograder.lms.export import NBGRADER, RosterError, export, write_export
from autograder.marks.gradebook import course_directory, gradebook
from autograder.marks.write_marks import record
from autograder.places import ROOT

STAGE, ESSAY = "04_in_batch_loss", "06_experiments"
PEOPLE = {
    "ada": ("Ada", "O'Neill, PhD", "ada@uni.example"),
    "bob": ('Bob "Bobby"', "Müller-Łuk", "bob@uni.example"),
    "cy": ("=cmd()", "+Cy", "cy@uni.example"),
    "dee": ("Dee", "Dee", "dee@uni.example"),
    "none": ("No", "Submission", "none@uni.example"),
}
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (11),04_in_batch_loss (12),Assignments Current Score
    Manual Posting,,,,,Manual Posting,,
    Points Possible,,,,,5,9,(read only)
"O'Neill, PhD, Ada",101,s101,ada@uni.example,DPR-1,5,,
"Müller-Łuk, Bob",102,s102,BOB,DPR-1,3,,
"=cmd(), Cy",103,s103,cy,DPR-1,4,,
"Dee, Dee",104,s104,dee,"DPR-1 and DPR-2",4,EX,
"Submission, No",105,s105,none,DPR-1,,,
"Else, Someone",106,s106,else,DPR-1,,,
"Student, Test",107,,abc,DPR-1,,,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 501,Ada O'Neill,ada@uni.example,Submitted for grading,,9.00,Yes,"Friday, 20 November 2026, 10:00 AM",-,
Participant 502,Bob Müller-Łuk,bob@uni.example,Submitted for grading,,9.00,Yes,"Friday, 20 November 2026, 10:00 AM",-,
Participant 503,Cy,cy@uni.example,Submitted for grading,,9.00,Yes,"Friday, 20 November 2026, 10:00 AM",-,
Participant 504,Dee Dee,dee@uni.example,Submitted for grading,,9.00,No,"Friday, 20 November 2026, 10:00 AM",-,
Participant 505,No Submission,none@uni.example,No submission,,9.00,Yes,-,-,
"""


@pytest.fixture
def class_of_five(course):
    """A course with five students: ada and dee have full marks, bob has 2 of 5 points in exercise 4.1, cy's file is not gradable.

    The fifth, "none", handed in nothing.
    """
    bob = result("bob", exercises={LOSS: judged(LOSS, "arange")})
    record([result("ada"), bob, not_gradable("cy"), result("dee"), result("ada", ESSAY)], {("ada", ESSAY): notebook(ESSAY)}, course)
    with gradebook(course_directory(course)) as book:
        for student, (first, last, email) in PEOPLE.items():
            book.update_or_create_student(student, first_name=first, last_name=last, email=email)
    return course


def table(text, delimiter=","):
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def roster(tmp_path, text, name="roster.csv", encoding="utf-8-sig"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def test_nbgraders_columns_and_no_zero_for_nothing(class_of_five):
    text, told = export("nbgrader", root=class_of_five)
    assert text.splitlines()[0].split(",") == list(NBGRADER)
    rows = {(r["assignment"], r["student_id"]): r for r in table(text)}
    assert rows[STAGE, "ada"]["score"] == "9.0" and rows[STAGE, "bob"]["raw_score"] == "6.0"
    assert rows[STAGE, "ada"]["last_name"] == "O'Neill, PhD" and rows[STAGE, "bob"]["first_name"] == 'Bob "Bobby"'
    for student in ("cy", "none"):
        assert (rows[STAGE, student]["score"], rows[STAGE, student]["raw_score"]) == ("", "") and rows[STAGE, student][
            "max_score"
        ] == "9.0"
    assert "cy: 04_in_batch_loss is not gradable, no score written" in told
    assert "ada: 06_experiments has written answers that wait for a mark" in told
    assert rows[STAGE, "cy"]["first_name"] == "'=cmd()" and rows[STAGE, "cy"]["last_name"] == "'+Cy"


def test_nbgraders_own_command_gives_the_same_file(class_of_five, tmp_path):
    out = tmp_path / "grades.csv"
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", "export", f"--to={out}",
         f"--db=sqlite:///{class_of_five}/autograder/term/gradebook.db", "--assignment=['04_in_batch_loss']"],
        capture_output=True, text=True, cwd=ROOT / "autograder",
    )  # fmt: skip
    assert out.exists(), run.stdout + run.stderr
    assert out.read_bytes().decode() == export("nbgrader", stages=[STAGE], root=class_of_five)[0]


def test_canvas_keeps_its_columns_and_rows(class_of_five, tmp_path):
    text, told = export("canvas", roster(tmp_path, CANVAS), [STAGE], class_of_five)
    rows = table(text)
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "04_in_batch_loss (12)"]
    assert [r["Student"].strip() for r in rows[:2]] == ["Manual Posting", "Points Possible"] and rows[1][
        "04_in_batch_loss (12)"
    ] == "9"
    scores = {r["ID"]: r["04_in_batch_loss (12)"] for r in rows[2:]}
    assert scores == {"101": "9", "102": "6", "103": "", "104": "EX", "105": "", "106": "", "107": ""}
    assert any("Dee, Dee" in t and "is already EX and stays" in t and "--overwrite" in t for t in told)
    assert (
        table(export("canvas", roster(tmp_path, CANVAS), [STAGE], class_of_five, overwrite=True)[0])[5]["04_in_batch_loss (12)"]
        == "9"
    )
    assert (
        rows[2]["Student"] == "O'Neill, PhD, Ada"
        and rows[4]["Student"] == "'=cmd(), Cy"
        and rows[5]["Section"] == "DPR-1 and DPR-2"
    )
    assert any("in the roster, not in the gradebook" in t and "Else, Someone" in t for t in told)
    again, _ = export("canvas", roster(tmp_path, text, "again.csv", "utf-8"), [STAGE], class_of_five)
    assert {r["ID"]: r["04_in_batch_loss (12)"] for r in table(again)} == {"": "9"} | scores, "its own output is a roster too"


def test_canvas_leaves_excused_alone_scales_and_adds_columns(class_of_five, tmp_path):
    record([not_gradable("dee")], root=class_of_five)
    ten = CANVAS.replace("Points Possible,,,,,5,9,", "Points Possible,,,,,5,18,")
    text, told = export("canvas", roster(tmp_path, ten), None, class_of_five)
    rows = {r["ID"]: r for r in table(text)}
    assert rows["104"]["04_in_batch_loss (12)"] == "EX" and rows["102"]["04_in_batch_loss (12)"] == "12"
    assert "04_in_batch_loss (12): scaled from 9 to 18 points" in told
    new = "06 · One experiment of your own"
    assert rows["101"][new] == "5" and rows["102"][new] == "" and rows[""][new] == "20"


def test_canvas_matches_by_sis_id_and_name_and_never_guesses(class_of_five, tmp_path):
    header = "Student;ID;SIS User ID;SIS Login ID;Section;04 (12)\n    Points Possible;;;;;9\n"
    rows = '"Dee, Dee";1;;x1;A;\n"Dee, Dee";2;;x2;A;\n"O\'Neill, PhD, Ada";3;;;A;\n"X";4;bob;zzz;A;\n'
    text, told = export("canvas", roster(tmp_path, header + rows), [STAGE], class_of_five)
    assert {r["ID"]: r["04 (12)"] for r in table(text, ";")} == {"": "9", "1": "", "2": "", "3": "9", "4": "6"}
    assert "dee: matches several people in the roster" in told and "cy: in the gradebook, not in the roster" in told


def test_canvas_finds_those_whose_id_came_from_the_name_of_canvas_file(course, tmp_path):
    """If a student's id was read from a file name made by Canvas, the student is found in Canvas's roster by number.

    Canvas drops accents in file names, and only the number tells two people with the same name apart.
    """
    record([result("lovelaceada_9001"), result("lovelaceada_9002", exercises={LOSS: judged(LOSS, "arange")})], root=course)
    header = "Student,ID,SIS User ID,SIS Login ID,Section,04 (12)\n    Points Possible,,,,,9\n"
    people = '"Lovelace, Ada",9001,s1,,A,\n"Lovelace, Ada",9002,s2,,A,\n"Łove, Lace",1,9001x,,A,\n'
    text, told = export("canvas", roster(tmp_path, header + people), [STAGE], course)
    assert {r["ID"]: r["04 (12)"] for r in table(text)} == {"": "9", "9001": "9", "9002": "6", "1": ""}
    assert told == ["in the roster, not in the gradebook: Łove, Lace"]


def test_moodle_worksheet(class_of_five, tmp_path):
    text, told = export("moodle", roster(tmp_path, WORKSHEET), [STAGE], class_of_five)
    before, rows = table(WORKSHEET), table(text)
    assert list(rows[0]) == list(before[0])
    assert [r["Grade"] for r in rows] == ["9", "6", "", "", ""]
    assert rows[1]["Feedback comments"] == "6 of 9 points." and "could not be graded" in rows[2]["Feedback comments"]
    for old, new in zip(before, rows):
        assert {k: v for k, v in old.items() if k not in ("Grade", "Feedback comments")} == {
            k: v for k, v in new.items() if k not in ("Grade", "Feedback comments")
        }
    assert "Participant 504: Moodle does not let this grade be changed" in told
    again, _ = export("moodle", roster(tmp_path, text, "again.csv"), [STAGE], class_of_five)
    assert again == text


def test_moodle_by_participant_other_versions_and_other_maximum(class_of_five, tmp_path):
    with gradebook(course_directory(class_of_five)) as book:
        book.update_or_create_student("501", first_name="", last_name="", email="")
    record([result("501")], root=class_of_five)
    new = (
        WORKSHEET.replace("Maximum Grade", "Maximum grade")
        .replace("9.00", "100.00")
        .replace("Ada O'Neill,ada@uni.example", "Hidden,")
    )
    text, told = export("moodle", roster(tmp_path, new), [STAGE], class_of_five)
    assert [r["Grade"] for r in table(text)][:2] == ["100", "66.67"] and f"{STAGE}: scaled from 9 to 100 points" in told
    assert "ada: in the gradebook, not in the roster" in told
    with pytest.raises(RosterError, match="--stage"):
        export("moodle", roster(tmp_path, WORKSHEET), None, class_of_five)


def test_moodle_gradebook_import(class_of_five, tmp_path):
    grader = (
        "First name,Last name,ID number,Institution,Email address,Assignment: 04 The in-batch loss (Real),Course total (Real)\n"
    )
    grader += "Ada,O'Neill,,,ada@uni.example,-,-\nBob,M,bob,,other@uni.example,-,-\nNo,Submission,,,none@uni.example,-,-\n"
    text, told = export("moodle", roster(tmp_path, grader), [STAGE], class_of_five)
    name = "Assignment: 04 The in-batch loss (Real)"
    assert [(r["Email address"], r[name]) for r in table(text)] == [
        ("ada@uni.example", "9"), ("other@uni.example", "6"), ("none@uni.example", "-"),
    ]  # fmt: skip
    assert "Course total" not in text and "dee: in the gradebook, not in the roster" in told
    text, _ = export("moodle", None, None, class_of_five)
    assert {r["ID number"]: (r[STAGE], r[ESSAY]) for r in table(text)}["ada"] == ("9", "5")


def test_a_manual_mark_and_a_penalty_count(class_of_five, tmp_path):
    with gradebook(course_directory(class_of_five)) as book:
        book.find_grade("plan", ESSAY, ESSAY, "ada").manual_score = 4.5
        book.find_submission_notebook(ESSAY, ESSAY, "ada").late_submission_penalty = 2
    text, _ = export("nbgrader", stages=[ESSAY], root=class_of_five)
    row = next(r for r in table(text) if r["student_id"] == "ada")
    assert (row["raw_score"], row["late_submission_penalty"], row["score"]) == ("9.5", "2.0", "7.5")


@pytest.mark.parametrize(
    "known", ["-A1", "@ada", "=12", "+49-170", "00123", "ada+dpr@uni.example", "o'neill@uni.example", "\u200fעדה"]
)
def test_ids_go_back_to_the_lms_as_they_came(class_of_five, tmp_path, known):
    row = f'"O\'Neill, PhD, Ada",101,{known},ada@uni.example,DPR-1,5,,\n'
    text, told = export("canvas", roster(tmp_path, CANVAS.replace(CANVAS.splitlines(True)[3], row)), [STAGE], class_of_five)
    ada = next(r for r in table(text) if r["ID"] == "101")
    assert ada["SIS User ID"] == known and ada["04_in_batch_loss (12)"] == "9"
    assert not any("quoted" in t for t in told)


def test_an_id_that_would_run_is_quoted_and_told(class_of_five, tmp_path):
    evil = "=cmd|' /C calc'!A0"
    text, told = export("canvas", roster(tmp_path, CANVAS.replace(",s101,", f",{evil},")), [STAGE], class_of_five)
    assert f",'{evil}," in text and any(t.startswith(f"{evil}: ") for t in told)


def test_a_roster_that_a_spreadsheet_saved_is_read(class_of_five, tmp_path):
    for encoding in ("cp1252", "utf-16"):
        text, _ = export("canvas", roster(tmp_path, CANVAS.replace("Łuk", "Luk"), encoding=encoding), [STAGE], class_of_five)
        assert "Müller-Luk, Bob" in text and len(table(text)) == 9
    with pytest.raises(RosterError, match="not a CSV file"):
        export("canvas", roster(tmp_path, CANVAS + '"' + "a" * 200_000 + '",1\n'), [STAGE], class_of_five)


def test_a_wrong_roster_is_named_and_nothing_is_written(class_of_five, tmp_path):
    for kind, text in (("canvas", "a,b\n1,2\n"), ("canvas", ""), ("moodle", "a,b\n1,2\n")):
        with pytest.raises(RosterError):
            write_export(kind, roster(tmp_path, text), root=class_of_five)
    with pytest.raises(RosterError, match="--roster"):
        write_export("canvas", root=class_of_five)
    with pytest.raises(RosterError, match="there is no file"):
        write_export("canvas", "nowhere.csv", root=class_of_five)
    with pytest.raises(LookupError, match="no marks of 01_dual_encoder"):
        write_export("nbgrader", stages=["01_dual_encoder"], root=class_of_five)
    assert not list((class_of_five / "autograder" / "term").glob("grades_*"))
