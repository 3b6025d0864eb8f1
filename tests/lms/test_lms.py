"""Moodle's grade files are filled in, in many languages and every CSV dialect. A teacher's entries are overwritten only on request."""

import pytest
from lms_files import GRADEBOOKS, NO, PEOPLE, POINT, WORKSHEETS, read, save, worksheet

from autograder.lms.export import NBGRADER, RosterError, export, write_export
from autograder.submissions.headings import ROLES, plain, read_columns

STAGE = "04_in_batch_loss"


@pytest.mark.parametrize("language", WORKSHEETS)
def test_a_worksheet_in_any_language(graded, tmp_path, language):
    before = worksheet(language)
    text, told = export("moodle", save(tmp_path, before), [STAGE], graded)
    rows = read(text)
    assert rows[0] == before[0] and [r[4] for r in rows[1:]] == ["9", "6", "9"] and rows[2][9] == "6 of 9 points." and told == []
    assert [r[:4] + r[5:9] for r in rows] == [r[:4] + r[5:9] for r in before]


@pytest.mark.parametrize("language", NO)
def test_a_locked_grade_stays_in_any_language(graded, tmp_path, language):
    before = worksheet(language)
    before[2][6] = NO[language]
    text, told = export("moodle", save(tmp_path, before), [STAGE], graded)
    assert [r[4] for r in read(text)[1:]] == ["9", "", "9"] and any("1234568" in t and "does not let" in t for t in told)


@pytest.mark.parametrize("language", sorted(WORKSHEETS.keys() - POINT - {"no language known here"}))
def test_points_go_back_with_the_comma_of_the_language(graded, tmp_path, language):
    text, _ = export("moodle", save(tmp_path, worksheet(language, top="4,50")), [STAGE], graded)
    assert [r[4] for r in read(text)[1:]] == ["4,5", "3", "4,5"]
    text, _ = export("moodle", save(tmp_path, worksheet(language, top="5")), [STAGE], graded)
    assert read(text)[2][4] == "3,33", "no cell shows a decimal: the language says"


@pytest.mark.parametrize("language", GRADEBOOKS)
def test_a_gradebook_in_any_language(graded, tmp_path, language):
    header = GRADEBOOKS[language].split("|")
    rows = [[first, last, "", "", "", email, "-", "0 %", "-"] for first, last, email, _ in PEOPLE]
    delimiter = "," if language in POINT else ";"
    text, told = export("moodle", save(tmp_path, [header, *rows], delimiter), [STAGE], graded)
    made = read(text, delimiter)
    assert made[0] == [*header[:3], header[5], header[6]] and [r[4] for r in made[1:]] == ["9", "6", "9"] and not told


@pytest.mark.parametrize("encoding, mark, delimiter, newline", [
    ("utf-8", "", ",", "\n"), ("utf-8", "\ufeff", ";", "\r\n"), ("utf-16-le", "\ufeff", "\t", "\r\n"), ("utf-16-be", "\ufeff", "\t", "\n"),
    ("cp1252", "", ";", "\r\n"), ("utf-16-le", "", "\t", "\r\n"),
])  # fmt: skip
def test_a_file_goes_back_in_its_own_dialect(graded, tmp_path, encoding, mark, delimiter, newline):
    path = save(tmp_path, worksheet("de"), delimiter, encoding, mark, newline)
    out, _ = write_export("moodle", path, [STAGE], tmp_path / "out.csv", graded)
    text = out.read_bytes().decode(encoding)
    assert text.startswith(mark + "ID") and newline + "Teilnehmer/in 1234568" in text and ("\r" in text) == (newline == "\r\n")
    assert [r[4] for r in read(text, delimiter)[1:]] == ["9", "6", "9"] and "Müller" in text


def test_what_a_teacher_wrote_stays_until_it_may_be_overwritten(graded, tmp_path):
    path = save(tmp_path, worksheet("en", "7.00", '<p dir="ltr">well done</p>'))
    text, told = export("moodle", path, [STAGE], graded)
    assert [(r[4], r[9]) for r in read(text)[1:]] == [("7.00", '<p dir="ltr">well done</p>')] * 3
    assert sum("Grade is already 7.00 and stays" in t for t in told) == 3 and sum("Feedback comments is" in t for t in told) == 3
    text, told = export("moodle", path, [STAGE], graded, overwrite=True)
    assert [r[4] for r in read(text)[1:]] == ["9", "6", "9"] and sum("was 7.00, replaced by" in t for t in told) == 3
    text, told = export("moodle", save(tmp_path, worksheet("de", "9,00")), [STAGE], graded)
    assert [r[4] for r in read(text)[1:]] == ["9,00", "9,00", "9,00"] and sum("stays" in t for t in told) == 1, (
        "the same points are no conflict"
    )


def test_workflow_scales_hidden_names_and_no_feedback(graded, tmp_path):
    before = worksheet("fr")
    for i, row in enumerate(before):
        row[6:6] = ["Flux de travail" if i == 0 else "Publié"]
    text, told = export("moodle", save(tmp_path, before), [STAGE], graded)
    assert [r[4] for r in read(text)[1:]] == ["9", "6", "9"] and not told
    scale = worksheet("en", top="Poor, Good")
    scale[0][5] = "Scale"
    text, told = export("moodle", save(tmp_path, scale), [STAGE], graded)
    assert (
        [r[4] for r in read(text)[1:]] == ["", "", ""] and any("scale" in t for t in told) and read(text)[2][9] == "6 of 9 points."
    )
    text, told = export("moodle", save(tmp_path, worksheet("de", extra=False)), [STAGE], graded)
    assert [r[4] for r in read(text)[1:]] == ["9", "6", "9"] and any("feedback" in t for t in told)


def test_columns_says_what_is_not_recognised(graded, tmp_path):
    header = ["Kode", "Nimmi", "Meel", "Punktid", "Tagasi"]
    path = save(tmp_path, [header, *([f"x-{n}-y", f"{first} {last}", email, "", ""] for first, last, email, n in PEOPLE)])
    with pytest.raises(RosterError, match="--columns"):
        export("moodle", path, [STAGE], graded)
    text, _ = export("moodle", path, [STAGE], graded, columns="identifier=Kode;name=Nimmi;email=Meel;grade=Punktid;feedback=Tagasi")
    assert [r[3:] for r in read(text)[1:]][1] == ["6", "6 of 9 points."]
    text, _ = export("moodle", path, [STAGE], graded, columns="name=Nimmi;email=Meel;04=Punktid")
    assert read(text)[0] == ["Nimmi", "Meel", "Punktid"] and read(text)[2][2] == "6"
    for wrong, word in (
        ("grade=Nowhere;identifier=Kode", "no column is called 'Nowhere'"),
        ("mark=Punktid", "mark is none of"),
        ("grade=", "none of"),
    ):
        with pytest.raises(ValueError, match=word):
            export("moodle", path, [STAGE], graded, columns=wrong)


def test_whom_one_side_lacks_is_listed(graded, tmp_path):
    before = worksheet("de")[:3] + [["Teilnehmer/in 99", "Zoe Zorn", "zoe@uni.example", "-", "", "9,00", "Ja", "-", "-", ""]]
    _, told = export("moodle", save(tmp_path, before), [STAGE], graded)
    assert "Jörg_Müller: in the gradebook, not in the roster" in told and any(
        "not in the gradebook: Teilnehmer/in 99" in t for t in told
    )


def test_a_spreadsheet_is_no_csv(graded, tmp_path):
    (tmp_path / "grades.xlsx").write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(RosterError, match="CSV"):
        export("moodle", tmp_path / "grades.xlsx", [STAGE], graded)


def test_every_known_heading_has_one_meaning():
    assert ROLES[plain("E-Mail-Adresse")] == "email" and ROLES[plain("Nom")] == "last" and len(set(ROLES.values())) == 12
    assert read_columns(" email = Mail ;04=Task 4; ") == {"email": "Mail", "04": "Task 4"} and read_columns("") == {}


def test_a_teachers_zero_is_a_grade_and_no_words_stand_beside_another_mark(graded, tmp_path):
    text, told = export("moodle", save(tmp_path, worksheet("en", "0.00")), [STAGE], graded)
    assert [(r[4], r[9]) for r in read(text)[1:]] == [("0.00", "")] * 3 and sum("is already 0.00 and stays" in t for t in told) == 3


@pytest.mark.parametrize(
    "place, header",
    [
        ("Gradescope", "First Name,Last Name,SID,Email,Sections,04 Loss,04 Loss - Max Points,04 Loss - Submission ID"),
        (
            "GitHub Classroom",
            "assignment_name,assignment_url,github_username,roster_identifier,student_repository_name,points_awarded",
        ),
        ("Teams", "First Name,Last Name,Email Address,04 Loss,Points,Feedback"),
        ("nbgrader", ",".join(NBGRADER)),
    ],
)
def test_a_file_of_a_place_that_takes_none_back_is_refused(graded, tmp_path, place, header):
    path = save(tmp_path, [header.split(","), ["x"] * len(header.split(","))])
    for kind in ("moodle", "canvas", "blackboard", "brightspace"):
        with pytest.raises(RosterError, match=f"a file from {place}"):
            write_export(kind, path, [STAGE], tmp_path / "out.csv", graded)
    assert not (tmp_path / "out.csv").exists()
