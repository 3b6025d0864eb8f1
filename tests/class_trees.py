"""Made-up classes of students with difficult names, and the paths that each platform gives to their work in a download.

Each function in `LAYOUTS` takes a member, a week (1 or 2) and a random generator, and returns the path of the member's
notebook.
"""

import io
import random
import unicodedata
import zipfile

from damages import clean

WEEKS = {1: "03_recall_at_k", 2: "04_in_batch_loss"}
STAGE = WEEKS[2]
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
    """One made-up student, with a first and last name, a number, a login, an e-mail address, and Canvas's form of the name."""

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
    """Return a list of `size` Members. No two have the same full name, but several share a last name.

    twins: add one more Member, who has the same full name as the first.
    """
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
    """Return the bytes of a solved notebook of `stage` that holds the login `who` of its author."""
    NOTEBOOKS.setdefault(stage, clean(stage))
    return NOTEBOOKS[stage].replace(b'"nbformat":', f'"who": "{who}", "nbformat":'.encode(), 1)


def zip_bytes(members, date=(2026, 3, 1, 10, 0, 0)):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members.items():
            z.writestr(zipfile.ZipInfo(name, date), data)
    return out.getvalue()


def write_tree(path, members):
    """Write the files `members`, {relative path: bytes}, below the folder `path`. Returns `path`.

    A file whose path begins with "x.zip/" is written into the zip x.zip.
    """
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


def ids_by_member(made):
    """Return {login of the author, read from the notebook: the student id that was found}. made: a list of Submission."""
    found = {}
    for s in made:
        text = s.path.read_bytes().split(b'"who": "', 1)[1]
        found[text.split(b'"', 1)[0].decode()] = s.student
    return found


def named(found):
    return sorted(s.student for s in found[0])
