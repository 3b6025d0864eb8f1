"""Determines the student of each notebook from the names of the folders and zips around it, from the outermost inwards.

If a platform made a name (see `platform_names`), that name decides. Otherwise the names of the folders decide. If several files
for one stage would then count as one student's and nothing shows that they are copies or attempts, `WhoIsWho` is raised (see
`who`). Names inside the folder or zip that names a person were chosen by that person, so they are never used to find the student
or the date.
"""

from collections import defaultdict
from dataclasses import replace

from autograder.submissions.labels import DOWNLOAD, SECTION, labels_of, without_stage
from autograder.submissions.platform_names import Person, logins
from autograder.submissions.search import read_people

SHOWN = 12  # maximum number of paths in a question to the instructor


class WhoIsWho(ValueError):
    """Raised if several notebooks would count as one student's work but may be by several people. The message says what to do."""


def name_people(found, lists, known_logins, context):
    """Set two attributes of every notebook in `found`: `person`, the student, and `at`, the index of the part that names this person.

    Return the notebooks as a list of Found. If a platform lists the members of a group, the returned list has the group's notebook
    once per member.

    lists         Gradescope's lists of people, see `search.Search`
    known_logins  Blackboard's logins, see `search.Search`
    context       name of the student for files whose path names nobody
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
    """Set the person of each notebook (Found) in `files`: the person whom the notebook's label at index `n`, or a later one, names.

    Labels before index `n` name sections of the class or folders around all files, not people.
    """
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
            if len(groups) == 1:  # there is no other group to compare with; nbgrader keeps a student's folder in "submitted"
                label = next((x for x in f.labels[n:] if x.at and f.parts[x.at - 1] == ("submitted", "folder")), label)
            f.person, f.at = Person(label.text), label.at


def are_sections(groups, n):
    """Return True if the labels at index `n` name folders or zips with the work of several people, rather than people.

    Examples are sections of a class, a folder around all files, and a platform's zip. groups: list of lists of notebooks
    (Found), where the notebooks of one list have the same label at index `n`.
    """
    if any(len(f.labels) <= n + 1 for g in groups for f in g):
        return False
    inner = [{f.labels[n + 1] for f in g} for g in groups]
    if all(label.person for labels in inner for label in labels):
        return True
    texts = [{(label.text, label.kind) for label in labels} for labels in inner]
    folders = all(label.kind == "folder" for labels in inner for label in labels)
    several = [many(g, n + 1) for g in groups]
    if len(groups) == 1 and len(texts[0]) == 1:  # a folder that holds one folder is judged like that inner folder
        return are_sections(groups, n + 1)
    if len(groups) == 1:
        return several[0] or (folders and len(texts[0]) > 1)
    named = all(SECTION.fullmatch(g[0].labels[n].text) for g in groups) and (folders or any(several))
    if any(g[0].labels[n].kind == "zip" for g in groups) and not (named and any(several)):
        return False
    if {text for t in texts for text, _ in t} & {g[0].labels[n].text for g in groups}:
        return False  # the same name is used for a group and inside a group, so the groups are people
    if named:
        return True
    if not folders:
        return all(several)
    distinct = set.union(*texts)
    repeated = sum(1 for x in distinct if sum(x in t for t in texts) > 1)
    return 2 * sum(several) >= len(groups) and len(distinct) > len(groups) and 2 * repeated < len(distinct)


def many(files, n):
    """Return whether two of `files` (a list of Found) are for the same stage but have labels with different texts at index `n`."""
    stages = defaultdict(set)
    for f in files:
        stages[f.stage].add(f.labels[n].text)
    return any(len(texts) > 1 for texts in stages.values())


def name_logins(found, known, context):
    """In each notebook (Found) from Blackboard, replace the person's name, which is "assignment_login", with the login alone.

    Each download is treated separately. known: Blackboard's logins, see `search.Search`; context: name of the folder or zip that
    is searched.
    """
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
    """Return whether the path `outside` is inside the folder or zip that names the person of the notebook `f` (a Found).

    outside: tuple of the names of the path's parts.
    """
    return f.at >= 0 and len(outside) > f.at and outside[: f.at + 1] == tuple(p.name for p in f.parts[: f.at + 1])


def members(f, lists):
    """Return a list with a copy of `f`, a notebook (Found), for each person to whom Gradescope's list assigns the folder of `f`.

    If the list has the folder with a date but without people, the person is named after the folder. If no list has the folder,
    return [f]. lists: {names of the parts of the path to a list: the dictionary that `search.read_people` returns for this list}.
    """
    names = tuple(p.name for p in f.parts)
    for i in range(len(names) - 1 if f.at < 0 or f.person.platform else 0):
        if names[:i] in lists and (f.at < 0 or i <= f.at):
            people, when = lists[names[:i]].get(names[i], ((), None))
            if people or when:
                people = people or [names[i]]
                return [replace(f, person=Person(p, "", "Gradescope", when), at=i, claims=[]) for p in people]
    return [f]
