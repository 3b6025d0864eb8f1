"""Keeps the outcomes of runs, so that an unchanged exercise of a submission is not run again.

Each outcome is a small file whose name is the hash of everything that the outcome depends on.
"""

import json
from pathlib import Path

from autograder.places import CACHE
from dpr_course.files import replacing


def write_json(path, content):
    """Write `content` as JSON to `path`. Equal content gives equal bytes.

    Other processes never read an incomplete file, even if several processes write to `path` at the same time.
    """
    with replacing(path) as part:
        part.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


class Cache:
    """The outcomes of earlier runs: one JSON file per run in `folder`. A damaged file is treated like a missing one."""

    def __init__(self, folder=CACHE):
        self.folder = Path(folder)

    def _path(self, key):
        return self.folder / key[:2] / f"{key}.json"

    def get(self, key):
        try:
            return json.loads(self._path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def put(self, key, outcome):
        # If a run exceeded its time or memory limit, or could not be made at all, the reason may be a busy machine. This outcome
        # is not stored, so the run is tried again next time.
        if outcome["status"] in ("ran", "missing", "syntax error", "crashed", "output"):
            write_json(self._path(key), outcome)
