"""Weights and vectors as int8: each row of a matrix has one scale, and a number is a whole number times that scale."""

import copy

import numpy as np
import torch

LARGEST = 127


def quantise(rows):
    """int8 numbers (N, d) and float32 scales (N,) of `rows` (N, d), so that rows ≈ numbers * scales[:, None].

    The largest number of a row becomes ±127; the error of any other is at most half a scale.
    """
    rows = np.asarray(rows, dtype=np.float32)
    scales = (np.abs(rows).max(axis=1) / LARGEST + 1e-12).astype(np.float32)  # (N,)
    return np.round(rows / scales[:, None]).astype(np.int8), scales


def restore(numbers, scales):
    """The rows (N, d) in float32 that `quantise` gave numbers and scales for."""
    return numbers.astype(np.float32) * scales[:, None]


def quantise_encoder(encoder):
    """The state dict of an encoder: matrices as (numbers, scales), vectors as float32 arrays."""
    weights = {name: w.detach().float().cpu().numpy() for name, w in encoder.state_dict().items()}
    return {name: quantise(w) if w.ndim == 2 else w for name, w in weights.items()}


def int8_encoder(encoder):
    """A copy of `encoder` whose matrices hold what their int8 form stands for: what the page computes with, in torch."""
    rounded = copy.deepcopy(encoder).float().cpu().eval()
    weights = {
        name: torch.from_numpy(restore(*w) if isinstance(w, tuple) else w.copy()) for name, w in quantise_encoder(encoder).items()
    }
    rounded.load_state_dict(weights)
    return rounded
