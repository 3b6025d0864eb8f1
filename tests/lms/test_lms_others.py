"""Gradebooks of Canvas, Blackboard and Brightspace are filled in, in all their forms. A file of another platform is refused."""

import itertools

import pytest
from lms_files import PEOPLE, read, save

from autograder.lms.export import RosterError, export

STAGE = "04_in_batch_loss"
CANVAS = {
    "plain": ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"],
    "split": ["LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Section"],
    "no SIS": ["Student", "ID", "SIS Login ID", "Section"],
    "trust": ["LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section", "Notes"],
}


@pytest.mark.parametrize("form, delimiter", list(itertools.product(CANVAS, ",;")))
def test_every_form_of_canvas(graded, tmp_path, form, delimiter):
    header = CANVAS[form]
    number = (lambda s: s.replace(".", ",")) if delimiter == ";" else str
    rows = []
    for i, (first, last, email, _) in enumerate(PEOPLE):
        known = {
            "Student": f"{last}, {first}",
            "LastName": last,
            "FirstName": first,
            "ID": 101 + i,
            "SIS Login ID": email,
            "Section": "A",
        }
        rows.append([*(known.get(h, "") for h in header), ["", "EX", "N/A"][i], number("3.00")])
    top = ["    Points Possible", *[""] * (len(header) - 1), number("18.00"), number("5.00")]
    path = save(tmp_path, [[*header, "04 in-batch loss (12)", "Quiz (7)"], top, *rows], delimiter)
    text, told = export("canvas", path, [STAGE], graded)
    made = read(text, delimiter)
    assert made[0] == [h for h in header if h != "Notes"] + ["04 in-batch loss (12)"] and [r[-1] for r in made[1:]] == [
        number("18.00"),
        "18",
        "EX",
        "N/A",
    ]
    assert sum(" is already " in t and "stays; the gradebook has" in t for t in told) == 2


@pytest.mark.parametrize("encoding, delimiter", [("utf-8", ","), ("utf-16-le", "\t")])
@pytest.mark.parametrize("points", ["Total Pts: 18 Score", "Gesamtpunkte: 18 Ergebnis", "Pts totaux : 18 Score"])
def test_blackboard(graded, tmp_path, encoding, delimiter, points):
    header = [
        "Last Name",
        "First Name",
        "Username",
        "Student ID",
        "Last Access",
        "Availability",
        f"04 Loss [{points}] |123",
        "Total [Total Pts: up to 90 Score] |9",
    ]
    rows = [
        [last, first, email.split("@")[0], "", "2026-11-20", "Yes", "Needs Grading" if first == "Bob" else "", "3"]
        for first, last, email, _ in PEOPLE
    ]
    path = save(tmp_path, [header, *rows], delimiter, encoding, "\ufeff" if encoding == "utf-16-le" else "")
    text, told = export("blackboard", path, [STAGE], graded)
    made = read(text, delimiter)
    assert (
        made[0] == [*header[:4], header[6]]
        and [r[4] for r in made[1:]] == ["18", "12", "18"]
        and told == [f"{header[6]}: scaled from 9 to 18 points"]
    )
    for kind in ("moodle", "canvas", "brightspace"):
        with pytest.raises(RosterError, match="--format blackboard"):
            export(kind, path, [STAGE], graded)


def test_brightspace(graded, tmp_path):
    item = "04 in-batch loss Points Grade <Numeric MaxPoints:18 Weight:10 Category:Homework CategoryWeight:50>"
    header = [
        "OrgDefinedId",
        "Username",
        "Last Name",
        "First Name",
        "Email",
        item,
        "Calculated Final Grade Numerator",
        "End-of-Line Indicator",
    ]
    rows = [
        [f"#{n}", f"#{email.split('@')[0]}", last, first, email, "7" if first == "Bob" else "", "", "#"]
        for first, last, email, n in PEOPLE
    ]
    path = save(tmp_path, [header, *rows])
    text, told = export("brightspace", path, [STAGE], graded)
    made = read(text)
    assert made[0] == [*header[:6], header[7]] and [r[5:] for r in made[1:]] == [["18", "#"], ["7", "#"], ["18", "#"]]
    assert made[1][0] == "#1234567" and any("Bob Hale" in t and "is already 7 and stays" in t for t in told)
    new = save(tmp_path, [[*header[:5], header[7]], *([*r[:5], "#"] for r in rows)])
    made = read(export("brightspace", new, [STAGE], graded)[0])
    assert made[0][5:] == ["04 · The in-batch loss Points Grade", "End-of-Line Indicator"] and made[2][5:] == ["6", "#"]
    for kind in ("moodle", "canvas", "blackboard"):
        with pytest.raises(RosterError, match="--format brightspace"):
            export(kind, path, [STAGE], graded)
