"""Who handed in what: every platform's way of naming, for classes with difficult names, over two weeks, and nobody lost or merged."""

import io
import random
import unicodedata
import zipfile

import pytest

from autograder.layouts import logins, recognise
from autograder.people import WhoIsWho
from autograder.roster import read_people
from autograder.submissions import find_submissions

WEEKS = {1: "03_recall_at_k", 2: "04_in_batch_loss"}
STAGE, OTHER = WEEKS[2], WEEKS[1]
FIRST = [
    "Ada",
    "Bob",
    "Ana María",
    "José",
    "Mary-Ann",
    "Jörg",
    "Lê Thị",
    "O'Brien",
    "Søren",
    "王",
    "Анна",
    "Zoë",
    "Jean-Luc",
    "Nour",
    "X Æ",
]
LAST = ["Lovelace", "Hale", "García López", "Müller", "van der Berg", "de la Cruz", "Núñez-Smith", "Nguyễn", "Øster", "李", "Петрова", "Silva",
        "Section", "Team 7", "Late", "Attempt", "McDonald III", "Week", "Version 2"]  # fmt: skip


class Member:
    """One made-up student, as the platforms know them."""

    def __init__(self, rng, i, name=None):
        self.first, self.last = name or (rng.choice(FIRST), rng.choice(LAST))
        self.name, self.number = f"{self.first} {self.last}", 10_000 + i * 37
        letters = (
            "".join(c for c in unicodedata.normalize("NFKD", f"{self.first[0]}{self.last}").lower() if c.isascii() and c.isalpha())
            or "u"
        )
        self.login = f"{letters}{i}"
        self.email = f"{self.login}@uni.example"
        self.sortable = "".join(c for c in f"{self.last}{self.first}".lower() if c.isalnum())


def a_class(seed, size=12, twins=False):
    """Members without two of one name, but with several of one surname; twins: and two of one full name."""
    rng, made = random.Random(seed), {}
    while len(made) < size:
        m = Member(rng, len(made) + 1)
        made.setdefault(m.name.casefold(), m)
    members = list(made.values())
    return members + [Member(rng, size + 1, (members[0].first, members[0].last))] if twins else members


def file_of(week, rng):
    stage = WEEKS[week]
    return rng.choice(
        [f"{stage}.ipynb", f"{stage} (1).ipynb", f"Copy of {stage}.ipynb", f"{stage.replace('_', '-')}.ipynb", f"{stage}-1.ipynb"]
    )


def moodle4(m, week, rng):
    return f"{m.name}_{rng.randrange(10**6, 10**7)}_assignsubmission_file/{file_of(week, rng)}"


def moodle3(m, week, rng):
    return f"{m.name}_{rng.randrange(10**6, 10**7)}_assignsubmission_file_/{file_of(week, rng)}"


def moodle_flat(m, week, rng):
    return f"{m.name}_{rng.randrange(10**6, 10**7)}_assignsubmission_file_{file_of(week, rng)}"


def canvas(m, week, rng):
    return f"{m.sortable}_{rng.choice(['', 'LATE_'])}{m.number}_{rng.randrange(10**6, 10**7)}_{file_of(week, rng)}"


def blackboard(m, week, rng):
    return f"HW{week}_{m.login}_attempt_2026-0{week}-1{rng.randrange(10)}-20-30-10_{file_of(week, rng)}"


def brightspace(m, week, rng):
    return f"{m.number}-{2000 + week} - {m.name} - Sep {rng.randrange(1, 28)}, 2026 {rng.randrange(1, 12)}{rng.randrange(10, 59)} PM/{file_of(week, rng)}"


def github(m, week, rng):
    return f"{WEEKS[week].replace('_', '-')}-{m.login}/{file_of(week, rng)}"


def github_course(m, week, rng):
    return f"{WEEKS[week].replace('_', '-')}-submissions/{WEEKS[week].replace('_', '-')}-{m.login}/notebooks/{WEEKS[week]}/{WEEKS[week]}.ipynb"


def github_other_slug(m, week, rng):
    return f"week-{week}-submissions/week-{week}-{m.login}/{file_of(week, rng)}"


def teams(m, week, rng):
    return f"Submitted files/{m.name}/Homework {week}/Version {rng.randrange(1, 12)}/{file_of(week, rng)}"


def teams_elsewhere(m, week, rng):
    return f"Přijaté soubory/{m.name}/{WEEKS[week]}/Version {rng.randrange(1, 12)}/{file_of(week, rng)}"


def inbound(m, week, rng):
    return f"inbound/{m.login}+{WEEKS[week]}+2026-0{week}-10 10:00:0{rng.randrange(10)}.5 UTC+8sFc0g==/{WEEKS[week]}.ipynb"


def submitted(m, week, rng):
    return f"submitted/{m.login}/{WEEKS[week]}/{WEEKS[week]}.ipynb"


def sections(m, week, rng):
    return f"Section {'AB'[m.number % 2]}/{m.name}/{file_of(week, rng)}"


def days(m, week, rng):
    return f"{['Mon 9am', 'Thu 2pm'][m.number % 2]}/{m.name}/{file_of(week, rng)}"


def on_time(m, week, rng):
    return f"{['on time', 'late'][m.number % 2]}/{m.name}/{file_of(week, rng)}"


def named_folder(m, week, rng):
    return f"{m.login}_{WEEKS[week]}/{rng.choice(['Untitled.ipynb', 'homework.ipynb', WEEKS[week] + '.ipynb'])}"


def folder(m, week, rng):
    return (
        f"{m.name}/{rng.choice(['Untitled1.ipynb', 'homework.ipynb', WEEKS[week] + '.ipynb', 'my work/' + WEEKS[week] + '.ipynb'])}"
    )


def by_week(m, week, rng):
    return f"week {week}/{m.name}/{file_of(week, rng)}"


def by_file(m, week, rng):
    return f"{rng.choice(['', WEEKS[week] + '/'])}{m.login}_{WEEKS[week]}.ipynb"


def zipped(m, week, rng):
    return f"{m.name}.zip/homework/{file_of(week, rng)}"


LAYOUTS = [moodle4, moodle3, moodle_flat, canvas, blackboard, brightspace, github, github_course, github_other_slug, teams, teams_elsewhere,
           inbound, submitted, sections, days, on_time, named_folder, folder, by_week, by_file, zipped]  # fmt: skip
KNOWS_TWINS = [canvas, blackboard, github, github_course, inbound, submitted, named_folder]
NOTEBOOKS = {}


def raw(stage, who="x"):
    """A notebook that says whose it is."""
    from damages import clean

    NOTEBOOKS.setdefault(stage, clean(stage))
    return NOTEBOOKS[stage].replace(b'"nbformat":', f'"who": "{who}", "nbformat":'.encode(), 1)


def zip_bytes(members, date=(2026, 3, 1, 10, 0, 0)):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name, date), data)
    return out.getvalue()


def write_tree(path, members):
    """Members as a folder; what lies in "x.zip/" as that zip."""
    zips = {}
    for name, data in members.items():
        head, inner = name.split(".zip/", 1) if ".zip/" in name else (None, name)
        if head is not None:
            zips.setdefault(f"{head}.zip", {})[inner] = data
            continue
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for name, inner in zips.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(zip_bytes(inner))
    return path


def in_zip(path, members):
    write_tree(path.with_suffix(""), members)
    tree = {
        str(p.relative_to(path.with_suffix(""))): p.read_bytes() for p in sorted(path.with_suffix("").rglob("*")) if p.is_file()
    }
    path.write_bytes(zip_bytes(tree))
    return path


@pytest.fixture
def look(tmp_path):
    def look(members, form="folder", **options):
        top = tmp_path / f"class{len(list(tmp_path.iterdir()))}"
        source = write_tree(top, members) if form == "folder" else in_zip(top.with_suffix(".zip"), members)
        return find_submissions(source, tmp_path / "scratch", **options)

    return look


def ids_by_member(made):
    """{login of the member whose notebook it is: id}"""
    found = {}
    for s in made:
        text = s.path.read_bytes().split(b'"who": "', 1)[1]
        found[text.split(b'"', 1)[0].decode()] = s.student
    return found


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("seed", range(3))
def test_everybody_is_found_once_and_is_the_same_next_week(look, layout, form, seed):
    members, rng, weeks = a_class(seed, twins=layout in KNOWS_TWINS), random.Random(seed), []
    for week in WEEKS:
        there = members if week == 1 else [m for m in members if rng.random() < 0.8 or m.number < 10_100]
        made, rejected = look({layout(m, week, rng): raw(WEEKS[week], m.login) for m in there}, form)
        ids = ids_by_member(made)
        assert ids.keys() == {m.login for m in there} and len(set(ids.values())) == len(there) and not rejected
        assert {s.stage for s in made} == {WEEKS[week]} and not any(s.claims for s in made)
        weeks.append(ids)
    assert all(weeks[0][login] == weeks[1][login] for login in weeks[1])


def named(found):
    return sorted(s.student for s in found[0])


@pytest.mark.parametrize("layout", [moodle4, moodle3, moodle_flat, brightspace], ids=lambda f: f.__name__)
def test_two_of_one_name_are_two_and_the_doubt_is_told(look, layout):
    members = a_class(1, 3, twins=True)
    made, _ = look({layout(m, 2, random.Random(m.number)): raw(STAGE, m.login) for m in members})
    assert (
        len(set(ids_by_member(made).values())) == 4 and sum("several people are called" in c for s in made for c in s.claims) == 2
    )


def test_blind_marking_has_numbers_only(look):
    made = look(
        {f"{word}_{n}_assignsubmission_file/{STAGE}.ipynb": raw(STAGE) for word in ("Participant", "Teilnehmer_in") for n in (5, 6)}
    )
    assert len(made[0]) == 4
    assert named(look({f"Participant_{n}_assignsubmission_file/{STAGE}.ipynb": raw(STAGE) for n in (5,)})) == ["Participant_5"]


def test_anonymous_and_underscored_names_of_canvas_are_the_same_after_each_upload(look):
    for upload in (501, 777):
        names = [f"anon_kA1bC_{upload}_{STAGE}.ipynb", f"LATE_anon_Zz9xY_{upload}_{STAGE}-1.ipynb", f"de_la_cruz_ana_77_{upload}_x.ipynb",
                 f"o_neill_LATE_78_{upload}_{STAGE}.ipynb"]  # fmt: skip
        assert named(look({n: raw(STAGE) for n in names})) == ["anon_Zz9xY", "anon_kA1bC", "de_la_cruz_ana_77", "o_neill_78"]


def test_blackboards_logins_may_hold_underscores():
    heads = ["HW_4_j_doe", "HW_4_k_doe", "HW_4_abc12"]
    assert logins(heads, "gradebook_DPR_HW_4_2026-01-30-20-30-10") == {
        "HW_4_j_doe": "j_doe",
        "HW_4_k_doe": "k_doe",
        "HW_4_abc12": "abc12",
    }
    assert logins(heads, "", {"HW_4_j_doe": "j_doe"}) == {"HW_4_j_doe": "j_doe", "HW_4_k_doe": "k_doe", "HW_4_abc12": "abc12"}
    assert len(set(logins(heads).values())) == 3 and logins(["HW4_jdoe"]) == {"HW4_jdoe": "jdoe"}


def test_blackboards_own_text_says_the_login(look):
    at = "attempt_2026-01-30-20-30-10"
    files = {f"HW4_{u}_{at}_{STAGE}.ipynb": raw(STAGE) for u in ("j_doe", "x_doe")}
    texts = {f"HW4_{u}_{at}.txt": f"Name: J. Doe ({u})\r\nAssignment: HW4\r\n".encode() for u in ("j_doe", "x_doe")}
    forged = {f"HW4_x_doe_{at}_HW4_j_doe_{at}.txt": b"Name: X (admin)\n"}
    for form in ("folder", "zip"):
        made, rejected = look(files | texts | forged, form)
        assert [(s.student, s.timestamp[:19]) for s in made] == [("j_doe", "2026-01-30T20:30:10"), ("x_doe", "2026-01-30T20:30:10")]


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_attempts_of_one_student_stay_one_and_the_newest_counts(look, form):
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
        made, rejected = look({new: raw(STAGE, "new"), old: raw(STAGE, "old"), "zoe.ipynb": raw(STAGE, "zoe")}, form)
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
def test_several_people_never_become_one_in_silence(look, tree, form):
    with pytest.raises(WhoIsWho, match="--who") as e:
        look({path.format(f"{STAGE}.ipynb"): raw(STAGE) for path in tree}, form)
    assert "Nothing was graded" in str(e.value) and f"{STAGE}.ipynb" in str(e.value)


def test_a_pattern_or_a_table_says_who_is_who(look, tmp_path):
    tree = {f"mine/{p}/{STAGE}.ipynb": raw(STAGE) for p in ("x", "y")} | {f"bob.zip/{STAGE}.ipynb": raw(STAGE)}
    for rule in ("mine/{student}/*", "{folder}/{student}/*", r"mine/(?P<student>\w+)/"):
        assert named(look(tree, who=rule)) == ["bob", "x", "y"]
    table = tmp_path / "people.csv"
    table.write_text("student,path\nAnn Lee,mine/x\nBo,mine/y/*\n", encoding="utf-8-sig")
    assert named(look(tree, who=str(table))) == ["Ann_Lee", "Bo", "bob"]
    table.write_text("path,student\nmine,Ann\n")
    made, rejected = look(tree, who=str(table))
    assert [s.student for s in made] == ["Ann", "bob"] and len(rejected) == 1
    assert named(look(tree, student="ann")) == ["ann"]
    for bad, word in (
        ("x/y", "does not say"),
        ("(?P<student>", "no regular expression"),
        (str(tmp_path / "none.csv"), "cannot be read"),
    ):
        with pytest.raises(ValueError, match=word):
            look(tree, who=bad)
    table.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="path and student"):
        look(tree, who=str(table))


def forged(claim, stamp=True):
    """A student's own zip with another's name in it, an older date, and a list of people."""
    inner = (
        {claim: raw(STAGE, "mallory"), "x/04_in_batch_loss (1).ipynb": raw(STAGE, "mallory")}
        if claim.startswith("x/")
        else {claim: raw(STAGE, "mallory")}
    )
    folder = claim.rpartition("/")[0]
    stamps = {f"{folder}/timestamp.txt".lstrip("/"): b"2020-01-01 00:00:00 UTC"} if stamp else {}
    return zip_bytes(
        inner | stamps | {"submission_metadata.yml": b"ada:\n  :submitters:\n  - :sid: ada\n  :created_at: 2020-01-01 00:00:00 Z\n"}
    )


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("claim", [
    f"ada/{STAGE}.ipynb", f"ada/{STAGE}/{STAGE}.ipynb", f"adal_11_99_{STAGE}.ipynb", f"Ada L_1_assignsubmission_file/{STAGE}.ipynb",
    f"1-2 - Ada L - Sep 4, 2026 926 AM/{STAGE}.ipynb", f"inbound/ada+{STAGE}+2020-01-01 00:00:00 UTC/{STAGE}.ipynb", f"Submitted files/Ada L/HW/{STAGE}.ipynb",
    f"HW_ada_attempt_2020-01-30-20-30-10_{STAGE}.ipynb", f"{STAGE}-ada/{STAGE}.ipynb", f"submitted/ada/{STAGE}/{STAGE}.ipynb",
])  # fmt: skip
@pytest.mark.parametrize("ada, mallory", [
    (f"ada/{STAGE}.ipynb", "mallory.zip"), (f"ada.zip/{STAGE}.ipynb", "mallory.zip"), (f"adal_11_22_{STAGE}.ipynb", "mallorym_33_44_work.zip"),
    (f"Ada L_1_assignsubmission_file/{STAGE}.ipynb", "Mallory M_2_assignsubmission_file/work.zip"), (f"ada/{STAGE}/{STAGE}.ipynb", f"mallory/{STAGE}/w.zip"),
    (f"1-2 - Ada L - Sep 4, 2026 926 AM/{STAGE}.ipynb", "3-2 - Mallory - Sep 5, 2026 926 AM/w.zip"),
    (f"HW_ada_attempt_2026-01-30-20-30-10_{STAGE}.ipynb", "HW_mallory_attempt_2026-01-30-20-30-10_w.zip"), (f"{STAGE}-ada/x.ipynb", f"{STAGE}-mallory/w.zip"),
])  # fmt: skip
def test_what_a_student_writes_takes_nobodys_name_and_no_date(look, ada, mallory, claim, form):
    made, rejected = look({ada: raw(STAGE, "ada"), mallory: forged(claim)}, form)
    ids = ids_by_member(made)
    assert (
        ids.keys() == {"ada", "mallory"}
        and "mallory" in ids["mallory"].casefold()
        and "ada" in ids["ada"].casefold()
        and not rejected
    )
    hers = next(s for s in made if s.student == ids["mallory"])
    assert not hers.timestamp.startswith("2020") and any("not used" in c for c in hers.claims)
    assert not any(s.claims for s in made if s is not hers)


def test_a_list_of_gradescopes_counts_only_where_gradescope_puts_it(look):
    listed = b"submission_1:\n  :submitters:\n  - :sid: ada\nsubmission_2:\n  :submitters:\n  - :sid: mallory\n"
    own = b"x:\n  :submitters:\n  - :sid: ada\n"
    made, _ = look({"export/submission_metadata.yml": listed, f"export/submission_1/{STAGE}.ipynb": raw(STAGE, "ada"),
                    f"export/submission_2/x/{STAGE}.ipynb": raw(STAGE, "mallory"), "export/submission_2/submission_metadata.yml": own})  # fmt: skip
    assert ids_by_member(made) == {"ada": "ada", "mallory": "mallory"}


def test_layouts_in_one_tree(look):
    rng, members = random.Random(4), a_class(4, 9)
    tree = {f"from moodle/{moodle4(m, 2, rng)}": raw(STAGE, m.login) for m in members[:3]}
    tree |= {f"from canvas/{canvas(m, 2, rng)}": raw(STAGE, m.login) for m in members[3:6]}
    tree |= {f"by mail/{m.name}/{STAGE}.ipynb": raw(STAGE, m.login) for m in members[6:]}
    for form in ("folder", "zip"):
        assert len(set(ids_by_member(look(tree, form)[0]).values())) == 9
    flat = {f"Ada_1_assignsubmission_file/{STAGE}.ipynb": raw(STAGE, "a"), f"bobo_22_33_{STAGE}.ipynb": raw(STAGE, "b"), f"cy/{STAGE}.ipynb": raw(STAGE, "c"),
            f"dee.zip/homework/{STAGE}.ipynb": raw(STAGE, "d"), f"eve_{STAGE}.ipynb": raw(STAGE, "e")}  # fmt: skip
    assert ids_by_member(look(flat)[0]) == {"a": "Ada", "b": "bobo_22", "c": "cy", "d": "dee", "e": "eve"}


@pytest.mark.parametrize("names", [
    ["late", "ada", "bob"], ["Version 2", "Week 3", "ada"], ["Section A", "Section B", "Section C"], ["12", "13", "14"], ["team-1", "team-2", "team-12"],
    ["submissions", "ada", "bob"], ["Homework", "ada"], ["copy", "ada", "bob"], ["final", "draft", "ada"], ["a-1", "a-2", "a"],
])  # fmt: skip
@pytest.mark.parametrize("form", ["folder", "zip"])
def test_names_that_look_like_something_else(look, names, form):
    for way in (f"{{}}/{STAGE}.ipynb", f"{{}}.zip/{STAGE}.ipynb", f"{{}}/{STAGE}/{STAGE}.ipynb"):
        made, rejected = look({way.format(n): raw(STAGE, n) for n in names}, form)
        assert ids_by_member(made).keys() == set(names) and len({s.student for s in made}) == len(names), way
    for n in ("12", "13"):
        assert recognise(n, "folder") is None


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
def test_a_roster_gives_one_id_whatever_the_layout(look, tmp_path, kind):
    members, rng, path = a_class(7, 6), random.Random(7), tmp_path / "roster.csv"
    path.write_text(ROSTERS[kind](members), encoding="utf-8")
    seen = []
    for layout in [github, blackboard] if kind == "github" else [moodle4, moodle_flat, brightspace, teams, folder, zipped]:
        made, _ = look({layout(m, 2, rng): raw(STAGE, m.login) for m in members}, roster=str(path))
        seen.append(ids_by_member(made))
        assert len(set(seen[-1].values())) == 6 and not any(s.claims for s in made)
    assert all(ids == seen[0] for ids in seen)


def test_a_worksheet_knows_twins_of_moodle_in_every_week(look, tmp_path):
    members = a_class(2, 4, twins=True)
    for week in WEEKS:
        numbers = {m.login: 10**6 * week + i for i, m in enumerate(members)}
        rows = "".join(f"Teilnehmer/in {numbers[m.login]};{m.name};{m.email};-\n" for m in members)
        (tmp_path / "ws.csv").write_text("ID;Vollständiger Name;E-Mail-Adresse;Status\n" + rows, encoding="utf-8")
        made, _ = look({f"{m.name}_{numbers[m.login]}_assignsubmission_file/{WEEKS[week]}.ipynb": raw(WEEKS[week], m.login) for m in members},
                       roster=str(tmp_path / "ws.csv"))  # fmt: skip
        assert ids_by_member(made) == {m.login: m.email for m in members} and not any(s.claims for s in made)


def test_whom_the_roster_lacks_is_told_and_two_names_of_one_person_are_asked(look, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Username,Name,Email\nadal,Ada Lovelace,ada@uni.example\n", encoding="utf-8")
    made, _ = look({f"Ada Lovelace/{STAGE}.ipynb": raw(STAGE), f"zoe/{STAGE}.ipynb": raw(STAGE)}, roster=str(path))
    assert [(s.student, s.claims) for s in made] == [("adal", ()), ("zoe", ("zoe is not in the roster",))]
    with pytest.raises(WhoIsWho, match="fit one person"):
        look({f"Ada Lovelace/{STAGE}.ipynb": raw(STAGE), f"ada/{STAGE}.ipynb": raw(STAGE)}, roster=str(path))
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="--columns"):
        read_people(path)
