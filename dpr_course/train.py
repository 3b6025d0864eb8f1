"""The training loop. It knows nothing about retrieval: the batch and the loss are handed in."""

import copy
import math
import random
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from dpr_course.files import replacing
from dpr_course.pipeline.distributed import gather, joint, on_first, rank, sum_gradients, world
from dpr_course.pipeline.large_batch import CachedLoss
from dpr_course.runtime import device_of, mixed_precision, progress, set_seed


@dataclass
class History:
    """What happened in training. `steps` has one dict a step, `epochs` one dict an epoch."""

    steps: list = field(default_factory=list)  # step, epoch, loss, accuracy (share of the batch), lr
    epochs: list = field(default_factory=list)  # epoch, step, score (what `evaluate` returned)
    best_epoch: int = 0  # 0: no evaluation, the last weights were kept


def batches(samples, batch_size, rng):
    """Shuffled batches of nearly equal size, none larger than `batch_size`.

    A small last batch would have few negatives and a wild gradient, so the samples are spread evenly.
    """
    order = list(samples)
    rng.shuffle(order)
    n = -(-len(order) // batch_size)
    bounds = [round(i * len(order) / n) for i in range(n + 1)]
    return [order[a:b] for a, b in zip(bounds, bounds[1:])]


def adamw(model, learning_rate, weight_decay):
    """AdamW in two groups: matrices decay; biases and layer norms, which are vectors, do not.

    Parameters that two encoders share are listed once. (Loshchilov and Hutter 2019.)
    """
    matrices = [p for p in model.parameters() if p.requires_grad and p.ndim > 1]
    vectors = [p for p in model.parameters() if p.requires_grad and p.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    # Fused: all weights in one pass, three times faster on a CPU; not every version has it for Apple's MPS.
    return torch.optim.AdamW(groups, lr=learning_rate, fused=device_of(model).type != "mps")


def linear_schedule(optimizer, num_steps, warmup=0.1):
    """The rate rises linearly over the first `warmup` share of the steps, then falls linearly to zero."""
    rise = max(1, round(warmup * num_steps))

    def factor(step):
        return (step + 1) / rise if step < rise else (num_steps - step) / max(1, num_steps - rise)

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


class WholeLoss:
    """`loss_fn` over a batch that fits into memory; in a run of several processes each encodes its rows of it."""

    def __init__(self, loss_fn):
        self.loss_fn = loss_fn

    def backward(self, model, batch):
        """Add the gradient of the loss to the model's. Returns loss and num_correct, without a graph."""
        with mixed_precision(device_of(model)):
            loss, num_correct = self.loss_fn(joint(model), batch)
        loss.backward()
        sum_gradients(model)
        return loss.detach(), num_correct


def train(
    model, samples, collate, loss_fn, *, epochs, batch_size, learning_rate, weight_decay=0.01, warmup=0.1,
    max_grad_norm=1.0, seed=0, evaluate=None, optimizer=None, max_tokens=None, desc="training", checkpoint=None,
):  # fmt: skip
    """Train `model` in place and return a History.

    samples      list of anything that `collate` understands
    collate      list of samples -> batch, a tuple of tensors (moved to the model's device here)
    loss_fn      (model, batch) -> loss, number of questions whose best passage in the batch is the gold one
    epochs       passes over the samples; each is shuffled anew from `seed`
    batch_size   questions in a batch, at most
    warmup       share of the steps in which the learning rate rises
    max_grad_norm  gradients are scaled down to this norm
    evaluate     model -> score, higher is better, called after each epoch on a development split that is
                 not the one you report; the best weights are put back at the end. Without it, the last stay.
    optimizer    used in place of AdamW with `learning_rate` and `weight_decay`
    max_tokens   with gradient cache: no more than so many tokens, padding included, under one graph
    checkpoint   file that keeps the state after each epoch; if it is there, training goes on from it and ends as if it
                 had never stopped. It must be of the same run: name it after whatever shapes the run.

    In a run of several processes (dpr_course.pipeline.distributed) every rank calls this alike: it encodes its rows of each batch,
    and all ranks take the same steps. The first alone evaluates and writes.
    """
    if not samples:
        raise ValueError("nothing to train on: the list of samples is empty")
    set_seed(seed)
    torch.manual_seed(seed + 1_000_003 * rank())  # the ranks hold different rows: their dropout differs too
    rng = random.Random(seed)
    device = device_of(model)
    plan = [(epoch, batch) for epoch in range(1, epochs + 1) for batch in batches(samples, batch_size, rng)]
    optimizer = optimizer or adamw(model, learning_rate, weight_decay)
    schedule = linear_schedule(optimizer, len(plan), warmup)
    objective = CachedLoss(loss_fn, max_tokens) if max_tokens else WholeLoss(loss_fn)
    history, best, best_score, done = History(), None, float("-inf"), 0
    if checkpoint and Path(checkpoint).exists():
        kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
        for part, state in zip((model, optimizer, schedule), kept["states"]):
            part.load_state_dict(state)
        if len(kept["rng"]) != world():
            raise ValueError(f"{checkpoint} is of a run in {len(kept['rng'])} processes, this one has {world()}: start as many")
        torch.set_rng_state(kept["rng"][rank()])
        history, best, best_score, done = (
            History(**kept["history"]),
            kept["best"],
            kept["best_score"],
            len(kept["history"]["steps"]),
        )

    bar = progress(plan[done:], desc=desc, unit="step", initial=done, total=len(plan))
    for step, (epoch, chosen) in enumerate(bar, done + 1):
        model.train()
        batch = tuple(t.to(device) for t in collate(chosen))
        optimizer.zero_grad(set_to_none=True)
        loss, num_correct = objective.backward(model, batch)
        if not torch.isfinite(loss):
            raise FloatingPointError(f"the loss is {loss.item()} at step {step}: lower the learning rate, or look at the scores")
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_grad_norm)
        rate = schedule.get_last_lr()[0]
        optimizer.step()
        schedule.step()
        history.steps.append(
            {"step": step, "epoch": epoch, "loss": loss.item(), "accuracy": int(num_correct) / len(chosen), "lr": rate}
        )
        bar.set_postfix(epoch=f"{epoch}/{epochs}", loss=f"{loss.item():.2f}", refresh=False)
        last_of_epoch = step == len(plan) or plan[step][0] != epoch
        if evaluate and last_of_epoch:
            score = on_first(lambda: float(evaluate(model)))
            if math.isnan(score):
                raise FloatingPointError(f"`evaluate` returned {score} after epoch {epoch}: no epoch can be chosen by it")
            history.epochs.append({"epoch": epoch, "step": step, "score": score})
            bar.set_postfix(epoch=f"{epoch}/{epochs}", loss=f"{loss.item():.2f}", dev=f"{score:.1f}")
            if score >= best_score:  # of equals, the later one
                # A deep copy: state_dict() alone would go on changing with the model.
                best, best_score, history.best_epoch = copy.deepcopy(model.state_dict()), score, epoch
        if checkpoint and last_of_epoch:
            states = [s.cpu() for s in gather(torch.get_rng_state().to(device))]
            kept = {"history": asdict(history), "best": best, "best_score": best_score, "rng": states}
            if rank() == 0:
                with replacing(checkpoint) as part:
                    torch.save({**kept, "states": [p.state_dict() for p in (model, optimizer, schedule)]}, part)
    if best is not None:
        model.load_state_dict(best)
    model.eval()
    return history
