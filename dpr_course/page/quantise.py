"""Rounds weights and vectors to int8: each row of a matrix is stored as int8 numbers and one scale, by which they are multiplied."""

import copy

import numpy as np
import torch

LARGEST = 127
# Word embeddings take up most of the file. They are rounded to 7 bits (-63 to 63), which does not change R@k.
WORDS, LARGEST_OF_WORDS = "embeddings.word_embeddings.weight", 63


def quantise(rows, largest=LARGEST):
    """Return (int8 numbers (N, d), float32 scales (N,)) for `rows` (N, d), so that rows ≈ numbers * scales[:, None].

    The number with the largest absolute value in a row becomes `largest` or -`largest`. The error of any other number is at
    most half of the row's scale.
    """
    rows = np.asarray(rows, dtype=np.float32)
    scales = (np.abs(rows).max(axis=1) / largest + 1e-12).astype(np.float32)  # (N,)
    return np.round(rows / scales[:, None]).astype(np.int8), scales


def restore(numbers, scales, mean=0):
    """Return the rounded input of `quantise` or `quantise_vectors`: numbers * scales[:, None] + mean, (N, d) float32."""
    return numbers.astype(np.float32) * scales[:, None] + mean


def quantise_vectors(Y):
    """Return (int8 numbers (N, d), scales (N,), mean (d,)) for `Y` (N, d), so that Y ≈ numbers * scales[:, None] + mean.

    The differences from the mean are rounded, because the vectors lie close together and far from zero.
    """
    mean = np.asarray(Y, dtype=np.float32).mean(axis=0)
    return *quantise(Y - mean), mean


def quantise_encoder(encoder):
    """Return an encoder's state dict as {name: value}: (int8 numbers, scales) for a matrix, a float32 array for a vector."""
    weights = {name: w.detach().float().cpu().numpy() for name, w in encoder.state_dict().items()}
    largest = {WORDS: LARGEST_OF_WORDS}
    return {name: quantise(w, largest.get(name, LARGEST)) if w.ndim == 2 else w for name, w in weights.items()}


def int8_encoder(encoder):
    """Return a copy of `encoder` with its matrices rounded as on the page, so that torch computes what the page computes."""
    rounded = copy.deepcopy(encoder).float().cpu().eval()
    weights = {
        name: torch.from_numpy(restore(*w) if isinstance(w, tuple) else w.copy()) for name, w in quantise_encoder(encoder).items()
    }
    rounded.load_state_dict(weights)
    return rounded
