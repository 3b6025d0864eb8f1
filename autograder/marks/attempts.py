"""Dates for the item analysis: when each stage was released, and when each student first handed in a right answer.

    autograder/term/released.json   {stage: {"date": ISO 8601 in UTC, "tier": ...}}, the first release of each stage
    autograder/term/attempts.json   {stage: {student: {hash of the file: {"date": ..., "right": [exercise, ...]}}}}

`release` writes the first file and recording marks the second, since a result keeps only the newest attempt. No date is made
up: where one is not known, the report says that it is not known.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from autograder.grade.cache import write_json
from autograder.places import TERM, TERM_OF_COURSE


class DateError(ValueError):
    """Raised if a date of --released cannot be read. The message shows how to write one."""


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise DateError(f"{path} is damaged: put your copy of it in its place, or move it away") from None


def _term(root):
    return TERM if root is None else Path(root) / TERM_OF_COURSE


def note_release(stages, tier, root=None, now=None):
    """Record that these stages were released now, except those of which an earlier release is known."""
    path, date = _term(root) / "released.json", (now or datetime.now(UTC)).isoformat(timespec="seconds")
    known = _read(path)
    write_json(path, {stage: {"date": date, "tier": tier} for stage in stages} | known)


def note_attempts(results, root=None):
    """Record the attempts in these results: date and right exercises. An attempt that is graded again replaces its record."""
    write_json(_term(root) / "attempts.json", _attempts(results, root))


def _attempts(results, root):
    """Return the recorded attempts, updated with those of `results`, in the form of attempts.json."""
    known = _read(_term(root) / "attempts.json")
    for r in results:
        if r["status"] == "graded" and r["timestamp"]:
            right = [e for e, mark in r["exercises"].items() if mark["points"] == mark["max_points"]]
            own = known.setdefault(r["stage"], {}).setdefault(r["student"], {})
            own[r.get("submission", "")] = {"date": r["timestamp"], "right": right}
    return known


def release_dates(given=None, root=None):
    """Return {stage's number: date of its first release}. given: texts such as "04=2026-11-13", which replace recorded dates.

    Raises DateError. A date without a zone is read as UTC.
    """
    found = {stage[:2]: _date(entry["date"]) for stage, entry in _read(_term(root) / "released.json").items()}
    for text in given or ():
        stage, _, date = text.partition("=")
        try:
            found[stage[:2]] = _date(date)
        except ValueError:
            raise DateError(f"--released {text!r}: write stage and date like 04=2026-11-13 or 04=2026-11-13T09:00+01:00") from None
    return found


def _date(text):
    date = datetime.fromisoformat(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def times(results, released, root=None):
    """Return {(stage, exercise): {"days": median or None, "students": how many were right, "why": why it is not known}}.

    Days are counted from the stage's release to a student's first right hand-in among all attempts that were recorded.
    """
    attempts, found = _attempts(results, root), {}
    here = {(r["stage"], e) for r in results if r["status"] == "graded" for e in r["exercises"]}
    people = {(r["stage"], r["student"]) for r in results}
    for stage, exercise in sorted(here):
        first = []
        for student, own in attempts.get(stage, {}).items():
            dates = [_date(a["date"]) for a in own.values() if exercise in a["right"] and (stage, student) in people]
            first += [min(dates)] if dates else []
        begun = released.get(stage[:2])
        why = "" if begun and first else "no right hand-in has a date" if begun else "no release of this stage is recorded"
        days = [(date - begun).total_seconds() / 86400 for date in first] if not why else []
        found[stage, exercise] = {"days": median(days) if days else None, "students": len(first), "why": why}
    return found
