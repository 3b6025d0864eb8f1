"""Ids of students: safe as names of folders, never shared by two people, the same in every week."""

import hashlib
import re
import unicodedata


def identity(f):
    return f.person.name, f.person.number if f.person.number else ""


def safe(name):
    """A name that can be a folder's on every system."""
    name = unicodedata.normalize("NFC", name)
    name = re.sub(r"[^\w.@-]+", "_", name).strip("._-")[:80]
    return name.encode("utf-8")[:160].decode("utf-8", "ignore") or "student"  # file names have at most 255 bytes


def distinct_ids(found):
    """`{(name, number): id}`: two students never share an id, not even where capitals do not count.

    A platform's numbers may differ from one assignment to the next (Moodle's do), so they are used only where two people
    have one name in one stage.
    """
    names, numbers = {}, {}
    for f in found:
        names.setdefault(safe(f.person.name).casefold(), set()).add(f.person.name)
        numbers.setdefault((f.person.name, f.stage), set()).add(f.person.number)
    several = {name for (name, _), seen in numbers.items() if len(seen) > 1}
    ids = {}
    for f in found:
        made = safe(f.person.name)
        if len(names[made.casefold()]) > 1:
            made += "-" + hashlib.sha256(f.person.name.encode("utf-8", "replace")).hexdigest()[:6]
        if f.person.name in several and f.person.number:
            made += f"-{f.person.number}"
        ids[identity(f)] = made
    return ids
