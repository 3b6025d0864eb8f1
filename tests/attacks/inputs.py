"""Attacks that replace the random generators, the clock, or the functions that make inputs and expected values."""

from attacks.answers import WRONG

MARKS = {
    "seeds fixed": "import numpy as np\n_g = np.random.default_rng\nnp.random.default_rng = lambda *a: _g(0)\n" + WRONG,
    "inputs made trivial": "import dpr_course.checks.batches as l\nl.dyadic = lambda rng, *shape, **k: torch.zeros(*shape)\nl._draw = lambda rng, labels, N, *a: (torch.zeros(len(labels), 8), torch.zeros(N, 8))\n" + WRONG,
    "inputs of the check all zero": "_tensor = torch.tensor\ntorch.tensor = lambda x, *a, **k: _tensor(x, *a, **k) * 0\n" + WRONG,
    "the functions of the reference replaced": "import sys\nF.cross_entropy = lambda S, *a, **k: S.sum() * 0\n_argmax = torch.Tensor.argmax\ndef _fake(self, *a, **k):\n    found = _argmax(self, *a, **k)\n    return found * 0 - 1 if sys._getframe(1).f_code.co_filename.startswith('solutions') else found\ntorch.Tensor.argmax = _fake\n\ndef get_in_batch_contrastive_loss(model, batch):\n    X, Y = model(*batch[:4])\n    return (X.sum() + Y.sum()) * 0, 0\n",
    "the clock stopped": "import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0\n" + WRONG,
    "torch's seeds fixed": "torch.manual_seed = torch.seed = lambda *a: torch.default_generator\ntorch.rand = torch.randn = lambda *s, **k: torch.zeros(*s)\n" + WRONG,
}  # fmt: skip
