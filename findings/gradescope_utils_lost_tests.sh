#!/bin/sh
# Library: gradescope-utils 0.5.0, JSONTestRunner.
# Expected: a test of 5 points that fails in a subTest, or is skipped, stands in the results with 0 of 5 points.
# Seen: it is left out. Neither its points nor its maximum are in the results, so that 5 of 15 points read as 5 of 5.
# Output: works 5 of 5; total 5
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install -q --disable-pip-version-check gradescope-utils==0.5.0
venv/bin/python - <<'PYTHON'
import io
import json
import unittest

from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner


class Homework(unittest.TestCase):
    @weight(5)
    def test_works(self):
        "works"

    @weight(5)
    def test_wrong(self):
        "wrong in a part"
        for i in range(3):
            with self.subTest(i=i):
                self.assertEqual(i, 0)

    @weight(5)
    def test_skipped(self):
        "skipped"
        self.skipTest("no GPU")


out = io.StringIO()
JSONTestRunner(stream=out).run(unittest.defaultTestLoader.loadTestsFromTestCase(Homework))
results = json.loads(out.getvalue())
rows = [(t["name"], t["score"], t["max_score"]) for t in results["tests"]]
print("; ".join("{} {} of {}".format(*row) for row in rows) + f"; total {results['score']:g}")
assert rows == [("works", 5, 5)] and results["score"] == 5
PYTHON
