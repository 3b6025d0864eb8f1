"""Computes a mark again and compares it with its receipt: `python -m autograder replay RESULT.json NOTEBOOK`.

The receipt of an exercise records everything that the mark depends on: hashes of the submitted file, of the student's code, of
the check and of the environment, a fingerprint of the secret seed, the level of isolation ("namespaces" or "limits"), and the
time limit in seconds. If none of these has changed, the replay must give the same mark. Otherwise the replay names those that
have changed.
"""

from pathlib import Path

from autograder.grade.grade import Work, run_all
from autograder.grade.results import load_result
from autograder.grade.secret import load_secret
from autograder.sandbox.limits import Limits
from autograder.submissions.find import Submission

NAMES = {
    "submission": "the submitted file", "code": "the exercise's code", "check": "the check", "environment": "the environment",
    "seed": "the secret seed", "isolation": "the level of isolation", "seconds": "the time limit",
}  # fmt: skip


class NoCache:
    """A cache that never holds anything. With it, a replay runs all exercises again."""

    def get(self, key):
        return None

    def put(self, key, outcome):
        pass


def replay(result_path, notebook, exercise=None, secret=None, limits=None):
    """Grade the file `notebook` again and return a list of sentences: what differs from the result in the file `result_path`.

    exercise  id or number of an exercise, such as "4.1"; by default all
    secret    the secret seed, by default that of the course
    limits    the Limits of each run, by default with the time limit that the receipts record

    The list is empty if nothing differs. For each exercise, the list has first the differences between the receipts (see the
    module's docstring), then those in points and messages.

    Raises ValueError if `result_path` is not a result or does not hold the exercise. Raises FileNotFoundError if `notebook`
    does not exist.
    """
    recorded = load_result(result_path)
    wanted = [e for e, r in recorded["exercises"].items() if exercise in (None, e, r["number"])]
    if exercise and not wanted:
        raise ValueError(f"{result_path} holds no exercise {exercise!r}, only {', '.join(recorded['exercises']) or 'none'}")
    if not Path(notebook).is_file():
        raise FileNotFoundError(f"there is no file {notebook}: give the notebook that the student handed in")
    secret = secret or load_secret()
    given = {r["receipt"]["seconds"] for r in recorded["exercises"].values() if "seconds" in r.get("receipt", {})}
    submission = Submission(recorded["student"], recorded["stage"], Path(notebook), recorded["timestamp"])
    work = Work(submission, secret, limits or Limits(*given))
    if work.reason != recorded["reason"]:
        was, now = (f"not gradable ({r})" if r else "gradable" for r in (recorded["reason"], work.reason))
        return [f"the notebook was {was}, it is {now}"]
    if work.reason:
        return (
            []
            if recorded.get("submission") == work.sha256
            else ["the submitted file is not the one that the result was computed from"]
        )
    outcomes, _ = run_all([r for e, r in work.runs.items() if e in wanted], cache=NoCache(), progress=False)
    work.runs = {e: r for e, r in work.runs.items() if e in wanted}
    fresh = work.result(outcomes)["exercises"]
    gone = [f"{recorded['exercises'][e]['number']}: the course has no exercise {e} any more" for e in wanted if e not in fresh]
    return gone + [line for e in wanted if e in fresh for line in differences(recorded["exercises"][e], fresh[e])]


def differences(before, after):
    """Return a list of sentences: the differences between two results of the same exercise, the dicts `before` and `after`."""
    number = before["number"]
    old, new = before.get("receipt", {}), after.get("receipt", {})
    lines = [f"{number}: {NAMES[k]} differs from the one in the receipt" for k in NAMES if old.get(k) != new.get(k)]
    for a, b in zip(before["tests"], after["tests"]):
        if a["points"] != b["points"]:
            lines.append(f"{number}, {a['name']}: {a['points']:g} points were recorded, but now {b['points']:g}")
        elif a["message"] != b["message"]:
            lines.append(f"{number}, {a['name']}: the same points, but another message")
    if len(before["tests"]) != len(after["tests"]):
        lines.append(
            f"{number}: the check has {len(after['tests'])} tests now, but had {len(before['tests'])} when the mark was recorded"
        )
    return lines
