"""Makes student ids that are safe as folder names, that no two people share, and that stay the same from week to week."""

import hashlib
import re
import unicodedata


def identity(f):
    """Return (name, the platform's number or "") of the person who handed in the notebook `f` (a Found).

    This is the person's key in the dictionary that `distinct_ids` returns.
    """
    return f.person.name, f.person.number if f.person.number else ""


def safe(name):
    """Return `name` in a form that every operating system accepts for a folder, or "student" if no character is left."""
    name = unicodedata.normalize("NFC", name)
    name = re.sub(r"[^\w.@-]+", "_", name).strip("._-")[:80]
    return name.encode("utf-8")[:160].decode("utf-8", "ignore") or "student"  # file names have at most 255 bytes


def distinct_ids(found):
    """Return {(name, number): student id} for the people who handed in the notebooks `found`, a list of Found.

    No two people share an id, even on file systems that ignore case. `number` is the platform's number for the person, or "". It
    may change from one assignment to the next (on Moodle it does), so an id contains it only if several people of the same name
    handed in the same stage.
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
