"""Measures the History of the training: the loss at its start and end, how it changed, and how far the weights could move."""

import math

QUESTIONS = 48  # a loss is averaged over about this many questions, because the mean of fewer depends on luck


def measure_training(case):
    """Return measures of the History; {} if there is none.

    steps, epochs   number of steps, and of epochs
    per_epoch       mean number of questions per step
    first           mean loss of the first steps: as many as hold 48 questions, but at most a quarter of all, and at least 3
    last            mean loss of the last tenth of the steps, or of as many steps as in `first` if that is more
    lowest, highest   lowest and highest mean loss of as many consecutive steps as in `first`
    first_accuracy, last_accuracy   mean share of the questions whose gold scores highest, in the steps of `first` and `last`
    finite          whether all losses are finite
    travel          sum of the learning rates, about as far as Adam can move a weight
    highest_rate    the largest learning rate
    passages        number of passages in a question's softmax, computed from the declared batch size and hard negatives
    chance          ln of `passages`: the loss of a model that guesses
    scores          list with the score of each epoch
    best_score      the score of the epoch whose weights were kept
    """
    if case.history is None or not case.history.steps:
        return {}
    steps = case.history.steps
    losses = [s["loss"] for s in steps]
    finite = all(map(math.isfinite, losses))
    few = min(max(3, round(QUESTIONS / (case.settings.batch_size or QUESTIONS))), max(3, len(losses) // 4))
    tail = max(few, len(losses) // 10)
    smooth = [_mean(losses[i : i + few]) for i in range(max(1, len(losses) - few + 1))]
    epochs = max((s.get("epoch", 1) for s in steps), default=1)
    passages = negatives_of(case)
    rates = [s["lr"] for s in steps if "lr" in s]
    right = [s["accuracy"] for s in steps if "accuracy" in s]
    scores = [e["score"] for e in case.history.epochs]
    best = next((e["score"] for e in case.history.epochs if e["epoch"] == case.history.best_epoch), None)
    return {
        "steps": len(steps),
        "epochs": epochs,
        "per_epoch": len(case.train) * epochs / len(steps) if case.train else None,
        "first": _mean(losses[:few]),
        "last": _mean(losses[-tail:]),
        "lowest": min(smooth),
        "highest": max(smooth),
        "first_accuracy": _mean(right[:few]) if right else None,
        "last_accuracy": _mean(right[-tail:]) if right else None,
        "finite": finite,
        "travel": sum(rates) if rates else None,
        "highest_rate": max(rates) if rates else case.settings.learning_rate,
        "passages": passages,
        "chance": math.log(passages) if passages else None,
        "scores": scores,
        "best_score": best,
    }


def negatives_of(case):
    """Return how many passages should be in the softmax of a question, its gold included; None if the batch size is not known.

    The number need not be whole: if only some samples have a hard negative, it is a mean.
    """
    B = case.settings.batch_size
    if B is None:
        return None
    B = min(B, len(case.train) or B)
    hard = case.settings.hard
    if hard is None or hard:
        share = sum("hard_negative" in s for s in case.train) / max(1, len(case.train))
        hard = share if hard is None else (share or 1.0 if hard else 0)
    return B + B * float(hard or 0)


def _mean(values):
    return sum(values) / max(1, len(values))
