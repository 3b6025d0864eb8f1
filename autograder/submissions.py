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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml
from dateutil import parser as dates

from autograder.notebook_file import MAX_BYTES
from autograder.parts import MARKER, read_release
from autograder.stages import stage_names
from autograder.unzip import unzip

MOODLE = re.compile(r"^(.+?)_(\d+)_assignsubmission_\w+?_")
CANVAS = re.compile(r"^([^\W_][^_]*)_(?:LATE_)?(\d+)_(\d+)_(?=.)")
GRADESCOPE = re.compile(r"^submission_\d+$")
COPY = re.compile(r"\bcopy[ _]of[ _]+|[-_ ]*\bcopy\d*\b|\(\d+\)|[- ]\d{1,2}$|-checkpoint$", re.IGNORECASE)
# Folders that say nothing about who.
GENERIC = {"notebooks", "submitted", "submissions", "submission", "release", "dpr-course", "dpr-course-main", "autograder"}
# What lies beside notebooks and is nobody's submission.
COMPANIONS = {"previous.py", "previous.reference.py", "timestamp.txt", "results.json", "submission_metadata.yml", "thumbs.db"}
NESTED = 2  # zips in zips


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
    order: tuple = field(default=())


def find_submissions(source, scratch):
    """The submissions in `source` (file or folder) and the files that are none: `(list of Submission, [(path, reason)])`.

    scratch: a folder into which zips are unpacked. Of several files of one student and stage the newest counts.
    Raises FileNotFoundError if there is no `source`.
    """
    source, scratch = Path(source), Path(scratch)
    if not source.exists():
        raise FileNotFoundError(f"there is nothing at {source}: give a notebook, a folder or a zip of submissions")
    found, rejected, people = [], [], {}
    look_into(source.absolute(), scratch, found, rejected, people)
    for f in found:
        f.stage = stage_of(f)
    outer = shared_folders(found)
    named = []
    for f in found:
        if not f.stage:
            rejected.append((f.shown, "it holds nothing of this course: neither its name nor its cells say which stage it is"))
        else:
            named += name_students(f, outer, people)
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


def look_into(path, scratch, found, rejected, people, folders=(), depth=0):
    """Collect the notebooks in a file or folder into `found`, other files into `rejected`, names into `people`."""
    if path.is_dir():
        for folder, inner, files in os.walk(path):
            inner.sort()
            below = Path(folder).relative_to(path).parts
            rejected += [(Path(folder) / d, "it is a link to a folder") for d in inner if (Path(folder) / d).is_symlink()]
            when = read_date(Path(folder) / "timestamp.txt")
            for name in sorted(files):
                sort_out(Path(folder) / name, Path(folder) / name, name, below, path.name, when, scratch, found, rejected, people)
    else:
        above = path.parent.parts[-2:] if path.parent.name in stage_names() else ()  # one notebook of nbgrader's tree
        sort_out(path, path, path.name, above, path.parent.name, None, scratch, found, rejected, people)


def sort_out(path, shown, name, folders, container, when, scratch, found, rejected, people, depth=0):
    """Decide what one file is."""
    lower = name.casefold()
    if lower == "submission_metadata.yml":
        people |= {folders + (k,): v for k, v in read_people(path).items()}
    if lower in COMPANIONS or name.startswith(".") or "__MACOSX" in folders:
        return
    if path.is_symlink():
        rejected.append((shown, "it is a link, not a file"))
    elif ".ipynb_checkpoints" in folders:
        rejected.append((shown, "it is a checkpoint that Jupyter made, not the notebook"))
    elif ".ipynb" in lower:
        order = (path.stat().st_mtime, *(int(n) for n in re.findall(r"\d+", name)))
        found.append(Found(path, shown, tuple(folders), container, name, when, order=order))
    elif lower.endswith(".zip") and depth < NESTED:
        open_zip(path, shown, name, folders, container, scratch, found, rejected, people, depth)
    else:
        rejected.append((shown, "it is not a notebook (.ipynb) and not a zip"))


def open_zip(path, shown, name, folders, container, scratch, found, rejected, people, depth):
    target = scratch / f"{len(list(scratch.glob('*'))):05d}" if scratch.exists() else scratch / "00000"

    def wanted(member):
        last = member.rsplit("/", 1)[-1].casefold()
        return "__MACOSX/" not in member and (".ipynb" in last or last.endswith((".zip", "timestamp.txt", "submission_metadata.yml")))

    try:
        members = unzip(path, target, wanted)
    except ValueError as e:
        rejected.append((shown, str(e)))
        return
    dates_of = {m.rsplit("/", 1)[0]: read_date(f) for m, f, _, _ in members if f and m.endswith("/timestamp.txt")}
    for member, file, when, reason in members:
        *inner, last = member.split("/")
        if reason:
            rejected.append((shown / member.lstrip("/"), reason))
        elif file:
            when = dates_of.get("/".join(inner)) or when
            place = (*folders, *inner)
            sort_out(file, shown / member, last, place, Path(name).stem, when, scratch, found, rejected, people, depth + 1)
        elif last.casefold() not in COMPANIONS and not last.startswith(".") and "__MACOSX" not in inner:
            rejected.append((shown / member, "it is not a notebook (.ipynb) and not a zip"))


def read_date(path):
    """The time in nbgrader's timestamp.txt, in UTC; None if there is no file or no date in it."""
    try:
        when = dates.parse(path.read_text(encoding="utf-8")[:100])
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
        for stage in stage_names():
            if pattern(stage).search(text):
                return stage
    if f.path.stat().st_size > MAX_BYTES:
        return ""
    text = f.path.read_text(encoding="utf-8", errors="replace").replace("\\n", "\n").replace('"', "\n")
    counts = {s: sum(1 for m in MARKER.finditer(text) if read_release(s).find(m)) for s in stage_names()}
    best = max(counts, key=counts.get)
    return best if counts[best] else ""


def says_who(folder):
    """Whether the name of a folder may be a student's: not a stage, and none that every class has."""
    return folder.casefold() not in GENERIC and not any(pattern(s).search(folder) for s in stage_names())


def shared_folders(found):
    """How many outer folders all files have in common, below which each still has a folder that says who."""
    n = 0
    while len(found) > 1 and len({f.stage for f in found}) < len(found):
        if len({f.folders[: n + 1] for f in found}) > 1 or any(not any(map(says_who, f.folders[n + 1 :])) for f in found):
            break
        n += 1
    return n


def name_students(f, outer, people):
    """The Found once for each of its students (a group has several), with `student` and `number`."""
    for i, folder in enumerate(f.folders):
        if who := people.get(f.folders[: i + 1]):
            return [Found(**{**vars(f), "student": name, "when": who[1] or f.when}) for name in who[0]] or [f]
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
    elif f.stage in f.folders[1:] and says_who(f.folders[f.folders.index(f.stage, 1) - 1]):
        f.student = f.folders[f.folders.index(f.stage, 1) - 1]
    else:
        folder = next(filter(says_who, f.folders[outer:]), "")
        rest = pattern(f.stage).sub(" ", re.sub(r"\.ipynb.*$", "", f.name, flags=re.IGNORECASE))
        f.student = folder or COPY.sub(" ", rest).strip(" _-.,") or f.container
    return [f]


def identity(f):
    return f.student, f.stage, f.number


def safe(name):
    """A name that can be a folder's on every system."""
    name = unicodedata.normalize("NFC", name)
    return re.sub(r"[^\w.@-]+", "_", name).strip("._-")[:80] or "student"


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
