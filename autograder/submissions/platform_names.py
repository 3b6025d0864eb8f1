"""Recognises the names that learning platforms give to folders, zips and files in a download: who handed in work, and when.

    Moodle      Ada Lovelace_1234567_assignsubmission_file[_]/…, or a file whose name begins in this way;
                Participant_1234567_… if students are anonymous
    Canvas      lovelaceada_[LATE_]12345_67890_work.ipynb, [LATE_]anon_kA1bC_67890_work.ipynb
    Blackboard  HW4_jdoe_attempt_2026-01-30-20-30-10_work.ipynb, with …_attempt_2026-01-30-20-30-10.txt beside it
    Brightspace 12345-67890 - Ada Lovelace - Sep 24, 2026 926 PM/…
    Gradescope  submission_123456/…, with submission_metadata.yml beside the folders
    Teams       Submitted files/Ada Lovelace/HW4/Version 2/…
    nbgrader    inbound/ada+04_in_batch_loss+2026-01-30 20:30:10 UTC+8sFc0g==/…

The platform made these names, so they can be trusted. Whatever is inside such a folder or zip was named by the student.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from dateutil import parser as dates
from dateutil import tz


@dataclass(frozen=True)
class Person:
    """A person who handed something in, with the name that a platform or a folder gives."""

    name: str
    number: str = ""  # the platform's number, which distinguishes people of the same name
    platform: str = ""  # "" if only a folder or a file names the person
    when: datetime | None = None
    version: int = 0  # if one person handed in several files, the file with the highest version counts
    stage: str = ""  # the platform's name for the assignment, if it is known


MOODLE = re.compile(r"(.+?)(?:_(\d+))?_assignsubmission_[a-z]+(?:_|$)")
CANVAS = re.compile(r"(?:(?:(.+?)_)?(?:LATE_)?(anon_[0-9A-Za-z]{5})|(.+?)_(?:LATE_)?(\d+))_(\d+)_(?=.)")
BLACKBOARD = re.compile(r"(.+)_attempt_(\d{4}(?:-\d\d){5})(?=[_.]|$)")
BRIGHTSPACE = re.compile(r"(\d+)-(\d+)\s*-\s+(.+?)\s*-\s+((?=[^-]*\d{4}).*?)(?:\s+-\s+.*)?$")
GRADESCOPE = re.compile(r"submission_\d+$")
INBOUND = re.compile(r"([^+]+)\+([^+]+)\+(\d{4}-\d\d-\d\d[ T_][^+]*)(?:\+[\w=-]+)?$")
# The names of Teams' folder for files that were handed in; SharePoint names it in the language of the class.
TEAMS = {
    "submitted files", "eingereichte dateien", "fichiers remis", "fichiers envoyés", "archivos enviados", "archivos entregados",
    "file inviati", "file consegnati", "ficheiros enviados", "arquivos enviados", "ingediende bestanden", "ingeleverde bestanden",
    "przesłane pliki", "inskickade filer", "inlämnade filer", "sendte filer", "innsendte filer",
}  # fmt: skip
DRAFTS = {"working files", "arbeitsdateien", "fichiers de travail", "archivos de trabajo", "file di lavoro", "werkbestanden"}
# The word before the number that stands for a person in Moodle's blind marking, in several languages.
HIDDEN = {"participant", "teilnehmer in", "teilnehmer*in", "teilnehmerin", "participante", "partecipante", "participant e", "deelnemer",
          "uczestnik", "deltagare", "deltager", "deltaker", "osallistuja", "účastník", "katılımcı", "участник", "учасник", "参加者", "参与者", "참여자"}  # fmt: skip


def words(name):
    """Return a name with composed accents (Unicode NFC) and with single spaces in place of underscores and repeated spaces.

    Platforms and unzip programs write accents, spaces and underscores of the same name in different ways.
    """
    return " ".join(unicodedata.normalize("NFC", name).replace("_", " ").split())


def read_time(text):
    """Return a platform's date and time in UTC, or None if the text is not a date. Text without a time zone is read as UTC."""
    try:
        text = re.sub(
            r"\b(\d{1,2})(\d\d)(?=\s*[AaPp][Mm]\b)|(?<=\d{4} )(\d\d?)(\d\d)$", r"\1\3:\2\4", text
        )  # Brightspace leaves the colon out
        when = dates.parse(text, tzinfos=lambda name, offset: offset or tz.gettz(name))
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def blackboard_time(text):
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def recognise(name, kind, above=""):
    """Return the Person whom `name` names, if a platform made this name. Otherwise return None.

    name   name of a folder, zip or file
    kind   "folder", "zip" or "file"
    above  name of the folder that contains this folder, zip or file

    For Blackboard, the Person's name is "assignment_login". Where the login begins is only clear from the other names of the
    download; see `logins`.
    """
    name = unicodedata.normalize("NFC", name)
    if m := MOODLE.match(name):
        who = words(m[1])
        hidden = who.casefold().replace("/", " ") in HIDDEN
        return Person(f"{who} {m[2]}" if hidden and m[2] else who, "" if hidden else m[2] or "", "Moodle")
    if kind != "folder" and (m := BLACKBOARD.match(name)):
        return Person(m[1], "", "Blackboard", blackboard_time(m[2]))
    if m := BRIGHTSPACE.match(name):
        return Person(words(m[3]), m[1], "Brightspace", read_time(m[4]))
    if kind != "folder" and (m := CANVAS.match(name)):
        return Person(m[2] or f"{m[3]}_{m[4]}", "", "Canvas", version=int(m[5][-18:]))
    if kind == "folder" and GRADESCOPE.match(name):
        return Person(name, "", "Gradescope")
    if kind == "folder" and (m := INBOUND.match(name)) and (when := read_time(m[3].replace("_", " "))):
        return Person(m[1], "", "nbgrader", when, stage=m[2])
    if kind == "folder" and above.casefold() in TEAMS:
        return Person(words(name), "", "Teams")
    return None


def logins(heads, container="", known=None):
    """Return {head: login} for one download from Blackboard.

    heads      the heads of all files of the download; a head is the beginning of a file's name, of the form assignment_login
    container  name of the folder or zip that holds the download
    known      {head: login} from Blackboard's own text files, where there are any

    Assignment and login may both contain underscores. Where the login begins is decided by the known logins if possible, or else
    by the assignment's name, if `container` contains it. Otherwise each head is split at its underscores, and its last n parts
    are the login. The number n is the smallest for which all logins differ.
    """
    known, parts = dict(known or {}), {h: h.split("_") for h in heads}
    for assignment in {h.removesuffix(f"_{login}") for h, login in known.items()}:
        known |= {h: h[len(assignment) + 1 :] for h in heads if h.startswith(f"{assignment}_") and h not in known}

    def cut(head):
        for n in range(len(parts[head]) - 1, 0, -1):  # the longest possible name of an assignment that `container` contains
            if squeezed("_".join(parts[head][:n])) in squeezed(container):
                return "_".join(parts[head][n:])
        return None

    if container and all(cut(h) for h in heads if h not in known):
        found = {h: cut(h) for h in heads if h not in known}
    else:
        rest = [h for h in heads if h not in known]
        n = next((n for n in range(1, 9) if len({tuple(parts[h][-n:]) for h in rest}) == len(rest)), 9)
        found = {h: "_".join(parts[h][-n:]) for h in rest}
    return {**found, **{h: login for h, login in known.items() if h in heads}}


def squeezed(text):
    """Return only the letters and digits of a text, in lower case: "O'Neill, Ada" -> "oneillada"."""
    return re.sub(r"[\W_]+", "", text.casefold())
