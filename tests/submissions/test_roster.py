"""A class list gives each student the same id in every download, whatever name the platform uses."""

import random

import pytest
from class_trees import (
    STAGE,
    WEEKS,
    a_class,
    blackboard,
    brightspace,
    folder,
    github,
    ids_by_member,
    moodle4,
    moodle_flat,
    raw,
    teams,
    zipped,
)

from autograder.submissions.people import WhoIsWho
from autograder.submissions.roster import read_people

ROSTERS = {
    "worksheet": lambda ms: (
        "Identifier,Full name,Email address,Status,Grade\n" + "".join(f"Participant {m.number},{m.name},{m.email},-,\n" for m in ms)
    ),
    "canvas": lambda ms: (
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        + "".join(f'"{m.last}, {m.first}",{m.number},s{m.number},{m.login},A\n' for m in ms)
    ),
    "participants": lambda ms: "Vorname;Nachname;E-Mail-Adresse\n" + "".join(f"{m.first};{m.last};{m.email}\n" for m in ms),
    "github": lambda ms: "identifier,github_username,github_id,name\n" + "".join(f"{m.email},{m.login},{m.number},\n" for m in ms),
    "nbgrader": lambda ms: "id,first_name,last_name,email\n" + "".join(f"{m.login},{m.first},{m.last},{m.email}\n" for m in ms),
    "brightspace": lambda ms: (
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
        + "".join(f"#{m.number},#{m.login},{m.last},{m.first},{m.email},#\n" for m in ms)
    ),
}


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_roster_gives_one_id_whatever_the_layout(look_into, tmp_path, kind):
    members, rng, path = a_class(7, 6), random.Random(7), tmp_path / "roster.csv"
    path.write_text(ROSTERS[kind](members), encoding="utf-8")
    seen = []
    for layout in [github, blackboard] if kind == "github" else [moodle4, moodle_flat, brightspace, teams, folder, zipped]:
        made, _ = look_into({layout(m, 2, rng): raw(STAGE, m.login) for m in members}, roster=str(path))
        seen.append(ids_by_member(made))
        assert len(set(seen[-1].values())) == 6 and not any(s.claims for s in made)
    assert all(ids == seen[0] for ids in seen)


def test_a_worksheet_knows_twins_of_moodle_in_every_week(look_into, tmp_path):
    members = a_class(2, 4, twins=True)
    for week in WEEKS:
        numbers = {m.login: 10**6 * week + i for i, m in enumerate(members)}
        rows = "".join(f"Teilnehmer/in {numbers[m.login]};{m.name};{m.email};-\n" for m in members)
        (tmp_path / "ws.csv").write_text("ID;Vollständiger Name;E-Mail-Adresse;Status\n" + rows, encoding="utf-8")
        made, _ = look_into({f"{m.name}_{numbers[m.login]}_assignsubmission_file/{WEEKS[week]}.ipynb": raw(WEEKS[week], m.login) for m in members},
                       roster=str(tmp_path / "ws.csv"))  # fmt: skip
        assert ids_by_member(made) == {m.login: m.email for m in members} and not any(s.claims for s in made)


def test_whom_the_roster_lacks_is_told_and_two_names_of_one_person_are_asked(look_into, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Username,Name,Email\nadal,Ada Lovelace,ada@uni.example\n", encoding="utf-8")
    made, _ = look_into({f"Ada Lovelace/{STAGE}.ipynb": raw(STAGE), f"zoe/{STAGE}.ipynb": raw(STAGE)}, roster=str(path))
    assert [(s.student, s.claims) for s in made] == [("adal", ()), ("zoe", ("zoe is not in the roster",))]
    with pytest.raises(WhoIsWho, match="match one person"):
        look_into({f"Ada Lovelace/{STAGE}.ipynb": raw(STAGE), f"ada/{STAGE}.ipynb": raw(STAGE)}, roster=str(path))
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="--columns"):
        read_people(path)


def test_a_system_without_accents_names_the_same_people(look_into, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "Vorname;Nachname;E-Mail-Adresse\nJörg;Müller;jm@uni.example\nSøren;Łuk;sl@uni.example\nJose;Roa;jr@uni.example\nJosé;Roa;jr2@uni.example\n"
    )
    names = ("Joerg Mueller", "Soren Luk", "Jose Roa", "José Roa")
    made, _ = look_into({f"{n}_{i}_assignsubmission_file/{STAGE}.ipynb": raw(STAGE, n) for i, n in enumerate(names)}, roster=path)
    assert {s.student for s in made} == {"jm@uni.example", "sl@uni.example", "jr@uni.example", "jr2@uni.example"}
