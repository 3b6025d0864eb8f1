"""Find the submissions in what an instructor has: nbgrader's tree, a folder of notebooks, an LMS's export, a zip of any.

    submitted/<student>/<stage>/<stage>.ipynb                       nbgrader, with timestamp.txt
    <student>/anything.ipynb, <stage>/<student>.ipynb, <student>.ipynb
    Full Name_123456_assignsubmission_file_/<stage>.ipynb           Moodle
    lastnamefirst_LATE_12345_67890_<stage>-1.ipynb                  Canvas
    submission_123456/<stage>.ipynb, submission_metadata.yml        Gradescope

The stage is read from the name of the file or its folders, else from the markers in it. Nothing is dropped in silence:
every file that looks like work is returned or listed with a reason.
"""

import hashlib
import os
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml
from dateutil import parser as dates
from dateutil import tz

from autograder.notebook_file import MAX_BYTES, NotGradable, read_bytes, read_cells
from autograder.parts import MARKER, read_release, released_stages
from autograder.unzip import INNER, Allowance, unzip

MOODLE = re.compile(r"^(.+?)_(\d+)_assignsubmission_\w+?_")
CANVAS = re.compile(r"^([^\W_][^_]*)_(?:LATE_)?(\d+)_(\d+)_(?=.)")
GRADESCOPE = re.compile(r"^submission_\d+$")
COPY = re.compile(r"\bcopy[ _]of[ _]+|[-_ ]*\bcopy\d*\b|\(\d+\)|[- ]\d{1,2}$|-checkpoint$", re.IGNORECASE)
# Folders that say nothing about who.
GENERIC = {"notebooks", "submitted", "submissions", "submission", "release", "dpr-course", "dpr-course-main", "autograder"}
# What lies beside notebooks and is nobody's submission.
COMPANIONS = {
    "previous.py",
    "previous.reference.py",
    "timestamp.txt",
    "submission_secret.txt",
    "results.json",
    "submission_metadata.yml",
    "thumbs.db",
}
NESTED = 2  # levels of zips: one in another
NO_NOTEBOOK = "it is not a notebook (.ipynb) and not a zip"


@dataclass(frozen=True)
class Submission:
    student: str  # safe as a folder name
    stage: str
    path: Path
    timestamp: str = ""  # ISO 8601, UTC; "" if unknown


@dataclass
class Found:
    """A notebook with what its surroundings say about it."""

    path: Path  # where it can be read
    shown: Path  # how it is named to the instructor
    folders: tuple  # names of the folders that it is in, outermost first
    container: str  # name of the folder or zip that all this is in
    name: str
    when: datetime | None = None
    stage: str = ""
    student: str = ""
    number: str = ""  # of the LMS, tells two students of one name apart
    order: tuple = ()


def find_submissions(source, scratch):
    """The submissions in `source` (file or folder) and the files that are none: `(list of Submission, [(path, reason)])`.

    scratch: a folder into which zips are unpacked. Of several files of one student and stage the newest counts.
    Raises FileNotFoundError if there is no `source`.
    """
    source = Path(source)
    if not source.exists():
        raise FileNotFoundError(f"there is nothing at {source}: give a notebook, a folder or a zip of submissions")
    search = Search(Path(scratch))
    search.look_into(source.absolute())
    found, rejected = search.found, search.rejected
    for f in found:
        f.stage = stage_of(f)
    outer, named = shared_folders([f for f in found if f.stage]), []
    for f in found:
        if not f.stage:
            rejected.append((f.shown, why_of_no_stage(f.path)))
        else:
            named += name_students(f, outer, search.people)
    ids = distinct_ids(named)
    newest = {}
    for f in sorted(named, key=lambda f: (f.when or datetime.min.replace(tzinfo=UTC), f.order, str(f.shown))):
        key = ids[identity(f)], f.stage
        if key in newest:
            rejected.append((newest[key].shown, f"an older file of {key[0]} for {f.stage}: {f.shown.name} was taken"))
        newest[key] = f
    made = [
        Submission(student, stage, f.path, f.when.astimezone(UTC).isoformat(timespec="seconds") if f.when else "")
        for (student, stage), f in newest.items()
    ]
    return sorted(made, key=lambda s: (s.stage, s.student)), sorted(rejected, key=lambda r: str(r[0]))


class Search:
    """Looks through folders and zips and keeps what it finds."""

    def __init__(self, scratch):
        self.scratch, self.zips, self.allowance = scratch, 0, Allowance()
        self.found = []  # Found
        self.rejected = []  # (path, reason)
        self.source = None
        self.people = {}  # Gradescope: folders -> (names, time)

    def look_into(self, path):
        self.source = path
        if path.is_file():
            above = path.parent.parts[-2:] if path.parent.name in released_stages() else ()  # one notebook of nbgrader's tree
            self.sort_out(path, path, above, path.parent.name, read_date(path.parent / "timestamp.txt"))
            return
        for folder, inner, files in os.walk(path):
            here = Path(folder)
            inner.sort()
            self.rejected += [(here / d, "it is a link to a folder") for d in inner if (here / d).is_symlink()]
            for name in sorted(files):
                self.sort_out(here / name, here / name, here.relative_to(path).parts, path.name, read_date(here / "timestamp.txt"))

    def sort_out(self, path, shown, folders, container, when, depth=0):
        """Decide what one file is. It is read at `path`; `shown` is where the instructor sees it."""
        name = shown.name
        if name == "submission_metadata.yml":
            self.people |= {(*folders, folder): who for folder, who in read_people(path).items()}
        if is_companion(name, folders):
            return
        if path.is_symlink():
            self.rejected.append((shown, "it is a link, not a file"))
        elif not path.is_file():
            self.rejected.append((shown, "it is a pipe or a device, not a file"))
        elif ".ipynb_checkpoints" in folders:
            self.rejected.append((shown, "it is a checkpoint that Jupyter made, not the notebook"))
        elif ".ipynb" in name.casefold():
            order = (path.stat().st_mtime, *(int(n) for n in re.findall(r"[0-9]{1,18}", name)))
            self.found.append(Found(path, shown, tuple(folders), container, name, when, order=order))
        elif name.casefold().endswith(".zip") and depth < NESTED:
            self.open_zip(path, shown, folders, depth)
        elif name.casefold().endswith(".zip"):
            self.rejected.append((shown, "it is a zip in a zip in a zip: unpack it first"))
        else:
            self.rejected.append((shown, NO_NOTEBOOK))

    def open_zip(self, path, shown, folders, depth):
        self.zips += 1
        try:
            share = 1 if path == self.source else INNER
            members = unzip(path, self.scratch / f"zip{self.zips:05d}", worth_unpacking, self.allowance, share)
        except ValueError as e:
            self.rejected.append((shown, str(e)))
            return
        times = {m.rpartition("/")[0]: read_date(f) for m, f, _, _ in members if f and m.endswith("timestamp.txt")}
        for member, file, when, reason in members:
            inner = member.strip("/").split("/")[:-1]
            if file:
                when = times.get(member.rpartition("/")[0]) or when
                self.sort_out(file, shown / member, (*folders, *inner), Path(shown.name).stem, when, depth + 1)
            elif reason or not is_companion(member.split("/")[-1], inner):
                self.rejected.append((shown / member.lstrip("/"), reason or NO_NOTEBOOK))


def is_companion(name, folders):
    return name.casefold() in COMPANIONS or name.startswith(".") or "__MACOSX" in folders


def worth_unpacking(member):
    *folders, name = member.casefold().split("/")
    return "__macosx" not in folders and (
        ".ipynb" in name or name.endswith(".zip") or name in ("timestamp.txt", "submission_metadata.yml")
    )


def read_date(path):
    """The time in nbgrader's timestamp.txt, in UTC; None if there is no file or no date in it."""
    try:
        when = dates.parse(path.read_text(encoding="utf-8")[:100], tzinfos=lambda name, offset: offset or tz.gettz(name))
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (OSError, ValueError, OverflowError):
        return None


def read_people(path):
    """Gradescope's submission_metadata.yml: `{folder: (names of the submitters, time)}`; empty if it cannot be read."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        people = {}
        for folder, entry in entries.items():
            who = [p.get(":sid") or p.get(":email") or p.get(":name") for p in entry[":submitters"]]
            when = entry.get(":created_at")
            when = when.replace(tzinfo=when.tzinfo or UTC) if isinstance(when, datetime) else None
            people[str(folder)] = ([str(w) for w in who if w], when)
        return people
    except (OSError, ValueError, yaml.YAMLError, AttributeError, TypeError, KeyError, RecursionError):
        return {}


def pattern(stage):
    return re.compile(r"[^a-zA-Z0-9]+".join(map(re.escape, stage.split("_"))), re.IGNORECASE)


def stage_of(f):
    """The stage that a file is of, by its name, its folders or its content; '' if none says."""
    for text in (f.name, *reversed(f.folders)):
        for stage in released_stages():
            if pattern(stage).search(text):
                return stage
    if f.path.stat().st_size > MAX_BYTES:
        return ""
    text = f.path.read_text(encoding="utf-8", errors="replace").replace("\\n", "\n").replace('"', "\n")
    markers = list(MARKER.finditer(text))
    counts = {s: sum(1 for m in markers if read_release(s).find(m)) for s in released_stages()}
    best = max(counts, key=counts.get)
    return best if counts[best] else ""


def why_of_no_stage(path):
    """What to tell of a file of which nothing says which stage it is."""
    try:
        read_cells(read_bytes(path), [])
    except NotGradable as e:
        return str(e)
    return "it holds nothing of this course: neither its name nor its cells say which stage it is"


def says_who(folder):
    """Whether the name of a folder may be a student's: it is no stage's, and none that every class has."""
    return folder.casefold() not in GENERIC and not any(pattern(s).search(folder) for s in released_stages())


def who(f, outer):
    """The student by folders and name, when the first `outer` folders are left out."""
    folders = f.folders[outer:]
    if f.stage in folders[1:] and says_who(folders[folders.index(f.stage, 1) - 1]):
        return folders[folders.index(f.stage, 1) - 1]  # <student>/<stage>/
    rest = pattern(f.stage).sub(" ", re.sub(r"\.ipynb.*$", "", f.name, flags=re.IGNORECASE))
    return next(filter(says_who, folders), "") or COPY.sub(" ", rest).strip(" _-.,") or f.container


def shared_folders(found):
    """How many outer folders of the files say nothing about who: those in common without which more students appear."""
    common = len(os.path.commonprefix([f.folders for f in found])) if found else 0
    return max(range(common + 1), key=lambda n: (len({who(f, n) for f in found}), -n))


def name_students(f, outer, people):
    """The Found once for each of its students (a group has several), with `student` and `number`."""
    for i, folder in enumerate(f.folders):
        if submitters := people.get(f.folders[: i + 1]):
            names, when = submitters
            return [replace(f, student=name, when=when or f.when) for name in names or [folder]]
        if m := MOODLE.match(folder):
            f.student, f.number = m[1], m[2]
            return [f]
        if GRADESCOPE.match(folder):
            f.student = folder
            return [f]
    if m := MOODLE.match(f.name):
        f.student, f.number = m[1], m[2]
    elif m := CANVAS.match(f.name):
        f.student = f"{m[1]}_{m[2]}"  # Canvas's number of the user, the same in every assignment
    else:
        f.student = who(f, outer)
    return [f]


def identity(f):
    return f.student, f.stage, f.number


def safe(name):
    """A name that can be a folder's on every system."""
    name = unicodedata.normalize("NFC", name)
    name = re.sub(r"[^\w.@-]+", "_", name).strip("._-")[:80]
    return name.encode("utf-8")[:160].decode("utf-8", "ignore") or "student"  # file names have at most 255 bytes


def distinct_ids(found):
    """`{identity: id}`: two students never share an id, not even where capitals do not count.

    Moodle's numbers differ from one assignment to the next, so they are used only where two have one name in one stage.
    """
    names, numbers = {}, {}
    for f in found:
        names.setdefault(safe(f.student).casefold(), set()).add(f.student)
        numbers.setdefault((f.student, f.stage), set()).add(f.number)
    ids = {}
    for f in found:
        made = safe(f.student)
        if len(names[made.casefold()]) > 1:
            made += "-" + hashlib.sha256(f.student.encode("utf-8", "replace")).hexdigest()[:6]
        if len(numbers[f.student, f.stage]) > 1:
            made += f"-{f.number}"
        ids[identity(f)] = made
    return ids
