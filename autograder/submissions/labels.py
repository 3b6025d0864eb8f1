"""Makes the labels of a notebook: what the names of the file and of the folders and zips around it say about the student.

A name that a platform made (see `platform_names`) identifies the student. If there is none, `people` compares the other names to
find the student's name.
"""

import re
from typing import NamedTuple

from autograder.repair.release import released_stages
from autograder.submissions.platform_names import DRAFTS, TEAMS, Person, recognise

# Names of folders that say nothing about the student.
GENERIC = {"notebooks", "submitted", "submissions", "submission", "release", "dpr-course", "dpr-course-main", "autograder", "inbound",
           "student work", "export", "handed in", "hand in", "abgaben", "rendus", "entregas"}  # fmt: skip
# Names that say which attempt a file is, or when it was made. They are taken as a person's name only if no other name is there.
ATTEMPT = re.compile(
    r"(?:too[ _-]*)?late|on[ _-]*time|in[ _-]*time|overdue|rechtzeitig|fristgerecht|versp[äa]e?tet|zu sp[äa]e?t|p[üu]e?nktlich|en retard|dans les temps|à l'heure|à temps|tarde|atrasad[oa]s?"
    r"|a tiempo|in ritardo|puntual[ei]?|te laat|op tijd|(?:first|second|third|last|final|old|new|latest|previous|draft|backup|resubmi\w+|corrected|copy)"
    r"(?:[ _-]*(?:try|version|attempt|submission|copy))?"
    r"|(?:week|woche|semaine|semana|settimana|tydzień|attempt|version|versión|versione|versão|versie|versuch|try|tentative|intento|v|part|no)[ ._-]*\d+"
    r"|\d{4}-\d\d-\d\d.*",
    re.IGNORECASE,
)
SECTION = re.compile(
    r"(?:(?:lab|lecture|tutorial|discussion|exercise)[ _-]*)?(?:section|sec|sect|tutorial|lab|class|cohort|stream|sektion|kurs|klasse|übung|"
    r"gruppe|group|groupe|grupo|gruppo|groep|grupa|team|room|td|tp)\b[ ._-]*\w{0,12}",
    re.IGNORECASE,
)
# Names that students commonly give to a notebook.
WEAK = re.compile(
    r"(?:untitled|notebook|homework|hw|assignment|exercise|solutions?|submission|abgabe|aufgabe|hausaufgabe|devoir|tarea|stage|work)[ _-]*\d*|\d{1,2}",
    re.IGNORECASE,
)
COPY = re.compile(
    r"[-_ ]*\b(?:copy[ _]of|kopie[ _]von|copie[ _]de|copia[ _]d[ei]|cópia[ _]de|kopie[ _]van)(?:[ _]+|$)|[-_ ]*\b(?:copy|kopie|copie|copia|cópia)\d*\b|[ _]*\(\d+\)|-checkpoint$",
    re.IGNORECASE,
)
# Names of a folder or zip that holds a download.
DOWNLOAD = re.compile(
    r".*(?:moodle|canvas|blackboard|gradebook|brightspace|d2l|gradescope|teams|classroom|download|submissions?|export).*",
    re.IGNORECASE,
)
TASK = re.compile(
    r"(?:[\w.]{1,30}-){0,3}?(?:hw|homework|assignment|exercise|week|lab|stage|project|ps|pset|problem-set|task|unit|module)(?:[-_ ]?\d+)?[-_]",
    re.IGNORECASE,
)


class Label(NamedTuple):
    """What one part of a notebook's path (a folder, a zip or the file) says about the student."""

    text: str
    kind: str  # "folder", "zip" or "file"
    at: int  # index of the part in the path, outermost first
    person: Person | None = None  # set if a platform made the name


def pattern(stage):
    """Return a regular expression that finds a stage's name with any separators between words, such as "04-in batch_loss"."""
    return re.compile(r"[^a-zA-Z0-9]+".join(map(re.escape, stage.split("_"))), re.IGNORECASE)


def without_stage(text):
    """Return a name without the stage in it: "ada_04_in_batch_loss" -> "ada", "04-in-batch-loss-bob-hale" -> "bob-hale"."""
    for stage in released_stages():
        if m := pattern(stage).search(text):
            sides = [s.strip(" _-.,+") for s in (text[: m.start()], text[m.end() :])]
            return " ".join(s for s in sides if s and not WEAK.fullmatch(s) and not ATTEMPT.fullmatch(s))
    return text


def said(part, above="", beside=()):
    """Return the text in the name of `part` that may be the student's name, or "" if there is none.

    part    one part of a notebook's path: a folder, a zip or the file
    above   name of the folder or zip that contains the part
    beside  names of everything in that folder or zip
    """
    text = re.sub(r"\.ipynb.*$|\.zip$", "", part.name, flags=re.IGNORECASE) if part.kind != "folder" else part.name
    # GitHub Classroom and its command-line tool give the folder of a class a name that ends in this way.
    slug = re.sub(r"-submissions$|(-\d\d){2}-\d{4}(-\d\d){3}$", "", above)
    if slug and text.casefold().startswith(f"{slug}-".casefold()):
        text = text[len(slug) + 1 :]
    elif (
        part.kind == "folder"
        and (m := TASK.match(text))
        and len(beside) > 1
        and all(b.startswith(m[0]) and b != m[0] for b in beside)
    ):
        text = text[m.end() :]
    rest = without_stage(text)
    if part.kind == "file":
        bare = COPY.sub(" ", rest).strip(" _-.,")
        rest = "" if re.fullmatch(r"\d{1,2}", bare) and rest != text and text.endswith(rest) else bare  # 04_in_batch_loss-1: a copy
    rest = rest.strip(" _-.,")
    return "" if rest.casefold() in GENERIC | DRAFTS | TEAMS else rest


def labels_of(f, context, levels):
    """Return the labels of the notebook `f` (a Found) as a tuple, outermost first.

    If a platform made the name of a part, the tuple ends with that part's label. Weak labels, such as "attempt 2" or
    "homework.ipynb", are left out. If all labels are weak, only the first is kept.

    context  name of the folder or zip that is searched
    levels   {tuple of the Parts of a folder's or zip's path: set of the names of everything in it}
    """
    made = []
    for i, part in enumerate(f.parts):
        above = f.parts[i - 1].name if i else context
        person = recognise(part.name, part.kind, above)
        text = person.name if person else said(part, above, levels[f.parts[:i]])
        if text:
            made.append(Label(text, part.kind, i, person))
        if person:
            break
    strong = [x for x in made if x.person or not (ATTEMPT.fullmatch(x.text) or (x.kind == "file" and WEAK.fullmatch(x.text)))]
    return tuple(strong or made[:1])
