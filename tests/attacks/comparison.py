"""Attacks that replace comparisons, tests and points in the student's process."""

from attacks.answers import PINNED, WRONG

MARKS = {
    "comparisons always true": "import numpy as np\nnp.array_equal = np.allclose = lambda *a, **k: True\ntorch.equal = torch.allclose = lambda *a, **k: True\n" + WRONG,
    "assert and isfinite patched": "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None\nnp.isfinite = lambda x: np.ones_like(x, bool)\n" + WRONG,
    "observe returns the pinned values": PINNED + "import copy\nfrom dpr_course.checks.loss import InBatchLoss\nInBatchLoss.observe = lambda self, objects, seed: load_expected('get_in_batch_contrastive_loss')[0]\n" + WRONG,
    "judge and tests replaced": "from dpr_course.checks import CHECKS, core\ncore.difference = lambda *a, **k: None\nfor c in CHECKS.values():\n    type(c).tests = ()\n" + WRONG,
    "points of the tests raised": "from dpr_course.checks import CHECKS\nfor c in CHECKS.values():\n    for t in c.tests:\n        object.__setattr__(t, 'points', 1000)\n" + WRONG,
    "runner's observe replaced": PINNED + "import autograder.sandbox.runner as r\nr.observe = lambda *a: pinned\n" + WRONG,
    "names of the check emptied": "from dpr_course.checks import CHECKS\nfor c in CHECKS.values():\n    type(c).names = ()\n" + WRONG,
    "display hook": "import sys\nsys.displayhook(100.0)\nprint(100.0)\n" + WRONG,
    "difference replaced where it is defined": "from dpr_course.checks import compare\ncompare.difference = lambda *a, **k: None\n" + WRONG,
    "the built-in comparisons replaced": "import builtins\nbuiltins.all = builtins.any = lambda *a: True\nbuiltins.abs = lambda *a: 0\n" + WRONG,
    "isinstance replaced": "import builtins\nbuiltins.isinstance = lambda *a: True\n" + WRONG,
}  # fmt: skip
