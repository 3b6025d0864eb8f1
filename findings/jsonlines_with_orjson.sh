#!/bin/sh
# Libraries: jsonlines 4.0.0 and orjson 3.13.0.
# Expected: a file of JSON lines reads the same in every environment, and what jsonlines wrote it can read.
# Seen: where orjson is installed, for whatever reason, jsonlines reads with it: NaN, which jsonlines itself writes, is refused, and a
# whole number of more than 64 bits loses its last digits without a word.
# Output:
#   without orjson: nan, 123456789012345678901234567890
#   with orjson: InvalidLineError, 1.2345678901234568e+29
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check jsonlines==4.0.0
venv/bin/python - <<'PYTHON'
import subprocess
import sys

PROGRAM = """
import io, jsonlines
out = io.StringIO()
jsonlines.Writer(out).write(float("nan"))
try:
    first = jsonlines.Reader(io.StringIO(out.getvalue())).read()
except jsonlines.InvalidLineError:
    first = "InvalidLineError"
print(first, jsonlines.Reader(io.StringIO("123456789012345678901234567890")).read(), sep=", ")
"""
read = lambda: subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True).stdout.strip()  # noqa: E731
without = read()
subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "orjson==3.13.0"], check=True)
seen = without, read()
print("without orjson: {}\nwith orjson: {}".format(*seen))
assert seen == ("nan, 123456789012345678901234567890", "InvalidLineError, 1.2345678901234568e+29")
PYTHON
