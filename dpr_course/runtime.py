"""Chooses the device, sets seeds and precision, and makes progress bars, for all training and embedding loops."""

import contextlib
import io
import os
import random
import sys

import numpy as np
import torch
from tqdm import tqdm

from dpr_course.data import DataError


def best_device():
    """Return the fastest device of this machine: CUDA if there is one, else Apple's MPS, else the CPU.

    `DPR_DEVICE` (for example `cpu` or `cuda:1`) overrides the choice. Raises DataError if torch does not know that device.
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
    """Return a context manager in which models run in bfloat16 if `device` is a CUDA GPU, else in their own precision."""
    return torch.autocast("cuda", torch.bfloat16, enabled=device.type == "cuda")


def _generators():
    yield torch
    if torch.cuda.is_available():
        yield torch.cuda
    if torch.backends.mps.is_available():
        yield torch.mps


class RandomState:
    """The state of torch's random generators, on the CPU and on the current GPU, at the moment when this object is created.

    In a block `with state.replayed():` the random numbers that were drawn after that moment, for example dropout masks, are
    drawn once more. After the block the generators continue as if nothing had been drawn in it.
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


def device_of(model):
    """Return the device of a module's first parameter."""
    return next(model.parameters()).device


class NotebookBar(tqdm):
    """A progress bar in the output of a notebook cell. It is updated in place, so the saved output is one line: its last state.

    A bar inside another bar is not shown, because notebook front ends disagree on how to move between lines. The bar is plain
    text, not a widget, because widgets store state in the notebook, and some viewers cannot show such a notebook.
    """

    def __init__(self, *args, **options):
        self.shown = None
        super().__init__(*args, **{**options, "file": io.StringIO(), "ascii": False})

    def display(self, msg=None, pos=None, **_):
        from IPython.display import display

        text = str(self) if msg is None else msg
        data = {"text/plain": text} if text else {"text/plain": "", "text/html": ""}  # a bar with leave=False disappears
        if self.shown:
            self.shown.update(data, raw=True)
        elif text and not self.pos:
            self.shown = display(data, raw=True, display_id=True)


def progress(iterable=None, **options):
    """Return a tqdm progress bar over `iterable`, as plain text. `options` are passed to tqdm.

    A notebook shows the bar in the cell's output; it looks the same in Jupyter, Colab and VS Code. In a terminal the bar is
    written to standard output. It is hidden if DPR_NO_PROGRESS is set, and in all processes of a run except the first.
    """
    silent = bool(os.environ.get("DPR_NO_PROGRESS")) or os.environ.get("RANK", "0") != "0"  # only the first rank shows it
    in_notebook = type(sys.stdout).__module__.startswith("ipykernel")  # False while a cell's output is captured
    defaults = {"file": sys.stdout, "ncols": 88, "mininterval": 0.5, "disable": silent}
    return (NotebookBar if in_notebook else tqdm)(iterable, **{**defaults, **options})
