"""Records the dates that the class report needs: when stages were released, and when students handed in right answers.

    autograder/term/released.json   {stage: {"date": ISO 8601 in UTC, "tier": ...}}, the first release of each stage
    autograder/term/attempts.json   {stage: {student: {hash of the file: {"date": ..., "right": [exercise, ...]}}}}

"tier" is how much help the released notebooks give. The command `release` writes the first file. The second file is written
whenever marks are recorded. It keeps all attempts, that is, all files that were handed in, because a student's result describes
only the newest file. No date is guessed: the report says where a date is not known.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from autograder.grade.cache import write_json
from autograder.places import TERM, TERM_OF_COURSE


class DateError(ValueError):
    """Raised if a date in the option --released cannot be read, or if a file with dates is damaged. The message says what to do."""


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise DateError(f"{path} is damaged: put your copy of it in its place, or move it away") from None


def term(root=None):
    """Return the term folder of the course in `root`, by default of this course."""
    return TERM if root is None else Path(root) / TERM_OF_COURSE


def note_release(stages, tier, root=None, now=None):
    """Record in released.json that `stages` were released now. For stages that are already recorded, nothing changes.

    tier: how much help the released notebooks give: "guided", "standard" or "challenge"; now: the time of the release as a
    datetime, by default the current time.
    """
    path, date = term(root) / "released.json", (now or datetime.now(UTC)).isoformat(timespec="seconds")
    known = _read(path)
    write_json(path, {stage: {"date": date, "tier": tier} for stage in stages} | known)


def note_attempts(results, root=None):
    """Record in attempts.json the date of each graded submission in `results` and the exercises that earned all points in it.

    A submission without a known date is left out. If the same file is graded again, the record of this file is replaced.
    """
    write_json(term(root) / "attempts.json", _attempts(results, root))


def _attempts(results, root):
    """Return the content of attempts.json with the graded submissions in `results` added. Nothing is written."""
    known = _read(term(root) / "attempts.json")
    for r in results:
        if r["status"] == "graded" and r["timestamp"]:
            right = [e for e, mark in r["exercises"].items() if mark["points"] == mark["max_points"]]
            own = known.setdefault(r["stage"], {}).setdefault(r["student"], {})
            own[r.get("submission", "")] = {"date": r["timestamp"], "right": right}
    return known


def release_dates(given=None, root=None):
    """Return {number of the stage, such as "04": datetime of its first release}.

    given: list of texts such as "04=2026-11-13"; these dates take precedence over recorded ones. A date without a time zone is
    read as UTC. Raises DateError if a date cannot be read.
    """
    found = {stage[:2]: _date(entry["date"]) for stage, entry in _read(term(root) / "released.json").items()}
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
    """Return how long students took to solve each exercise, as {(stage, exercise): dict}. The dict has the keys:

    days      number of days from the stage's release to a student's first right answer, median over students; None if not known
    students  number of students in `results` who gave a right answer in any recorded attempt
    why       the reason why "days" is not known, else ""

    released: the dictionary that `release_dates` returns.
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
