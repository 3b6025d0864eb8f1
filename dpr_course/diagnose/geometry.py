"""Measures the shape of the vectors: collapse, anisotropy, alignment and uniformity, and the scale of the scores."""

import math

import torch
import torch.nn.functional as F

from dpr_course.diagnose.ways import scores

TEMPERATURES = [2 ** (i / 2) for i in range(-24, 17)]  # divisors of the scores that are tried, 0.0002 to 256


def measure_geometry(sample):
    """Return the shape of the sample's vectors.

    cosine, cosine_centred   mean cosine of two passages, before and after their mean is subtracted
    spread                   distance of a passage from the mean of all, as a share of its own length: 0 if all are one vector
    rank                     effective rank of the centred passages (Roy and Vetterli 2007): exp of the entropy of the singular values
    question_spread, question_rank   the same for the questions
    alignment, uniformity    of the unit vectors (Wang and Isola 2020): lower is better for both
    norm                     median length of a passage's vector; norm_variation: standard deviation of the length divided by its mean
    dimensions               the number d
    finite                   whether all numbers are finite
    """
    X, Y = (v.double() for v in sample.vectors())  # (B, d), (N, d)
    if not (torch.isfinite(X).all() and torch.isfinite(Y).all()):
        return {"finite": False}
    Xn, Yn = F.normalize(X, dim=1), F.normalize(Y, dim=1)
    centred = Y - Y.mean(0)  # (N, d)
    norms = Y.norm(dim=1)  # (N,)
    close = (Xn - Yn[sample.gold]).norm(dim=1).square().mean()
    return {
        "finite": True,
        "cosine": _off_diagonal(Yn @ Yn.T),
        "cosine_centred": _off_diagonal(F.normalize(centred, dim=1) @ F.normalize(centred, dim=1).T),
        "spread": float((centred.norm(dim=1) / norms.clamp(min=1e-30)).median()),
        "rank": effective_rank(centred),
        "question_spread": float(((X - X.mean(0)).norm(dim=1) / X.norm(dim=1).clamp(min=1e-30)).median()),
        "question_rank": effective_rank(X - X.mean(0)),
        "alignment": float(close),
        "uniformity": float(torch.pdist(Yn).square().mul(-2).exp().mean().clamp(min=1e-300).log()),
        "norm": float(norms.median()),
        "norm_variation": float(norms.std() / norms.mean().clamp(min=1e-30)),
        "dimensions": Y.shape[1],
    }


def effective_rank(A):
    """Return exp of the entropy of the normalised singular values of A (N, d): 1 for one direction, d for equal ones."""
    s = torch.linalg.svdvals(A)
    p = s / s.sum().clamp(min=1e-30)
    return float(torch.exp(-(p * p.clamp(min=1e-30).log()).sum()))


def measure_scale(sample, batch_size=32):
    """Return how the scores fit a softmax over `batch_size` passages, each question's gold among others of the sample.

    loss, chance        cross-entropy at the loss's own temperature, and ln of the number of passages
    entropy             mean entropy of the softmax, as a share of ln N
    deviation           mean standard deviation of a question's scores
    best_temperature    the divisor of the scores, relative to the loss's own, with the lowest cross-entropy, which is best_loss
    accuracy            percent of the questions whose gold scores highest among them
    """
    case = sample.case
    X, Y = (v.double() for v in sample.vectors())
    gold, generator = sample.gold, torch.Generator().manual_seed(0)
    N = min(batch_size, len(Y) - 1)
    S = scores(X, Y, case.score) / case.settings.temperature  # (B, all)
    noise = torch.rand(S.shape, generator=generator)  # (B, all)
    noise[torch.arange(len(S)), gold] = -1
    columns = noise.argsort(dim=1)[:, :N]  # (B, N), the gold first
    S = S.gather(1, columns)  # (B, N)
    target = torch.zeros(len(S), dtype=torch.long)
    if not torch.isfinite(S).all():
        return {}
    losses = {T: float(F.cross_entropy(S / T, target)) for T in TEMPERATURES}
    best = min(losses, key=losses.get)
    P = S.softmax(1)
    return {
        "passages": N,
        "loss": float(F.cross_entropy(S, target)),
        "chance": math.log(N),
        "entropy": float(-(P * P.clamp(min=1e-30).log()).sum(1).mean() / math.log(N)),
        "deviation": float(S.std(1).mean()),
        "best_temperature": best,
        "best_loss": losses[best],
        "accuracy": 100 * float((S[:, 0] > S[:, 1:].max(1).values).double().mean()),
    }


def _off_diagonal(C):
    """Return the mean of a square matrix without its diagonal."""
    n = len(C)
    return float((C.sum() - C.diagonal().sum()) / max(1, n * (n - 1)))
