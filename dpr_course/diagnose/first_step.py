"""Recomputes the loss of the first training step exactly, with the same random numbers, to see how the run was trained.

This is possible for two reasons: the weights before the first step are known; and between setting the seed and computing the
first loss, the course's training loop draws random numbers from torch for dropout only. The first batch is encoded again under
several assumptions about the training. An assumption that gives the recorded loss, except for rounding, is taken to be true. A
run with another training loop, seed, device or version of torch matches no assumption, and then nothing is concluded.
"""

import math
from dataclasses import replace

import torch
import torch.nn.functional as F

from dpr_course.diagnose.case import SIDES, backbone_of
from dpr_course.diagnose.replay import STEPS, pair, plan_of, recorded_in, score_matrix, sizes, within
from dpr_course.diagnose.sample import ways_of
from dpr_course.diagnose.ways import OWN
from dpr_course.pipeline.first_token import first_vector

SAME = 2e-5  # largest relative difference of equal losses: more than rounding, far less than another dropout makes
LEAST, MOST = 1e-3, 1e3  # the lowest and the highest temperature to try


def measure_first_step(case):
    """Return a dict with the keys below; {} if the model before training, the training samples or the History are not known.

    recorded     {"loss", "accuracy"} of the first step in the History, the record of the run; accuracy is the share of the
                 questions whose gold passage scores highest
    tried        {assumption: {"loss", "accuracy"}}. The assumptions are "declared" (as the settings say), a number such as "8"
                 (this number of questions shares a softmax), "in order" (the labels are 0, 1, 2, ...), "cosine" (the scores are
                 cosines) and "way NAME" (texts become vectors by the Way of this name, see `ways_of`)
    exact        list of the assumptions of `tried` that give the recorded numbers
    temperatures  list of the numbers T for which the declared scores, after a further division by T, give the recorded
                 numbers; empty unless `exact` is empty
    travel       sum of the learning rates of the first STEPS - 1 steps, about as far as Adam can move a weight in them
    """
    if case.history is None or not case.history.steps or not case.train or case.start is None:
        return {}
    recorded = recorded_in(case.history.steps[:1])
    if not math.isfinite(recorded["loss"]):
        return {}
    travel = sum(s.get("lr", 0.0) for s in case.history.steps[: STEPS - 1])
    samples = plan_of(case)[0]
    ways = {n: w for n, w in ways_of(case).items() if n not in ("exchanged", "the model itself")}
    tried, temperatures = {}, []
    with torch.random.fork_rng():
        for masks in (True, False) if case.masks_copies is None else (case.masks_copies,):
            some = replace(case, masks_copies=masks)
            found, S, gold = _assumptions(some, samples)
            found |= {f"way {name}": pair(*_scores(some, samples, way)[:2]) for name, way in ways.items()}
            if "pooling cls" in ways and not _same(recorded, found["way pooling cls"]):
                found["way pooling cls"] = pair(*_scores(replace(some, start=FirstVectors(case.start)), samples)[:2])
            if not any(_same(recorded, v) for v in tried.values()):
                tried = found
            temperatures += _temperatures(recorded, S, gold)
    exact = [name for name, value in tried.items() if _same(recorded, value)]
    tried = {name: {"loss": a, "accuracy": b} for name, (a, b) in tried.items()}
    return {"recorded": recorded, "tried": tried, "exact": exact, "temperatures": [] if exact else temperatures, "travel": travel}


class FirstVectors(torch.nn.Module):
    """A retriever that consists of the two backbones of `model` and makes [CLS] vectors as `dpr-course train` does.

    The function `first_vector` computes the last layer at the first token only. Dropout then draws fewer random numbers than in
    the whole layer, so a model that computes the whole layer would not give the recorded loss.
    """

    def __init__(self, model):
        super().__init__()
        self.query_encoder, self.passage_encoder = (backbone_of(model, side) for side in SIDES)

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        """Return the vectors X (B, d) of the questions and Y (N, d) of the passages. X is None without Q, and Y without P."""
        X = None if Q is None else first_vector(self.query_encoder, Q, Q_mask)  # (B, d)
        return X, None if P is None else first_vector(self.passage_encoder, P, P_mask)  # (N, d)


def _scores(case, samples, way=OWN):
    """Return what `score_matrix` returns for the first batch and the untrained model, with the dropout of the first step."""
    torch.manual_seed(case.settings.seed)
    return score_matrix(case, case.start, samples, way)


def _assumptions(case, samples):
    """Return three results for the first batch: {assumption: (loss, accuracy)}, the scores S (B, N), and gold (B,).

    gold holds the column in S of each question's gold passage. Texts become vectors as in the run's own evaluation; other Ways
    of making vectors are not among these assumptions.
    """
    S, gold, owner, X, Y = _scores(case, samples)
    B, N = S.shape
    found = {"declared": pair(S, gold)} | {str(b): within(S, gold, owner, b) for b in sizes(B)[:-1]}
    if N > B:
        found["in order"] = pair(S, torch.arange(B))
    found["cosine"] = pair(F.normalize(X, dim=1) @ F.normalize(Y, dim=1).T, gold)
    return found, S, gold


def _same(recorded, value):
    loss, right = value
    if abs(recorded["loss"] - loss) > SAME * max(abs(loss), 0.1):
        return False
    return recorded["accuracy"] is None or abs(recorded["accuracy"] - right) < 1e-6


def _temperatures(recorded, S, gold):
    """Return a list of the temperatures T for which the scores S (B, N), divided by T, give the recorded loss.

    A temperature does not change the accuracy. So the list is empty if S does not give the recorded accuracy, or if none was
    recorded.
    """
    if recorded["accuracy"] is None or abs(pair(S, gold)[1] - recorded["accuracy"]) > 1e-6:
        return []

    def above(log_T):
        return pair(S / math.exp(log_T), gold)[0] - recorded["loss"]

    marks = [math.log(LEAST) + i * math.log(MOST / LEAST) / 140 for i in range(141)]
    found = []
    for low, high in zip(marks, marks[1:]):  # the loss falls with the temperature and may rise again, so there can be two
        if (above(low) > 0) != (above(high) > 0):
            for _ in range(40):
                middle = (low + high) / 2
                low, high = (middle, high) if (above(middle) > 0) == (above(low) > 0) else (low, middle)
            found.append(math.exp(low))
    return [T for T in found if _same(recorded, pair(S / T, gold))]
