"""Searches folders and zips for notebooks, and keeps the names and dates around each notebook.

Lists of students that a platform adds to a download are kept too. Who handed in a notebook is not decided here but in `people`.
"""

import os
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import yaml

from autograder.repair.release import released_stages
from autograder.submissions.platform_names import BLACKBOARD, Person, read_time
from autograder.submissions.unzip import INNER, Allowance, unzip

# Files that are often found beside notebooks and are never a submission.
COMPANIONS = {"previous.py", "previous.reference.py", "timestamp.txt", "submission_secret.txt", "results.json", "submission_metadata.yml",
              "thumbs.db", "index.html"}  # fmt: skip
LONGEST_LIST = 30_000_000  # maximum size of Gradescope's list in bytes
NESTED = 2  # levels of zips that are opened: a zip, and a zip inside a zip
NO_NOTEBOOK = "it is neither a notebook (.ipynb) nor a zip file"


class Part(NamedTuple):
    """One part of the path of a notebook: a folder, a zip or the file itself."""

    name: str
    kind: str  # "folder", "zip" or "file"


@dataclass
class Found:
    """A notebook that was found, with the names and dates around it."""

    path: Path  # path from which the notebook can be read
    shown: Path  # path that is shown to the instructor
    parts: tuple  # the Parts of the path, outermost first; the last is the file itself
    zips: tuple = ()  # per zip around the file, outermost first: (index of the first part in the zip, date of the file in the zip)
    stamp: datetime | None = None  # the date in a timestamp.txt beside the notebook
    order: tuple = ()  # decides which of several files of one person is newer, if nothing else does
    stage: str = ""
    labels: tuple = ()  # the Labels, see `labels`
    person: Person | None = None
    at: int = -1  # index of the part that names the person; -1 if none does
    claims: list = field(default_factory=list)  # sentences for the instructor, as in find.Submission

    @property
    def way(self):
        """The names of all parts, joined by "/". The instructor's rule (--who) is applied to this path."""
        return "/".join(p.name for p in self.parts)


class Search:
    """A search through folders and zips, and what it has found so far. Zips are unpacked into the folder `scratch`."""

    def __init__(self, scratch):
        self.scratch, self.count, self.allowance = scratch, 0, Allowance()
        self.found = []  # Found
        self.rejected = []  # (path, reason)
        self.source = None
        self.lists = {}  # Gradescope's lists, not read yet: {names of the parts around the list: file}
        self.logins = {}  # Blackboard's logins: {(names of the parts around the text file, assignment_login): login}

    def look_into(self, path):
        self.source = path
        if path.is_file() and path.suffix.casefold() == ".zip":
            self.open_zip(path, path, (), (), 0)
        elif path.is_file():
            # a single notebook in nbgrader's folders
            above = path.parent.parts[-2:] if path.parent.name in released_stages() else ()
            outside = tuple(Part(name, "folder") for name in above)
            self.sort_out(path, path, outside, (), read_stamp(path.parent / "timestamp.txt"), 0)
        else:
            self.walk(path)

    def walk(self, path):
        for folder, inner, files in os.walk(path):
            here = Path(folder)
            inner[:] = sorted(d for d in inner if d != ".git")
            self.rejected += [(here / d, "it is a link to a folder") for d in inner if (here / d).is_symlink()]
            outside = tuple(Part(unicodedata.normalize("NFC", name), "folder") for name in here.relative_to(path).parts)
            stamp = read_stamp(here / "timestamp.txt")
            for name in sorted(files):
                self.sort_out(here / name, here / name, outside, (), stamp, 0)

    def sort_out(self, path, shown, outside, zips, stamp, depth):
        """Add a file to `found` or `rejected`, or open it if it is a zip. A platform's list of students goes to `lists` or `logins`.

        path     path from which the file is read
        shown    path that is shown to the instructor
        outside  the Parts of the path around the file, outermost first
        zips     the zips around the file, as in Found
        stamp    the date in a timestamp.txt beside the file, or None
        depth    number of zips around the file
        """
        name = unicodedata.normalize("NFC", shown.name)
        names = tuple(p.name for p in outside)
        if name == "submission_metadata.yml":
            self.lists[names] = path
        if name.endswith(".txt") and (m := BLACKBOARD.match(name)) and m.end() == len(name) - 4:
            if login := read_login(path):
                self.logins[names, m[1]] = login
            return
        if is_companion(name, names):
            return
        if path.is_symlink():
            self.rejected.append((shown, "it is a link, not a file"))
        elif not path.is_file():
            self.rejected.append((shown, "it is a pipe or a device, not a file"))
        elif ".ipynb_checkpoints" in names:
            self.rejected.append((shown, "it is a checkpoint that Jupyter made, not the notebook"))
        elif ".ipynb" in name.casefold():
            order = (path.stat().st_mtime, *(int(n) for n in re.findall(r"[0-9]{1,18}", name)))
            self.found.append(Found(path, shown, (*outside, Part(name, "file")), zips, stamp, order))
        elif name.casefold().endswith(".zip") and depth < NESTED:
            self.open_zip(path, shown, (*outside, Part(name, "zip")), zips, depth)
        elif name.casefold().endswith(".zip"):
            self.rejected.append((shown, "it is a zip in a zip in a zip: unpack it first"))
        else:
            self.rejected.append((shown, NO_NOTEBOOK))

    def open_zip(self, path, shown, outside, zips, depth):
        self.count += 1
        try:
            share = 1 if path == self.source else INNER
            members = unzip(path, self.scratch / f"zip{self.count:05d}", worth_unpacking, self.allowance, share)
        except ValueError as e:
            self.rejected.append((shown, str(e)))
            return
        stamps = {m.rpartition("/")[0]: read_stamp(f) for m, f, _, _ in members if f and m.endswith("timestamp.txt")}
        for member, file, when, reason in members:
            inner = [unicodedata.normalize("NFC", name) for name in member.strip("/").split("/")[:-1]]
            if file:
                within = (*outside, *(Part(name, "folder") for name in inner))
                dated = (*zips, (len(outside), when))
                self.sort_out(file, shown / member, within, dated, stamps.get(member.rpartition("/")[0]), depth + 1)
            elif reason or not is_companion(member.split("/")[-1], inner):
                self.rejected.append((shown / member.lstrip("/"), reason or NO_NOTEBOOK))


def is_companion(name, folders):
    return name.casefold() in COMPANIONS or name.startswith(".") or "__MACOSX" in folders or ".git" in folders


def worth_unpacking(member):
    *folders, name = member.casefold().split("/")
    return "__macosx" not in folders and (
        ".ipynb" in name
        or name.endswith(".zip")
        or name in ("timestamp.txt", "submission_metadata.yml")
        or (name.endswith(".txt") and BLACKBOARD.match(name) is not None)
    )


def read_stamp(path):
    """Return the date and time in nbgrader's timestamp.txt (`path`), in UTC, or None if there is no such file or no date in it."""
    try:
        return read_time(path.read_text(encoding="utf-8")[:100])
    except (OSError, ValueError):
        return None


def read_login(path):
    """Return the login in the text file that Blackboard adds to an attempt, or None.

    The first line of the file looks like this: "Name: Ada Lovelace (alovelace)".
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as f:
            m = re.search(r"\(([^()\s]+)\)\s*$", f.readline(1000))
    except OSError:
        return None
    return m and m[1]


def written_out(node, known):
    """Return how many values a YAML node has when every alias is replaced by its content; infinity if it contains itself.

    With aliases of aliases, a short text can describe a very long list. Counting takes no longer than reading the text, because
    `known`, {id(node): number of values}, keeps the result for each node.
    """
    if id(node) not in known:
        known[id(node)] = float("inf")  # this value is used if the node occurs inside itself
        inside = node.value if isinstance(node, yaml.CollectionNode) else ()
        parts = [part for pair in inside for part in (pair if isinstance(pair, tuple) else (pair,))]
        known[id(node)] = 1 + sum(written_out(part, known) for part in parts)
    return known[id(node)]


def read_people(path):
    """Return the submitters in Gradescope's submission_metadata.yml: {folder: (list of submitters, time or None)}.

    A submitter is a str: the student id, or else the e-mail address or the name. The time is that of the submission. Return {} if
    the file cannot be read or is too long.
    """
    try:
        if path.stat().st_size > LONGEST_LIST:
            return {}
        text, safe_loader = path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        if written_out(yaml.compose(text, safe_loader), {}) > 2 * len(
            text
        ):  # without aliases, each value takes at least one character
            return {}
        entries = yaml.load(text, safe_loader)
        people = {}
        for folder, entry in entries.items():
            who = [p.get(":sid") or p.get(":email") or p.get(":name") for p in entry[":submitters"]]
            when = entry.get(":created_at")
            when = when.replace(tzinfo=when.tzinfo or UTC) if isinstance(when, datetime) else None
            people[str(folder)] = ([str(w) for w in who if w], when)
        return people
    except (OSError, ValueError, yaml.YAMLError, AttributeError, TypeError, KeyError, RecursionError):
        return {}
