"""Measures the shape of the vectors: collapse, anisotropy, alignment and uniformity, and the scale of the scores."""

import math

import torch
import torch.nn.functional as F

from dpr_course.diagnose.ways import scores

TEMPERATURES = [2 ** (i / 2) for i in range(-24, 17)]  # divisors of the scores that are tried, 0.0002 to 256


def measure_geometry(sample):
    """Return measures of the shape of the sample's question and passage vectors.

    finite                   whether all numbers are finite; if not, the dict has no other key
    cosine, cosine_centred   mean cosine of two passages, before and after the mean of all passages is subtracted
    spread                   median distance of a passage vector from the mean of all, each distance divided by the vector's
                             length; 0 if all vectors are equal
    rank                     `effective_rank` of the passages after their mean is subtracted (Roy and Vetterli 2007)
    question_spread, question_rank   `spread` and `rank` of the questions
    alignment, uniformity    the measures of Wang and Isola (2020), on vectors scaled to length 1; lower is better for both
    norm                     median length of a passage vector
    norm_variation           standard deviation of the lengths, divided by their mean
    dimensions               the number of dimensions, d
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
    """Return the effective rank of A (N, d): exp of the entropy of its singular values, after division by their sum.

    The result is 1 if all rows lie on one line through 0, and d if all d singular values are equal.
    """
    s = torch.linalg.svdvals(A)
    p = s / s.sum().clamp(min=1e-30)
    return float(torch.exp(-(p * p.clamp(min=1e-30).log()).sum()))


def measure_scale(sample, batch_size=32):
    """Return measures that show whether the scores have the right scale for a softmax.

    The softmax of a question is over its gold passage and other passages, drawn at random from the sample. All scores are
    divided by the temperature of the run's loss.

    passages            number N of passages in the softmax: at most `batch_size`
    loss                cross-entropy of the scores
    chance              ln N, the loss of a model that guesses
    entropy             mean entropy of the softmax, divided by ln N
    deviation           mean standard deviation of a question's scores
    best_temperature    the number in TEMPERATURES that gives the lowest cross-entropy if these scores are divided by it
    best_loss           this lowest cross-entropy
    accuracy            percentage of the questions whose gold scores highest

    Return {} if a score is not finite.
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
    """Return the mean of the entries of a square matrix that are not on its diagonal."""
    n = len(C)
    return float((C.sum() - C.diagonal().sum()) / max(1, n * (n - 1)))
