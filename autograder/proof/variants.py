"""Numeric variants: the same computation, rounded differently. What changes between them is noise, and no mistake."""

import contextlib
from unittest import mock

import torch

# Threads, oneDNN, number type, attention: the same computation, rounded differently.
VARIANTS = (
    (1, True, torch.float32, "eager"), (2, True, torch.float32, "eager"), (1, False, torch.float32, "eager"),
    (2, False, torch.float32, "sdpa"), (1, True, torch.float64, "eager"),
)  # fmt: skip


@contextlib.contextmanager
def variant(threads, onednn, dtype, attention):
    before = torch.get_num_threads(), torch.backends.mkldnn.enabled
    torch.set_num_threads(threads)
    torch.backends.mkldnn.enabled = onednn
    try:
        with mock.patch.multiple("dpr_course.checks.fixtures", DTYPE=dtype, ATTENTION=attention):
            yield
    finally:
        torch.set_num_threads(before[0])
        torch.backends.mkldnn.enabled = before[1]
