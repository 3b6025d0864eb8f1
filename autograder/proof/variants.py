"""Numeric variants: settings under which the same computation rounds differently. The differences between them are noise."""

import contextlib
from unittest import mock

import torch

# Number of threads, oneDNN, number type and attention: variants of the same computation that round differently.
VARIANTS = (
    (1, True, torch.float32, "eager"), (2, True, torch.float32, "eager"), (1, False, torch.float32, "eager"),
    (2, False, torch.float32, "sdpa"), (1, True, torch.float64, "eager"),
)  # fmt: skip


@contextlib.contextmanager
def variant(threads, onednn, dtype, attention):
    """Compute the block with these numeric settings (one of VARIANTS), and restore the old ones afterwards."""
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
    """Let PyTorch compute with one thread in this process. Threads of several processes that share the cores wait for each other."""
    torch.set_num_threads(1)
