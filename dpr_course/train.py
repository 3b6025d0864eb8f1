"""The training loop. It is not specific to retrieval: the caller passes the functions that make batches and compute the loss."""

import copy
import math
import random
from dataclasses import dataclass, field

import torch

from dpr_course.runtime import device_of, mixed_precision, progress, set_seed


@dataclass
class History:
    """The record of a training run. `steps` has one dict per step, `epochs` one dict per epoch."""

    steps: list = field(default_factory=list)  # step, epoch, loss, accuracy (share of the batch), lr
    epochs: list = field(default_factory=list)  # epoch, step, score (what `evaluate` returned)
    best_epoch: int = 0  # 0: no evaluation, the last weights were kept


def batches(samples, batch_size, rng):
    """Shuffle the samples with `rng`, a random.Random, and return a list of batches, none larger than `batch_size`.

    The batches have nearly equal sizes, because a small last batch would have few negatives and a noisy gradient.
    """
    order = list(samples)
    rng.shuffle(order)
    n = -(-len(order) // batch_size)
    bounds = [round(i * len(order) / n) for i in range(n + 1)]
    return [order[a:b] for a, b in zip(bounds, bounds[1:])]


def adamw(model, learning_rate, weight_decay):
    """Return AdamW (Loshchilov and Hutter 2019) with two groups of parameters.

    Matrices have weight decay. Biases and layer norms, which are vectors, have no weight decay. A parameter that two encoders
    share is in the groups only once.
    """
    matrices = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    vectors = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    # `fused` updates all weights in one pass, three times as fast on a CPU. Not every version of torch has it for Apple's MPS.
    return torch.optim.AdamW(groups, lr=learning_rate, fused=device_of(model).type != "mps")


def linear_schedule(optimizer, num_steps, warmup=0.1):
    """Return a torch schedule that raises the learning rate linearly and then lowers it linearly to zero.

    The learning rate rises in the first `warmup * num_steps` of the `num_steps` steps; `warmup` is between 0 and 1.
    """
    rise = max(1, round(warmup * num_steps))

    def factor(step):
        return (step + 1) / rise if step < rise else (num_steps - step) / max(1, num_steps - rise)

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


class WholeLoss:
    """The default `objective` of `train`, which calls `loss_fn` on the whole batch. The batch must fit into memory."""

    def __init__(self, loss_fn):
        self.loss_fn = loss_fn

    def backward(self, model, batch):
        """Add the gradient of the batch's loss to the gradients of the model. Returns (loss, num_correct), without a graph."""
        with mixed_precision(device_of(model)):
            loss, num_correct = self.loss_fn(model, batch)
        loss.backward()
        return loss.detach(), num_correct


class OneProcess:
    """The default `ranks` of `train`: a run in one process, whose rank (number) is 0. `on_first` returns `function()`."""

    @staticmethod
    def rank():
        return 0

    @staticmethod
    def on_first(function):
        return function()


@dataclass
class Progress:
    """What `train` remembers between steps. Together with the states of model, optimizer and schedule, it lets a run continue."""

    history: History = field(default_factory=History)
    best: dict | None = None  # the weights of the best epoch
    best_score: float = float("-inf")


def train(
    model, samples, collate, loss_fn, *, epochs=1, batch_size=1, learning_rate, weight_decay=0.01, warmup=0.1, max_grad_norm=1.0,
    seed=0, evaluate=None, optimizer=None, desc="training", objective=WholeLoss, ranks=OneProcess, checkpoint=None, plan=None,
):  # fmt: skip
    """Train `model` in place and return a History.

    samples      list of anything that `collate` accepts
    collate      list of samples -> batch, a tuple of tensors, which `train` moves to the model's device
    loss_fn      (model, batch) -> (loss, number of questions whose best passage in the batch is the gold one)
    epochs       number of passes over the samples, each in a new random order that depends on `seed`
    batch_size   largest number of samples per batch
    warmup       share of the steps, 0 to 1, in which the learning rate rises
    max_grad_norm  a gradient with a larger norm is scaled down to this norm
    evaluate     model -> score, higher is better; called after each epoch. Use a development split other than the data that you
                 report. At the end the model gets the weights of the best epoch; without `evaluate` it keeps its last weights.
    optimizer    replaces the default, which is AdamW with `learning_rate` and `weight_decay`
    objective    function loss_fn -> object whose method `backward(model, batch)` adds a batch's gradient to the model's; for
                 batches larger than memory see pipeline.large_batch, for several processes pipeline.distributed
    ranks        in a run of several processes (ranks), the module pipeline.distributed. Every rank calls `train` in the same
                 way and takes the same steps; only the first rank evaluates.
    checkpoint   a pipeline.checkpoint.Checkpoint, which saves the state after each epoch. A run that was stopped continues from
                 the saved state and ends as if it had never been stopped.
    plan         list of (number of the epoch, samples of one batch), used in place of `epochs` and `batch_size`. Consecutive
                 batches with the same number form an epoch, after which the model is evaluated and the state is saved.
    """
    if not samples:
        raise ValueError("there is nothing to train on: the list of samples is empty")
    set_seed(seed)
    torch.manual_seed(seed + 1_000_003 * ranks.rank())  # the ranks encode different rows, so their dropout must differ too
    rng = random.Random(seed)
    plan = plan or [(epoch, batch) for epoch in range(1, epochs + 1) for batch in batches(samples, batch_size, rng)]
    optimizer = optimizer or adamw(model, learning_rate, weight_decay)
    schedule = linear_schedule(optimizer, len(plan), warmup)
    objective, parts, done = objective(loss_fn), (model, optimizer, schedule), Progress()
    if checkpoint:
        done = checkpoint.load(parts) or done
    history = done.history
    bar = progress(plan[len(history.steps) :], desc=desc, unit="step", initial=len(history.steps), total=len(plan))
    for step, (epoch, chosen) in enumerate(bar, len(history.steps) + 1):
        record = {"step": step, "epoch": epoch, **_take_step(parts, collate(chosen), objective, max_grad_norm, step)}
        record["accuracy"] /= len(chosen)
        history.steps.append(record)
        shown = {"epoch": f"{epoch}/{plan[-1][0]}", "loss": f"{record['loss']:.2f}"}
        bar.set_postfix(**shown, refresh=False)
        if step == len(plan) or plan[step][0] != epoch:
            if evaluate:
                _evaluate(model, done, ranks.on_first(lambda: float(evaluate(model))), epoch, step)
                bar.set_postfix(**shown, dev=f"{history.epochs[-1]['score']:.1f}")
            if checkpoint:
                checkpoint.save(parts, done)
    if done.best is not None:
        model.load_state_dict(done.best)
    model.eval()
    return history


def _take_step(parts, batch, objective, max_grad_norm, step):
    """Take one training step on one batch. Returns {"loss", "accuracy", "lr"}; "accuracy" is a count, not yet a share.

    `parts` is (model, optimizer, schedule). Raises FloatingPointError if the loss is not finite.
    """
    model, optimizer, schedule = parts
    model.train()
    batch = tuple(t.to(device_of(model)) for t in batch)
    optimizer.zero_grad(set_to_none=True)
    loss, num_correct = objective.backward(model, batch)
    if not torch.isfinite(loss):
        raise FloatingPointError(f"the loss is {loss.item()} at step {step}: lower the learning rate, or inspect the scores")
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_grad_norm)
    rate = schedule.get_last_lr()[0]
    optimizer.step()
    schedule.step()
    return {"loss": loss.item(), "accuracy": int(num_correct), "lr": rate}


def _evaluate(model, done, score, epoch, step):
    """Record an epoch's score in `done`, a Progress. Keep the model's weights there unless an earlier score was higher."""
    if math.isnan(score):
        raise FloatingPointError(
            f"`evaluate` returned {score} after epoch {epoch}, which is not a number by which an epoch could be chosen"
        )
    done.history.epochs.append({"epoch": epoch, "step": step, "score": score})
    if score >= done.best_score:  # of equally good epochs, the later one is kept
        # A deep copy, because the tensors of state_dict() would change with the model.
        done.best, done.best_score, done.history.best_epoch = copy.deepcopy(model.state_dict()), score, epoch
