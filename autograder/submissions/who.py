"""Applies the instructor's rule that assigns files to students (`--who`: a path pattern, a regular expression or a table).

If it is unclear which student made which file, this module raises an error that asks the instructor for a rule.
"""

import csv
import fnmatch
import re
from collections import defaultdict
from pathlib import Path

from autograder.submissions.people import SHOWN, WhoIsWho
from autograder.submissions.platform_names import Person


def read_rule(rule):
    """Return a function that takes the path of a file and returns the student's name, or None if the rule does not match.

    The path is relative to the folder or zip that is graded. `rule` is one of these:

    - a CSV file with the columns path and student, where a path names a file or a folder, or is a pattern with *
    - a path pattern such as "{section}/{student}/*"
    - a regular expression with a group named student

    Raises ValueError for any other rule.
    """
    if rule.casefold().endswith((".csv", ".tsv")) or Path(rule).is_file():
        return from_table(rule)
    if "(?P<student>" in rule:
        try:
            regex = re.compile(rule)
        except re.error as e:
            raise ValueError(f"--who {rule!r} is not a valid regular expression: {e}") from None
    elif "{student}" in rule:
        pieces = re.split(r"(\{[^{}]*\}|\*\*|\*)", rule.strip("/"))
        seen = {"{student}": "(?P<student>[^/]+?)", "**": ".*", "*": "[^/]*?"}
        made, used = [], False
        for piece in pieces:
            named = piece == "{student}" and used
            made.append(
                seen.get(piece, "[^/]*?")
                if re.fullmatch(r"\{.*\}|\*+", piece) and not named
                else "(?P=student)"
                if named
                else re.escape(piece)
            )
            used |= piece == "{student}"
        regex = re.compile("^" + "".join(made) + "(?=/|$)")
    else:
        raise ValueError(
            f"--who {rule!r} does not say where the student is: give a pattern with {{student}} in it, such as '{{section}}/{{student}}/*', "
            "or a CSV file with the columns path and student"
        )

    def find(way):
        m = regex.search(way)
        name = m and m["student"]
        return re.sub(r"\.(zip|ipynb)$", "", name) if name else None

    return find


def from_table(path):
    """Return the function that `read_rule` returns for a CSV file. Rows with an exact path take precedence over patterns.

    Raises ValueError if the file cannot be read or lacks the columns path and student.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as f:
            rows = [r for r in csv.reader(f) if any(c.strip() for c in r)]
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise ValueError(f"--who {path} cannot be read as a table: {e}") from None
    header = [h.strip().casefold() for h in rows[0]] if rows else []
    if not {"path", "student"} <= set(header):
        raise ValueError(f"--who {path} needs the columns path and student in its first line")
    at, who = header.index("path"), header.index("student")
    known = [
        (r[at].strip().strip("/"), r[who].strip()) for r in rows[1:] if len(r) > max(at, who) and r[at].strip() and r[who].strip()
    ]

    def find(way):
        exact = [s for p, s in known if way == p or way.startswith(f"{p}/")]
        return (exact or [s for p, s in known if fnmatch.fnmatchcase(way, p) or fnmatch.fnmatchcase(way, f"{p}/*")] or [None])[0]

    return find


def apply_rule(rule, found):
    """Set `person` of each notebook (Found) to the name that the function `rule` returns for its path.

    Return a list of the notebooks for which `rule` returns no name.
    """
    left = []
    for f in found:
        name = rule(f.way)
        if name:
            f.person, f.at = Person(name), len(f.parts) - 1
        else:
            left.append(f)
    return left


def ask_where_unsure(found):
    """Raise WhoIsWho if several notebooks in `found` would count as one student's work, but may come from several people.

    Nothing is raised for copies and attempts of one person. The error's message asks the instructor who is who.
    """
    groups, doubts = defaultdict(list), {}
    for f in found:
        groups[f.person.name, f.stage].append(f)
    for key, files in groups.items():
        plain = [f for f in files if not f.person.platform]
        inner = {tuple(x.text for x in f.labels if x.at > f.at) for f in plain} - {()}
        outer = {tuple(x.text for x in f.labels if x.at < f.at) for f in plain}
        # Browsers and mail programs number files of the same name, so files that name nobody may be those of a whole class.
        nobody = sum(f.at < 0 for f in files) > 1
        if nobody or len(inner) > 1 or len(outer) > 1 or len({f.person.platform for f in files}) > 1:
            doubts[key] = files
    if doubts:
        raise WhoIsWho(question(doubts))


def question(doubts):
    """Return a message that asks the instructor which student each of the unclear files belongs to.

    doubts: {(student, stage): list of the notebooks (Found) that would count as this student's work}.
    """
    told = []
    for (student, stage), files in doubts.items():
        told += [
            f"{len(files)} notebooks of {stage} would count as one student's, {student}:",
            *(f"  {f.way}" for f in files[:SHOWN]),
        ]
        told += [f"  and {len(files) - SHOWN} more"] if len(files) > SHOWN else []
    return (
        "\n".join(told) + "\nNothing was graded, since these may be several people's. Say who is who and run the command again:\n"
        "  --who '{section}/{student}/*'   a pattern of the paths above: {student} names the student, any other {word} and * nothing\n"
        "  --who people.csv                a table with the columns path and student, a row for each file or folder above\n"
        "  --student ID                    all of them are this student's"
    )
