"""Reads the class list. With it, a person has the same id all term, whatever name a folder or file gives to the person.

A class list is any CSV file that lists the class: the gradebook of Canvas, Blackboard or Brightspace; Moodle's grading
worksheet, participants or gradebook; GitHub Classroom's roster; or nbgrader's students.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace

from autograder.submissions.csv_table import RosterError, read_table
from autograder.submissions.headings import EMAIL, FIRST, ID, IDENTIFIER, LAST, LOGIN, NAME, roles
from autograder.submissions.people import WhoIsWho
from autograder.submissions.platform_names import Person, squeezed


@dataclass(frozen=True)
class Entry:
    """One person in the class list."""

    student: str  # the id in the gradebook
    name: str
    ways: frozenset  # names, logins and addresses by which a folder may name the person, as `squeezed` returns them
    numbers: frozenset  # the platform's numbers for the person


def split_name(name):
    """Return two spellings of a name as a list: "Lovelace, Ada" -> ["Lovelace, Ada", "Ada Lovelace"]."""
    parts = re.split(r",\s*", name, maxsplit=1)
    return [name, " ".join(reversed(parts))]


def read_people(path, columns=None):
    """Read the class list from a CSV file and return a ClassList. Raises RosterError if no column identifies the people.

    columns: the instructor's {role of a column: its heading}, see `headings.roles`.
    """
    table = read_table(path)
    at = roles(table.header, columns, table.rows)
    if not {NAME, FIRST, LAST, EMAIL, ID, LOGIN} & set(at):
        raise RosterError(
            f"{path}: no column identifies the students ({', '.join(table.header)}); name them with --columns, for example 'email=…;name=…'"
        )
    entries = []
    for row in table.rows:
        cell = {role: row[i].strip() for role, i in at.items()}
        canvas = row[table.header.index("ID")].strip() if "ID" in table.header and "Section" in table.header else ""
        names = [
            *split_name(cell.get(NAME, "")),
            f"{cell.get(FIRST, '')} {cell.get(LAST, '')}",
            f"{cell.get(LAST, '')} {cell.get(FIRST, '')}",
        ]
        login, email = cell.get(LOGIN, ""), cell.get(EMAIL, "")
        others = [
            table_cell(row, table.header, h)
            for h in ("SIS User ID", "Student ID", "github_username", "identifier", "roster_identifier", "id")
        ]
        ways = [
            *names,
            login,
            login.partition("@")[0],
            email,
            email.partition("@")[0],
            cell.get(ID, ""),
            cell.get(IDENTIFIER, ""),
            *others,
        ]
        student = login or email or cell.get(ID, "") or cell.get(IDENTIFIER, "") or names[2].strip() or cell.get(NAME, "")
        number = re.sub(r"\D", "", cell.get(IDENTIFIER, ""))
        person = names[2].strip() or " ".join(reversed(re.split(r",\s*", cell.get(NAME, ""), maxsplit=1))).strip() or student
        if student and not cell.get(NAME, "").strip().startswith("Points Possible"):
            entries.append(Entry(student, person, frozenset(map(squeezed, ways)) - {""}, frozenset({number, canvas}) - {""}))
    return ClassList(entries)


SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "ß": "ss"})
BARE = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "ı": "i"})


def plainer(name):
    """Return a name's spellings with only unaccented lower-case letters and digits, as a set: "Müller" -> {"muller", "mueller"}."""
    low = unicodedata.normalize("NFC", squeezed(name))
    bare = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c)).translate(BARE)
    return {bare, low.translate(SPELLED)} - {""}


def table_cell(row, header, heading):
    return row[header.index(heading)].strip() if heading in header else ""


class ClassList:
    """The people of the class, a list of Entry, with methods that find the Entry of a Person."""

    def __init__(self, entries):
        self.entries = entries

    def fits(self, person):
        """Return the list of entries that may be this Person.

        They are the entries with the person's number on the platform. If there are none, they are the entries with the person's
        name as name, login or address. If there are none of these either, accents are ignored in the comparison.
        """
        number = person.number or (
            m[1] if (m := re.search(r"[ _](\d+)$", person.name)) and person.platform in ("Canvas", "Moodle") else ""
        )
        by_number = [e for e in self.entries if number and number in e.numbers]
        by_name = by_number or [e for e in self.entries if squeezed(person.name) in e.ways]
        return by_name or [e for e in self.entries if plainer(person.name) & set().union(*map(plainer, e.ways))]

    def settle(self, found):
        """In each Found (a notebook that was found), replace the person's name by their id in the class list.

        The name is replaced if exactly one entry of the class list fits.

        Return {id(f): (sentence for the instructor,)} for each Found `f` whose name was not replaced; id() is Python's function.
        Raises WhoIsWho if two different names in one stage fit the same entry.
        """
        notes, taken = {}, defaultdict(dict)
        for f in found:
            hits = self.fits(f.person)
            if len(hits) == 1:
                taken[hits[0].student, f.stage].setdefault((f.person.name, f.person.number), []).append(f)
            else:
                told = "matches several people in the roster" if hits else "is not in the roster"
                notes[id(f)] = (f"{f.person.name} {told}",)
        for (student, stage), names in taken.items():
            if len(names) > 1:
                ways = "\n".join(f"  {f.way}" for files in names.values() for f in files)
                raise WhoIsWho(
                    f"{len(names)} names in {stage} match one person in the roster, {student}:\n{ways}\nSay who is who with --who people.csv"
                )
            for files in names.values():
                for f in files:
                    f.person = replace(f.person, name=student, number="")
        return notes


__all__ = ["ClassList", "Entry", "Person", "read_people", "split_name"]
