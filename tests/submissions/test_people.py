"""Who handed in what: in every layout of a download, each student is found once, and has the same id in both of two weeks."""

import random
import unicodedata

import pytest
from class_trees import (
    KNOWS_TWINS,
    LAYOUTS,
    STAGE,
    WEEKS,
    a_class,
    brightspace,
    canvas,
    ids_by_member,
    moodle3,
    moodle4,
    moodle_flat,
    named,
    raw,
)

from autograder.submissions.people import WhoIsWho
from autograder.submissions.platform_names import recognise


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("seed", range(3))
def test_everybody_is_found_once_and_is_the_same_next_week(look_into, layout, form, seed):
    members, rng, weeks = a_class(seed, twins=layout in KNOWS_TWINS), random.Random(seed), []
    for week in WEEKS:
        there = members if week == 1 else [m for m in members if rng.random() < 0.8 or m.number < 10_100]
        made, rejected = look_into({layout(m, week, rng): raw(WEEKS[week], m.login) for m in there}, form)
        ids = ids_by_member(made)
        assert ids.keys() == {m.login for m in there} and len(set(ids.values())) == len(there) and not rejected
        assert {s.stage for s in made} == {WEEKS[week]} and not any(s.claims for s in made)
        weeks.append(ids)
    assert all(weeks[0][login] == weeks[1][login] for login in weeks[1])


@pytest.mark.parametrize("layout", [moodle4, moodle3, moodle_flat, brightspace], ids=lambda f: f.__name__)
def test_two_of_one_name_are_two_and_the_doubt_is_told(look_into, layout):
    members = a_class(1, 3, twins=True)
    made, _ = look_into({layout(m, 2, random.Random(m.number)): raw(STAGE, m.login) for m in members})
    assert (
        len(set(ids_by_member(made).values())) == 4 and sum("several people are called" in c for s in made for c in s.claims) == 2
    )


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_attempts_of_one_student_stay_one_and_the_newest_counts(look_into, form):
    for old, new in [
        (f"HW4_jdoe_attempt_2026-01-30-20-30-10_{STAGE}.ipynb", f"HW4_jdoe_attempt_2026-01-31-09-00-00_{STAGE}.ipynb"),
        (f"Submitted files/Ada/HW/Version 9/{STAGE}.ipynb", f"Submitted files/Ada/HW/Version 10/{STAGE}.ipynb"),
        (
            f"inbound/ada+{STAGE}+2026-03-01 10:00:00 UTC/{STAGE}.ipynb",
            f"inbound/ada+{STAGE}+2026-03-02 09:00:00 UTC+a==/{STAGE}.ipynb",
        ),
        (f"1-2 - Ada B - Sep 4, 2026 926 AM/{STAGE}.ipynb", f"1-2 - Ada B - Sep 4, 2026 126 PM/{STAGE}.ipynb"),
        (f"adab_1_98_{STAGE}.ipynb", f"adab_1_99_{STAGE}-1.ipynb"),
        (f"ada/attempt 1/{STAGE}.ipynb", f"ada/attempt 2/{STAGE}.ipynb"),
    ]:
        made, rejected = look_into({new: raw(STAGE, "new"), old: raw(STAGE, "old"), "zoe.ipynb": raw(STAGE, "zoe")}, form)
        assert len(made) == 2 and "new" in ids_by_member(made) and len(rejected) == 1 and "older file" in rejected[0][1], (
            old,
            made,
        )


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("tree", [
    ["mine/x/{}", "mine/y/{}", "bob/{}"], ["bob.zip/p/{}", "cat.zip/p/{}", "cat.zip/q/{}"], ["1/Ann/{}", "1/Bo/{}", "2/Cy/{}", "3/Di/{}", "4/{}"],
    ["north/Ana Silva/{}", "north/Bo/{}", "south/Ana Silva/{}", "south/Cy/{}"], ["{}", "04_in_batch_loss (1).ipynb"],
    ["Ana/{}", "Ana_1_assignsubmission_file/{}"],
])  # fmt: skip
def test_several_people_never_become_one_in_silence(look_into, tree, form):
    with pytest.raises(WhoIsWho, match="--who") as e:
        look_into({path.format(f"{STAGE}.ipynb"): raw(STAGE) for path in tree}, form)
    assert "Nothing was graded" in str(e.value) and f"{STAGE}.ipynb" in str(e.value)


def test_a_pattern_or_a_table_says_who_is_who(look_into, tmp_path):
    tree = {f"mine/{p}/{STAGE}.ipynb": raw(STAGE) for p in ("x", "y")} | {f"bob.zip/{STAGE}.ipynb": raw(STAGE)}
    for rule in ("mine/{student}/*", "{folder}/{student}/*", r"mine/(?P<student>\w+)/"):
        assert named(look_into(tree, who=rule)) == ["bob", "x", "y"]
    table = tmp_path / "people.csv"
    table.write_text("student,path\nAnn Lee,mine/x\nBo,mine/y/*\n", encoding="utf-8-sig")
    assert named(look_into(tree, who=str(table))) == ["Ann_Lee", "Bo", "bob"]
    table.write_text("path,student\nmine,Ann\n")
    made, rejected = look_into(tree, who=str(table))
    assert [s.student for s in made] == ["Ann", "bob"] and len(rejected) == 1
    assert named(look_into(tree, student="ann")) == ["ann"]
    for bad, word in (
        ("x/y", "does not say"),
        ("(?P<student>", "not a valid regular expression"),
        (str(tmp_path / "none.csv"), "cannot be read"),
    ):
        with pytest.raises(ValueError, match=word):
            look_into(tree, who=bad)
    table.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="path and student"):
        look_into(tree, who=str(table))


def test_layouts_in_one_tree(look_into):
    rng, members = random.Random(4), a_class(4, 9)
    tree = {f"from moodle/{moodle4(m, 2, rng)}": raw(STAGE, m.login) for m in members[:3]}
    tree |= {f"from canvas/{canvas(m, 2, rng)}": raw(STAGE, m.login) for m in members[3:6]}
    tree |= {f"by mail/{m.name}/{STAGE}.ipynb": raw(STAGE, m.login) for m in members[6:]}
    for form in ("folder", "zip"):
        assert len(set(ids_by_member(look_into(tree, form)[0]).values())) == 9
    flat = {f"Ada_1_assignsubmission_file/{STAGE}.ipynb": raw(STAGE, "a"), f"bobo_22_33_{STAGE}.ipynb": raw(STAGE, "b"), f"cy/{STAGE}.ipynb": raw(STAGE, "c"),
            f"dee.zip/homework/{STAGE}.ipynb": raw(STAGE, "d"), f"eve_{STAGE}.ipynb": raw(STAGE, "e")}  # fmt: skip
    assert ids_by_member(look_into(flat)[0]) == {"a": "Ada", "b": "bobo_22", "c": "cy", "d": "dee", "e": "eve"}


@pytest.mark.parametrize("names", [
    ["late", "ada", "bob"], ["Version 2", "Week 3", "ada"], ["Section A", "Section B", "Section C"], ["12", "13", "14"], ["team-1", "team-2", "team-12"],
    ["submissions", "ada", "bob"], ["Homework", "ada"], ["copy", "ada", "bob"], ["final", "draft", "ada"], ["a-1", "a-2", "a"],
])  # fmt: skip
@pytest.mark.parametrize("form", ["folder", "zip"])
def test_names_that_look_like_something_else(look_into, names, form):
    for way in (f"{{}}/{STAGE}.ipynb", f"{{}}.zip/{STAGE}.ipynb", f"{{}}/{STAGE}/{STAGE}.ipynb"):
        made, rejected = look_into({way.format(n): raw(STAGE, n) for n in names}, form)
        assert ids_by_member(made).keys() == set(names) and len({s.student for s in made}) == len(names), way
    for n in ("12", "13"):
        assert recognise(n, "folder") is None


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_what_nobody_handed_in_is_set_aside(look_into, form):
    inbound_one = f"inbound/ada+{STAGE}+2026-03-01 10:00:00 UTC/{STAGE}.ipynb"
    made, rejected = look_into({inbound_one: raw(STAGE), f"outbound/{STAGE}/{STAGE}.ipynb": raw(STAGE)}, form)
    assert [s.student for s in made] == ["ada"] and "was not handed in" in rejected[0][1]
    made, rejected = look_into(
        {f"Submitted files/Ada/HW/Version 1/{STAGE}.ipynb": raw(STAGE), f"Working files/Ada/HW/{STAGE}.ipynb": raw(STAGE)}, form
    )
    assert [s.student for s in made] == ["Ada"] and "working files" in rejected[0][1]


def test_a_download_beside_plain_folders(look_into):
    tree = {
        f"moodle week 4.zip/Ada_1_assignsubmission_file/{STAGE}.ipynb": raw(STAGE),
        f"moodle week 4.zip/Bo_2_assignsubmission_file/{STAGE}.ipynb": raw(STAGE),
    }
    assert named(look_into(tree | {f"cy/{STAGE}.ipynb": raw(STAGE), f"dee.zip/homework/{STAGE}.ipynb": raw(STAGE)})) == [
        "Ada",
        "Bo",
        "cy",
        "dee",
    ]


def test_names_decomposed_by_a_mac_are_the_same_names(look_into):
    for form in ("NFC", "NFD"):
        tree = {
            unicodedata.normalize(form, n): raw(STAGE)
            for n in (f"Jörg Müller/{STAGE}.ipynb", f"Zoë_1_assignsubmission_file/{STAGE}.ipynb")
        }
        assert named(look_into(tree)) == ["Jörg_Müller", "Zoë"]


def test_an_id_that_no_name_stands_behind_is_told(look_into):
    names = f"submission_7/{STAGE}.ipynb", f"Participant_5_assignsubmission_file/{STAGE}.ipynb", f"anon_kA1bC_5_{STAGE}.ipynb"
    for name in names:
        assert "gives no name" in look_into({name: raw(STAGE)})[0][0].claims[0]


def test_zips_of_sections(look_into):
    tree = {f"Section {s}.zip/{n}/{STAGE}.ipynb": raw(STAGE) for s, n in (("A", "ada"), ("A", "bob"), ("B", "cy"))}
    assert named(look_into(tree)) == ["ada", "bob", "cy"]


def test_folders_in_folders_around_a_class(look_into):
    assert named(look_into({f"dl/HW 4/{n}/{STAGE}/{STAGE}.ipynb": raw(STAGE) for n in ("Ada Lovelace", "Bob")})) == [
        "Ada_Lovelace",
        "Bob",
    ]
    assert named(
        look_into({f"dl/HW 4/Section {s}/{n}/{STAGE}.ipynb": raw(STAGE) for s, n in (("A", "Ada"), ("A", "Bo"), ("B", "Cy"))})
    ) == ["Ada", "Bo", "Cy"]


@pytest.mark.parametrize(
    "paths",
    [
        ["rechtzeitig/Ada/{}.ipynb", "verspätet/Bob/{}.ipynb"],
        ["dpr-hw-Ada/{}.ipynb", "dpr-hw-Bob/{}.ipynb"],
        ["cs224-lab-4-Ada/{}.ipynb", "cs224-lab-4-Bob/{}.ipynb"],
        ["Week/Ada - Copy of {}.ipynb", "Week/Bob - Copy of {}.ipynb"],
        ["Ada - Kopie von {}.ipynb", "Bob - Copie de {}.ipynb"],
    ],
)
def test_more_words_around_a_name_do_not_become_it(look_into, paths):
    made, _ = look_into({p.format(STAGE): raw(STAGE, p) for p in paths})
    assert named((made, [])) == ["Ada", "Bob"]


def test_copies_without_a_name_are_nobody(look_into):
    with pytest.raises(WhoIsWho):
        look_into({f"{word} {STAGE}.ipynb": raw(STAGE, word) for word in ("Copy of", "Kopie von", "Copia de")})
