"""Rounds weights and vectors to int8. Each row of a matrix has one scale; a number is approximated by an int8 times this scale."""

import copy

import numpy as np
import torch

LARGEST = 127
# Word embeddings, which are most of the file, get 7 bits. R@k stays the same.
WORDS, LARGEST_OF_WORDS = "embeddings.word_embeddings.weight", 63


def quantise(rows, largest=LARGEST):
    """Return int8 numbers (N, d) and float32 scales (N,) of `rows` (N, d), so that rows ≈ numbers * scales[:, None].

    The number of a row with the largest absolute value becomes `largest` or its negative. The error of any other number is at
    most half a scale.
    """
    rows = np.asarray(rows, dtype=np.float32)
    scales = (np.abs(rows).max(axis=1) / largest + 1e-12).astype(np.float32)  # (N,)
    return np.round(rows / scales[:, None]).astype(np.int8), scales


def restore(numbers, scales, mean=0):
    """Return the rows (N, d), in float32, that `quantise` or `quantise_vectors` was given, except for the rounding."""
    return numbers.astype(np.float32) * scales[:, None] + mean


def quantise_vectors(Y):
    """Return int8 numbers (N, d), scales (N,) and the mean (d,) of vectors `Y` (N, d).

    The vectors are close together and far from zero, so their differences from the mean are rounded. It holds that
    Y ≈ numbers * scales[:, None] + mean.
    """
    mean = np.asarray(Y, dtype=np.float32).mean(axis=0)
    return *quantise(Y - mean), mean


def quantise_encoder(encoder):
    """Return the state dict of an encoder with matrices as (numbers, scales) and vectors as float32 arrays."""
    weights = {name: w.detach().float().cpu().numpy() for name, w in encoder.state_dict().items()}
    largest = {WORDS: LARGEST_OF_WORDS}
    return {name: quantise(w, largest.get(name, LARGEST)) if w.ndim == 2 else w for name, w in weights.items()}


def int8_encoder(encoder):
    """Return a copy of `encoder` whose matrices are rounded as on the page. It computes in torch what the page computes."""
    rounded = copy.deepcopy(encoder).float().cpu().eval()
    weights = {
        name: torch.from_numpy(restore(*w) if isinstance(w, tuple) else w.copy()) for name, w in quantise_encoder(encoder).items()
    }
    rounded.load_state_dict(weights)
    return rounded
