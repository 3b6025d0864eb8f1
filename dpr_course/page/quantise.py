"""Weights and vectors as int8: each row of a matrix has one scale, and a number is a whole number times that scale."""

import copy

import numpy as np
import torch

LARGEST = 127
WORDS, LARGEST_OF_WORDS = "embeddings.word_embeddings.weight", 63  # 7 bits: they are most of the file, and R@k stays the same


def quantise(rows, largest=LARGEST):
    """int8 numbers (N, d) and float32 scales (N,) of `rows` (N, d), so that rows ≈ numbers * scales[:, None].

    The largest number of a row becomes `largest` or its negative; the error of any other is at most half a scale.
    """
    rows = np.asarray(rows, dtype=np.float32)
    scales = (np.abs(rows).max(axis=1) / largest + 1e-12).astype(np.float32)  # (N,)
    return np.round(rows / scales[:, None]).astype(np.int8), scales


def restore(numbers, scales, mean=0):
    """The rows (N, d) in float32 that `quantise` or `quantise_vectors` was given, but for the rounding."""
    return numbers.astype(np.float32) * scales[:, None] + mean


def quantise_vectors(Y):
    """int8 numbers (N, d), scales (N,) and the mean (d,) of vectors `Y` (N, d): they lie close together, far from zero.

    What is rounded is the distance from the mean, so that Y ≈ numbers * scales[:, None] + mean.
    """
    mean = np.asarray(Y, dtype=np.float32).mean(axis=0)
    return *quantise(Y - mean), mean


def quantise_encoder(encoder):
    """The state dict of an encoder: matrices as (numbers, scales), vectors as float32 arrays."""
    weights = {name: w.detach().float().cpu().numpy() for name, w in encoder.state_dict().items()}
    largest = {WORDS: LARGEST_OF_WORDS}
    return {name: quantise(w, largest.get(name, LARGEST)) if w.ndim == 2 else w for name, w in weights.items()}


def int8_encoder(encoder):
    """A copy of `encoder` whose matrices hold what their int8 form stands for: what the page computes with, in torch."""
    rounded = copy.deepcopy(encoder).float().cpu().eval()
    weights = {
        name: torch.from_numpy(restore(*w) if isinstance(w, tuple) else w.copy()) for name, w in quantise_encoder(encoder).items()
    }
    rounded.load_state_dict(weights)
    return rounded
