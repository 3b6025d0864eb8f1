"""File names made by Blackboard, Canvas, Brightspace and GitHub Classroom lead to the right students."""

import pytest
from class_trees import (
    STAGE,
    named,
    raw,
)

from autograder.submissions.platform_names import logins


def test_blind_marking_has_numbers_only(look_into):
    made = look_into(
        {f"{word}_{n}_assignsubmission_file/{STAGE}.ipynb": raw(STAGE) for word in ("Participant", "Teilnehmer_in") for n in (5, 6)}
    )
    assert len(made[0]) == 4
    assert named(look_into({f"Participant_{n}_assignsubmission_file/{STAGE}.ipynb": raw(STAGE) for n in (5,)})) == ["Participant_5"]


def test_anonymous_and_underscored_names_of_canvas_are_the_same_after_each_upload(look_into):
    for upload in (501, 777):
        names = [f"anon_kA1bC_{upload}_{STAGE}.ipynb", f"LATE_anon_Zz9xY_{upload}_{STAGE}-1.ipynb", f"de_la_cruz_ana_77_{upload}_x.ipynb",
                 f"o_neill_LATE_78_{upload}_{STAGE}.ipynb"]  # fmt: skip
        assert named(look_into({n: raw(STAGE) for n in names})) == ["anon_Zz9xY", "anon_kA1bC", "de_la_cruz_ana_77", "o_neill_78"]


def test_blackboards_logins_may_hold_underscores():
    heads = ["HW_4_j_doe", "HW_4_k_doe", "HW_4_abc12"]
    assert logins(heads, "gradebook_DPR_HW_4_2026-01-30-20-30-10") == {
        "HW_4_j_doe": "j_doe",
        "HW_4_k_doe": "k_doe",
        "HW_4_abc12": "abc12",
    }
    assert logins(heads, "", {"HW_4_j_doe": "j_doe"}) == {"HW_4_j_doe": "j_doe", "HW_4_k_doe": "k_doe", "HW_4_abc12": "abc12"}
    assert len(set(logins(heads).values())) == 3 and logins(["HW4_jdoe"]) == {"HW4_jdoe": "jdoe"}


def test_blackboards_own_text_says_the_login(look_into):
    at = "attempt_2026-01-30-20-30-10"
    files = {f"HW4_{u}_{at}_{STAGE}.ipynb": raw(STAGE) for u in ("j_doe", "x_doe")}
    texts = {f"HW4_{u}_{at}.txt": f"Name: J. Doe ({u})\r\nAssignment: HW4\r\n".encode() for u in ("j_doe", "x_doe")}
    forged = {f"HW4_x_doe_{at}_HW4_j_doe_{at}.txt": b"Name: X (admin)\n"}
    for form in ("folder", "zip"):
        made, rejected = look_into(files | texts | forged, form)
        assert [(s.student, s.timestamp[:19]) for s in made] == [("j_doe", "2026-01-30T20:30:10"), ("x_doe", "2026-01-30T20:30:10")]


def test_repositories_of_an_unknown_slug_are_known_by_their_login(look_into):
    for week in (3, 4):
        assert named(look_into({f"hw{week}-{login}/{STAGE}.ipynb": raw(STAGE) for login in ("ada-l", "bob", "hw9-fan")})) == [
            "ada-l",
            "bob",
            "hw9-fan",
        ]
    assert named(look_into({f"team-{n}/{STAGE}.ipynb": raw(STAGE) for n in (1, 2, 12)})) == ["team-1", "team-12", "team-2"]


@pytest.mark.parametrize("date", ["Sep 24, 2026 926 PM", "24 juil. 2026 2126", "24 sept 2026 2126", "2026年9月24日 2126"])
def test_brightspace_in_any_language(look_into, date):
    (made,), _ = look_into({f"123-45 - Ana María Núñez-Smith - {date}/{STAGE}.ipynb": raw(STAGE)})
    assert made.student == "Ana_María_Núñez-Smith" and made.timestamp in ("", "2026-09-24T21:26:00+00:00")
