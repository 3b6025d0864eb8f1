"""Runs code under numeric settings that make the same computation round differently. The differences in the results are noise."""

import contextlib
from unittest import mock

import torch

# Each variant is (number of threads, whether oneDNN is used, number type, implementation of attention).
VARIANTS = (
    (1, True, torch.float32, "eager"), (2, True, torch.float32, "eager"), (1, False, torch.float32, "eager"),
    (2, False, torch.float32, "sdpa"), (1, True, torch.float64, "eager"),
)  # fmt: skip


@contextlib.contextmanager
def variant(threads, onednn, dtype, attention):
    """Context manager that runs its block with these numeric settings and then restores the old ones. See VARIANTS."""
    before = torch.get_num_threads(), torch.backends.mkldnn.enabled
    torch.set_num_threads(threads)
    torch.backends.mkldnn.enabled = onednn
    try:
        with mock.patch.multiple("dpr_course.checks.fixtures", DTYPE=dtype, ATTENTION=attention):
            yield
    finally:
        torch.set_num_threads(before[0])
        torch.backends.mkldnn.enabled = before[1]


def one_thread():
    """Limit PyTorch to one thread in this process.

    With more threads, parallel processes would compete for the cores.
    """
    torch.set_num_threads(1)
