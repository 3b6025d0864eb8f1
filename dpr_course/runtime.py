"""Device, seeds and quiet libraries: the settings that every notebook starts from."""

import contextlib
import logging
import os
import random
import sys
import warnings

import numpy as np
import torch
from tqdm import tqdm

from dpr_course.data import DataError


def best_device():
    """The fastest device of this machine: CUDA, then Apple's MPS, then the CPU.

    `DPR_DEVICE` (for example `cpu` or `cuda:1`) overrides the choice. DataError if torch knows no such device.
    """
    if wanted := os.environ.get("DPR_DEVICE"):
        try:
            return torch.device(wanted)
        except RuntimeError:
            raise DataError(f"DPR_DEVICE is {wanted!r}: set it to cpu, mps, cuda, or one GPU as in cuda:1") from None
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def set_seed(seed):
    """Seed Python, NumPy and torch (all devices)."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def mixed_precision(device):
    """Forward passes in bfloat16 on a GPU, and as they are elsewhere."""
    return torch.autocast("cuda", torch.bfloat16, enabled=device.type == "cuda")


def _generators():
    yield torch
    if torch.cuda.is_available():
        yield torch.cuda
    if torch.backends.mps.is_available():
        yield torch.mps


class RandomState:
    """Where torch's random generators stand now, on the CPU and on the current GPU.

    `with state.replayed():` draws the same numbers again, dropout masks for example, and then goes on as if nothing
    had been drawn.
    """

    def __init__(self):
        self.states = [(generator, generator.get_rng_state()) for generator in _generators()]

    @contextlib.contextmanager
    def replayed(self):
        now = RandomState()
        try:
            self._restore()
            yield
        finally:
            now._restore()

    def _restore(self):
        for generator, state in self.states:
            generator.set_rng_state(state)


def quiet():
    """Silence what libraries print on import and load, so that a notebook shows only its own output.

    Errors are still shown.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name in ("bm25s", "huggingface_hub"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message=".*NNPACK.*")


def device_of(model):
    """The device that a module's first parameter lives on."""
    return next(model.parameters()).device


def progress(iterable=None, **options):
    """A text progress bar on standard output: the same in Jupyter, Colab, VS Code and a terminal.

    Widget bars leave state in the notebook that stops some viewers from showing it.
    """
    silent = bool(os.environ.get("DPR_NO_PROGRESS")) or os.environ.get("RANK", "0") != "0"  # of several ranks, one is enough
    defaults = {"file": sys.stdout, "ncols": 100, "mininterval": 0.5, "disable": silent}
    return tqdm(iterable, **{**defaults, **options})
