"""Finds the submissions in a platform's download, in nbgrader's folders, in a folder of notebooks, or in a zip of these.

    submitted/<student>/<stage>/<stage>.ipynb                       nbgrader, with timestamp.txt
    <student>/anything.ipynb, <stage>/<student>.ipynb, <student>.ipynb, <student>.zip, <section>/<student>/…
    downloads of Moodle, Canvas, Blackboard, Brightspace, Gradescope, Teams, GitHub Classroom, nbgrader's exchange: see `platform_names`

The stage is read from the name of the file or of its folders, or else from the markers in its cells, such as "# exercise: ID".
The student is read from the name of the outermost folder, zip or file that is named after a person. The date is read from the
same name or from another place to which the student cannot write, see `handed_in`. No file is dropped silently: every file that
may be a student's work is either returned as a submission or listed with the reason why it is not one.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.repair.notebook_file import MAX_BYTES, NotGradable, read_bytes, read_cells
from autograder.repair.parts import MARKER
from autograder.repair.release import read_release, released_stages
from autograder.submissions.identity import distinct_ids, identity, safe
from autograder.submissions.labels import ATTEMPT, GENERIC, pattern, said
from autograder.submissions.people import WhoIsWho, name_people
from autograder.submissions.platform_names import DRAFTS, squeezed
from autograder.submissions.roster import read_people as read_roster
from autograder.submissions.search import Search
from autograder.submissions.search import read_stamp as read_date
from autograder.submissions.who import apply_rule, ask_where_unsure, read_rule

# Folders in which a platform keeps files that nobody handed in: (platform, names of folders, reason to report).
ASIDE = (
    ("Teams", DRAFTS, "Teams keeps it among the working files: it was not handed in"),
    ("nbgrader", {"outbound", "feedback"}, "the exchange keeps here what it gives to students: it was not handed in"),
)

NAMELESS = r"submission_\d+|anon_\w{5}|(?:Participant|Teilnehmer\W?in|Participante|Partecipante|Deelnemer) \d+"

__all__ = ["Submission", "WhoIsWho", "distinct_ids", "find_submissions", "read_date", "safe"]


@dataclass(frozen=True)
class Submission:
    """One student's file for one stage."""

    student: str  # safe as a folder name
    stage: str
    path: Path
    timestamp: str = ""  # ISO 8601, UTC; "" if unknown
    # Sentences for the instructor: what the student's own files say about the student and the date (this is only shown), and
    # doubts about who the student is.
    claims: tuple = field(default=(), compare=False)
    name: str = field(default="", compare=False)  # the student's name as the platform or the folder writes it


def find_submissions(source, scratch, who=None, roster=None, student=None):
    """Return a list of Submission, and a list of (path, reason) for the files that are no submissions.

    source   a notebook, a zip, or a folder of these
    scratch  folder into which zips are unpacked
    who      the instructor's rule that assigns files to students, see `who.read_rule`, or None
    roster   CSV file that lists the class, or None; students in it get their ids from it
    student  id of the student to whom all files belong, or None

    If one student has several files for one stage, the newest is taken. Raises FileNotFoundError if `source` does not exist.
    Raises WhoIsWho (a ValueError) if the work of several people might be counted as one student's.
    """
    source = Path(source)
    if not source.exists():
        raise FileNotFoundError(f"{source} does not exist: give a notebook, a folder or a zip of submissions")
    rule = (lambda way: student) if student else read_rule(who) if who else None
    search = Search(Path(scratch))
    search.look_into(source.absolute())
    rejected, found = search.rejected, []
    for f in search.found:
        f.stage = stage_of(f)
        if f.stage:
            found.append(f)
        else:
            rejected.append((f.shown, why_of_no_stage(f.path)))
    named = name_all(found, search, rule, source.absolute(), rejected)
    class_list = read_roster(roster) if roster else None
    notes = class_list.settle(named) if class_list else {}
    ids = distinct_ids(named)
    note_doubts(named, ids)
    newest = {}
    for f in sorted(named, key=age):
        key = ids[identity(f)], f.stage
        if key in newest:
            rejected.append((newest[key].shown, f"an older file of {key[0]} for {f.stage}: {f.shown.name} was graded instead"))
        newest[key] = f
    made = [
        Submission(who, stage, f.path, stamp(f), (*f.claims, *notes.get(id(f), ())), f.person.name)
        for (who, stage), f in newest.items()
    ]
    return sorted(made, key=lambda s: (s.stage, s.student)), sorted(rejected, key=lambda r: str(r[0]))


def name_all(found, search, rule, source, rejected):
    """Set the person of every notebook that was found. Return a list of the notebooks (Found) that were handed in.

    found     the notebooks, a list of Found
    search    the Search that found them
    rule      function that `who.read_rule` returned, or None; if it gives no student, the names in the notebook's path decide
    source    path that was searched
    rejected  list to which (path, reason) is added for each notebook that was not handed in
    """
    unruled = apply_rule(rule, found) if rule else found
    read = name_people(unruled, search.lists, search.logins, context_of(source))
    for platform, folders, why in ASIDE:
        if any(f.person.platform == platform for f in read):
            aside = {id(f) for f in read if not f.person.platform and {p.name.casefold() for p in f.parts} & folders}
            rejected += [(f.shown, why) for f in read if id(f) in aside]
            read = [f for f in read if id(f) not in aside]
    ask_where_unsure(read)
    left = {id(f) for f in unruled}
    named = [f for f in found if id(f) not in left] + read
    names = {squeezed(f.person.name): f.person.name for f in named}
    for f in named:
        f.claims += claims_of(f, names, search.lists)
    return named


def context_of(source):
    """Return the student's name for files whose path inside `source` names nobody: the name of `source` or of the folder around it.

    A name that is generic, such as "submissions", or contains a stage's name is unsuitable. The folder's name is returned only if
    it is suitable and the name of `source` is not.
    """
    names = [source.stem if source.is_file() else source.name, source.parent.name]
    return next(
        (n for n in names if n.casefold() not in GENERIC and not any(pattern(s).search(n) for s in released_stages())), names[0]
    )


def is_nbgraders(f):
    """Return whether the notebook `f` (a Found) is in a folder <student>/<stage>/, where nbgrader collects submissions.

    A timestamp.txt in such a folder was written by nbgrader.
    """
    inner = f.parts[f.at + 1 :]
    return f.at >= 0 and not f.person.platform and f.parts[f.at].kind == "folder" and [p.name for p in inner[:-1]] == [f.stage]


def handed_in(f):
    """Return the date and time at which the notebook `f` (a Found) was handed in, or None if they are not known.

    They are taken from the name that the platform made, from nbgrader's timestamp.txt, or from the outermost zip's date for the
    file. A zip that is inside the folder or zip that names the person does not count, since the student made it.
    """
    if f.person.when:
        return f.person.when
    if f.stamp and is_nbgraders(f):
        return f.stamp
    outside, when = f.zips[0] if f.zips else (0, None)
    return when if outside <= max(f.at, 0) else None


def stamp(f):
    """Return when the notebook `f` (a Found) was handed in, as text in ISO 8601 and UTC, or "" if this is not known."""
    when = handed_in(f)
    return when.astimezone(UTC).isoformat(timespec="seconds") if when else ""


def age(f):
    """Return the sort key of the notebook `f` (a Found): it sorts one person's files for one stage from oldest to newest."""
    attempts = [int(n) for p in f.parts if ATTEMPT.fullmatch(p.name) for n in re.findall(r"\d{1,6}", p.name)[-1:]]
    return f.person.version, handed_in(f) or datetime.min.replace(tzinfo=UTC), attempts, f.order, str(f.shown)


def claims_of(f, names, lists):
    """Return sentences for the instructor on what the student's own files say about the student and the date.

    What these files say is used for nothing else, since a student can write anything. f: the notebook, a Found; names: {name as
    `squeezed` returns it: name} for all people whose work was found; lists: Gradescope's lists of people, see `search.Search`.
    """
    told = []
    if f.stamp and not is_nbgraders(f):
        told.append(f"a timestamp.txt beside the notebook says {f.stamp:%Y-%m-%d %H:%M} UTC: not used, a student can write it")
    parts = tuple(p.name for p in f.parts)
    if (
        any(len(outside) > f.at >= 0 and outside == parts[: len(outside)] and len(outside) > f.at for outside in lists)
        and f.person.platform != "Gradescope"
    ):
        told.append("a submission_metadata.yml in the student's own files names people: not used")
    for part in f.parts[f.at + 1 :] if f.at >= 0 else ():
        inner = recognise_any(part, names)
        if inner and inner != f.person.name:
            told.append(f"inside of it, {part.name} is named like work of {inner}: not used, it counts as {f.person.name}'s")
    return told


def recognise_any(part, names):
    """Return the name of the person after whom a folder, zip or file (`part`) is named, or None.

    A person is recognised only if a platform made the part's name, or if the part has the name of a person whose work was found.
    names: see `claims_of`.
    """
    from autograder.submissions.platform_names import recognise

    person = recognise(part.name, part.kind)
    text = said(part, "")
    return person.name if person else names.get(squeezed(text)) if text else None


def note_doubts(named, ids):
    """Add a sentence for the instructor to each file whose student's id may be somebody else's in the next download.

    Such an id contains a number that the platform assigned, because several people have the same name or the platform gives no
    names. named: the files, a list of Found; ids: the dictionary that `distinct_ids` returns.
    """
    for f in named:
        if f.person.platform and re.fullmatch(NAMELESS, f.person.name):
            f.claims.append(f"{f.person.platform} gives no name, and {f.person.name} will be somebody else in the next assignment")
        if f.person.number and ids[identity(f)].endswith(f"-{f.person.number}"):
            f.claims.append(
                f"several people are called {f.person.name}: {f.person.platform}'s number {f.person.number} tells them apart, but it may be another one "
                "in the next assignment. Give --roster with this assignment's grading worksheet"
            )


def stage_of(f):
    """Return the stage of the notebook `f` (a Found), read from the names in its path or from its content, or "" if unknown."""
    for text in (part.name for part in reversed(f.parts)):
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
    """Return a sentence that tells the instructor why the stage of the file `path` could not be found."""
    try:
        read_cells(read_bytes(path), [])
    except NotGradable as e:
        return str(e)
    return "it holds nothing from this course: neither its name nor its cells say which stage it belongs to"
