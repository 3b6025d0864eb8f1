"""Find the submissions in what an instructor has: a platform's download, nbgrader's tree, a folder of notebooks, a zip of any.

    submitted/<student>/<stage>/<stage>.ipynb                       nbgrader, with timestamp.txt
    <student>/anything.ipynb, <stage>/<student>.ipynb, <student>.ipynb, <student>.zip, <section>/<student>/…
    what Moodle, Canvas, Blackboard, Brightspace, Gradescope, Teams, GitHub Classroom and nbgrader's exchange hand out: `layouts`

The stage is read from the name of the file or its folders, else from the markers in it; who and when, from the outermost name
that says so. Nothing is dropped in silence: every file that looks like work is returned or listed with a reason.
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
from autograder.submissions.layouts import DRAFTS, squeezed
from autograder.submissions.people import WhoIsWho, name_people
from autograder.submissions.roster import read_people as read_roster
from autograder.submissions.search import Search
from autograder.submissions.search import read_stamp as read_date
from autograder.submissions.who import apply_rule, ask_where_unsure, read_rule

# Where a platform keeps what nobody handed in.
ASIDE = (
    ("Teams", DRAFTS, "Teams keeps it among the working files: it was not handed in"),
    ("nbgrader", {"outbound", "feedback"}, "the exchange keeps what it gives to students here: it was not handed in"),
)

NAMELESS = r"submission_\d+|anon_\w{5}|(?:Participant|Teilnehmer\W?in|Participante|Partecipante|Deelnemer) \d+"

__all__ = ["Submission", "WhoIsWho", "distinct_ids", "find_submissions", "read_date", "safe"]


@dataclass(frozen=True)
class Submission:
    student: str  # safe as a folder name
    stage: str
    path: Path
    timestamp: str = ""  # ISO 8601, UTC; "" if unknown
    claims: tuple = field(
        default=(), compare=False
    )  # what the student's own files say about who and when, which counted for nothing; and doubts about who
    name: str = field(default="", compare=False)  # as the platform or the folder has it


def find_submissions(source, scratch, who=None, roster=None, student=None):
    """The submissions in `source` (file or folder) and the files that are none: `(list of Submission, [(path, reason)])`.

    scratch: a folder into which zips are unpacked. Of several files of one student and stage the newest counts.
    who: the instructor's word on who is who, see `who.read_rule`; roster: a CSV file with the class, whose ids are then
    used; student: all files are this student's. Raises FileNotFoundError if there is no `source`, WhoIsWho (a ValueError)
    where several people may become one.
    """
    source = Path(source)
    if not source.exists():
        raise FileNotFoundError(f"there is nothing at {source}: give a notebook, a folder or a zip of submissions")
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
            rejected.append((newest[key].shown, f"an older file of {key[0]} for {f.stage}: {f.shown.name} was taken"))
        newest[key] = f
    made = [
        Submission(who, stage, f.path, stamp(f), (*f.claims, *notes.get(id(f), ())), f.person.name)
        for (who, stage), f in newest.items()
    ]
    return sorted(made, key=lambda s: (s.stage, s.student)), sorted(rejected, key=lambda r: str(r[0]))


def name_all(found, search, rule, source, rejected):
    """The Found with their people: by the instructor's rule, else by the names around them."""
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
    """A name for files that nothing around them names: the folder or zip that they were given in."""
    names = [source.stem if source.is_file() else source.name, source.parent.name]
    return next(
        (n for n in names if n.casefold() not in GENERIC and not any(pattern(s).search(n) for s in released_stages())), names[0]
    )


def is_nbgraders(f):
    """Whether the file stands as nbgrader's collecting puts it, <student>/<stage>/, where timestamp.txt is nbgrader's own."""
    inner = f.parts[f.at + 1 :]
    return f.at >= 0 and not f.person.platform and f.parts[f.at].kind == "folder" and [p.name for p in inner[:-1]] == [f.stage]


def handed_in(f):
    """When: from the platform's name, from nbgrader's file, or from the outermost zip if it lies outside of what names the person."""
    if f.person.when:
        return f.person.when
    if f.stamp and is_nbgraders(f):
        return f.stamp
    outside, when = f.zips[0] if f.zips else (0, None)
    return when if outside <= max(f.at, 0) else None


def stamp(f):
    when = handed_in(f)
    return when.astimezone(UTC).isoformat(timespec="seconds") if when else ""


def age(f):
    """What sorts the files of one person, the oldest first."""
    attempts = [int(n) for p in f.parts if ATTEMPT.fullmatch(p.name) for n in re.findall(r"\d{1,6}", p.name)[-1:]]
    return f.person.version, handed_in(f) or datetime.min.replace(tzinfo=UTC), attempts, f.order, str(f.shown)


def claims_of(f, names, lists):
    """What the student's own files say about who and when. It counts for nothing; the instructor is told."""
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
    """The person after whom a part is named: as a platform names them, or one of this class. None for a part like others."""
    from autograder.submissions.layouts import recognise

    person = recognise(part.name, part.kind)
    text = said(part, "")
    return person.name if person else names.get(squeezed(text)) if text else None


def note_doubts(named, ids):
    """Tell where an id holds for this download alone: a number tells people of one name apart, or there is no name."""
    for f in named:
        if f.person.platform and re.fullmatch(NAMELESS, f.person.name):
            f.claims.append(f"{f.person.platform} gives no name, and {f.person.name} is another in the next assignment")
        if f.person.number and ids[identity(f)].endswith(f"-{f.person.number}"):
            f.claims.append(
                f"several people are called {f.person.name}: {f.person.platform}'s number {f.person.number} tells them apart, and it may be another "
                "in the next assignment. Give --roster with this assignment's grading worksheet"
            )


def stage_of(f):
    """The stage that a file is of, by its name, its folders or its content; '' if none says."""
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
    """What to tell of a file of which nothing says which stage it is."""
    try:
        read_cells(read_bytes(path), [])
    except NotGradable as e:
        return str(e)
    return "it holds nothing of this course: neither its name nor its cells say which stage it is"
