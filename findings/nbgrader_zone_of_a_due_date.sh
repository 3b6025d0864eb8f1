#!/bin/sh
# Tool: nbgrader 0.9.6, due dates and timestamps (nbgrader.utils.parse_utc; `nbgrader db assignment add --duedate`).
# Expected: "2026-07-01 12:00 CEST" is 10:00 in UTC, and a zone that it does not know is an error.
# Seen: of the usual abbreviations only those that are files of the zone database (CET, EST) are known; CEST, EDT and PST are passed
# over in silence and the time is taken for UTC. CET follows summer time. "+0200" is taken for 200 seconds.
# Output:
#   2026-07-01 12:00 CEST -> 12:00:00
#   2026-07-01 12:00 CET -> 10:00:00
#   2026-01-01 12:00 PST -> 12:00:00
#   2026-01-01 12:00 +0200 -> 11:56:40
#   2026-01-01 12:00 Europe/Berlin -> 11:00:00
# What to do: give zones by place, such as Europe/Berlin or America/New_York.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check nbgrader==0.9.6
venv/bin/python - <<'PYTHON'
import warnings

warnings.simplefilter("ignore")
from nbgrader.utils import parse_utc  # noqa: E402

times = ["2026-07-01 12:00 CEST", "2026-07-01 12:00 CET", "2026-01-01 12:00 PST", "2026-01-01 12:00 +0200", "2026-01-01 12:00 Europe/Berlin"]
seen = [f"{parse_utc(time):%H:%M:%S}" for time in times]
for time, utc in zip(times, seen):
    print(f"{time} -> {utc}")
assert seen == ["12:00:00", "10:00:00", "12:00:00", "11:56:40", "11:00:00"]
PYTHON
