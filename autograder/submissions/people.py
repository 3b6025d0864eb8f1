"""Who handed in which notebook: read off the names around it, from the outermost inwards.

The name of a platform's making (`layouts`) decides wherever one stands. Elsewhere the folders do, and what is left is asked:
where several files of one stage would become one student's without being copies or attempts, `WhoIsWho` is raised. What
lies inside of what names a person was written by that person: it is never asked who or when.
"""

import re
from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from autograder.repair.parts import released_stages
from autograder.submissions.layouts import DRAFTS, TEAMS, Person, logins, recognise
from autograder.submissions.search import read_people

# Folders that say nothing about who.
GENERIC = {"notebooks", "submitted", "submissions", "submission", "release", "dpr-course", "dpr-course-main", "autograder", "inbound",
           "student work", "export", "handed in", "hand in", "abgaben", "rendus", "entregas"}  # fmt: skip
# Which of several files of one person, or when; a name only where nothing better is there.
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
# What people call a notebook.
WEAK = re.compile(
    r"(?:untitled|notebook|homework|hw|assignment|exercise|solutions?|submission|abgabe|aufgabe|hausaufgabe|devoir|tarea|stage|work)[ _-]*\d*|\d{1,2}",
    re.IGNORECASE,
)
COPY = re.compile(
    r"[-_ ]*\b(?:copy[ _]of|kopie[ _]von|copie[ _]de|copia[ _]d[ei]|cópia[ _]de|kopie[ _]van)(?:[ _]+|$)|[-_ ]*\b(?:copy|kopie|copie|copia|cópia)\d*\b|[ _]*\(\d+\)|-checkpoint$",
    re.IGNORECASE,
)
# A folder or zip that a download was put in.
DOWNLOAD = re.compile(
    r".*(?:moodle|canvas|blackboard|gradebook|brightspace|d2l|gradescope|teams|classroom|download|submissions?|export).*",
    re.IGNORECASE,
)
TASK = re.compile(
    r"(?:[\w.]{1,30}-){0,3}?(?:hw|homework|assignment|exercise|week|lab|stage|project|ps|pset|problem-set|task|unit|module)(?:[-_ ]?\d+)?[-_]",
    re.IGNORECASE,
)
SHOWN = 12  # paths of a question, at most


class WhoIsWho(ValueError):
    """Several notebooks would become one student's, and nothing says whether they are. The message says how to."""


class Label(NamedTuple):
    """What one part of the way says about who."""

    text: str
    kind: str
    at: int
    person: Person | None = None


def pattern(stage):
    return re.compile(r"[^a-zA-Z0-9]+".join(map(re.escape, stage.split("_"))), re.IGNORECASE)


def without_stage(text):
    """What a name says besides its stage: "ada_04_in_batch_loss" -> "ada", "04-in-batch-loss-bob-hale" -> "bob-hale"."""
    for stage in released_stages():
        if m := pattern(stage).search(text):
            sides = [s.strip(" _-.,+") for s in (text[: m.start()], text[m.end() :])]
            return " ".join(s for s in sides if s and not WEAK.fullmatch(s) and not ATTEMPT.fullmatch(s))
    return text


def said(part, above="", beside=()):
    """What a part says about who, as text; "" if nothing. above: the name of the part around it; beside: of those next to it."""
    text = re.sub(r"\.ipynb.*$|\.zip$", "", part.name, flags=re.IGNORECASE) if part.kind != "folder" else part.name
    slug = re.sub(
        r"-submissions$|(-\d\d){2}-\d{4}(-\d\d){3}$", "", above
    )  # as GitHub Classroom and its command name the folder of a class
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
    """The labels of a Found, outermost first, ending at the first that a platform made. Weak ones stay only where all are."""
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


def name_people(found, lists, known_logins, context):
    """Set `person` and `at` of every Found. lists, known_logins: see Search; context: a name for files that nothing names.

    Returns the Found, once for each member of a group whose platform lists its members.
    """
    levels = defaultdict(set)
    for f in found:
        for i, part in enumerate(f.parts):
            levels[f.parts[:i]].add(part.name)
    for f in found:
        f.labels = labels_of(f, context, levels)
    place(found, 0, context)
    name_logins(found, known_logins, context)
    lists = {outside: read_people(file) for outside, file in lists.items() if not any(inside(outside, f) for f in found)}
    return [member for f in found for member in members(f, lists)]


def place(files, n, context):
    """Say of each file, of which the first `n` labels are passed, at which of the others its person stands."""
    groups = defaultdict(list)
    for f in files:
        if len(f.labels) == n:
            f.person, f.at = (Person(f.labels[-1].text), f.labels[-1].at) if n else (Person(context), -1)
        elif f.labels[n].person:
            f.person, f.at = f.labels[n].person, f.labels[n].at
        else:
            groups[f.labels[n].text, f.labels[n].kind == "zip"].append(f)
    bare = any(len(f.labels) == n for f in files)
    for key in [
        k
        for k, g in groups.items()
        if DOWNLOAD.fullmatch(k[0]) and all(len(f.labels) > n + 1 and f.labels[n + 1].person for f in g)
    ]:
        place(groups.pop(key), n + 1, context)
    if not bare and groups and are_sections(list(groups.values()), n):
        for group in groups.values():
            place(group, n + 1, context)
        return
    for group in groups.values():
        for f in group:
            label = f.labels[n]
            if len(groups) == 1:  # nothing to compare with: nbgrader's folder of a student lies in "submitted"
                label = next((x for x in f.labels[n:] if x.at and f.parts[x.at - 1] == ("submitted", "folder")), label)
            f.person, f.at = Person(label.text), label.at


def are_sections(groups, n):
    """Whether what names these groups of files holds people, and is none: a section, a wrapping folder, a platform's zip."""
    if any(len(f.labels) <= n + 1 for g in groups for f in g):
        return False
    inner = [{f.labels[n + 1] for f in g} for g in groups]
    if all(label.person for labels in inner for label in labels):
        return True
    texts = [{(label.text, label.kind) for label in labels} for labels in inner]
    folders = all(label.kind == "folder" for labels in inner for label in labels)
    several = [many(g, n + 1) for g in groups]
    if len(groups) == 1 and len(texts[0]) == 1:  # a folder in a folder: as the inner one
        return are_sections(groups, n + 1)
    if len(groups) == 1:
        return several[0] or (folders and len(texts[0]) > 1)
    named = all(SECTION.fullmatch(g[0].labels[n].text) for g in groups) and (folders or any(several))
    if any(g[0].labels[n].kind == "zip" for g in groups) and not (named and any(several)):
        return False
    if {text for t in texts for text, _ in t} & {g[0].labels[n].text for g in groups}:
        return False  # one lies in another's folder
    if named:
        return True
    if not folders:
        return all(several)
    distinct = set.union(*texts)
    repeated = sum(1 for x in distinct if sum(x in t for t in texts) > 1)
    return 2 * sum(several) >= len(groups) and len(distinct) > len(groups) and 2 * repeated < len(distinct)


def many(files, n):
    """Whether files of one stage have different labels at `n`."""
    stages = defaultdict(set)
    for f in files:
        stages[f.stage].add(f.labels[n].text)
    return any(len(texts) > 1 for texts in stages.values())


def name_logins(found, known, context):
    """Blackboard's names end in the login: cut it out, download by download."""
    downloads = defaultdict(list)
    for f in found:
        if f.person.platform == "Blackboard":
            downloads[tuple(p.name for p in f.parts[: f.at])].append(f)
    for outside, files in downloads.items():
        heads = {f.person.name for f in files}
        own = {head: login for (where, head), login in known.items() if where == outside}
        bare = {h: without_stage(h) for h in heads}
        own = {h: b for h, b in bare.items() if b and b != h} | own
        made = logins(heads, (outside or (context,))[-1], own)
        for f in files:
            f.person = replace(f.person, name=made[f.person.name])


def inside(outside, f):
    """Whether a place, the names of its parts, lies in what a person handed in."""
    return f.at >= 0 and len(outside) > f.at and outside[: f.at + 1] == tuple(p.name for p in f.parts[: f.at + 1])


def members(f, lists):
    """The Found, once for each person whom Gradescope's list names for its folder."""
    names = tuple(p.name for p in f.parts)
    for i in range(len(names) - 1 if f.at < 0 or f.person.platform else 0):
        if names[:i] in lists and (f.at < 0 or i <= f.at):
            people, when = lists[names[:i]].get(names[i], ((), None))
            if people or when:
                people = people or [names[i]]
                return [replace(f, person=Person(p, "", "Gradescope", when), at=i, claims=[]) for p in people]
    return [f]
