"""The program that tests/pipeline/test_distributed.py starts as two processes. Rank 0 saves the results to the path argv[1]."""

import sys
from functools import partial

import torch
import torch.nn.functional as F
from tiny_dual import TinyDual, tiny_batch

from dpr_course.pipeline import distributed
from dpr_course.pipeline.distributed import JointLoss, gather, joint, leave, process_group, rank, sum_gradients, world
from dpr_course.pipeline.large_batch import CachedLoss
from dpr_course.train import train


def in_batch_loss(model, batch):
    X, Y = model(*batch[:4])
    S = X @ Y.T
    return F.cross_entropy(S, batch[4]), (S.argmax(1) == batch[4]).sum()


def trained(max_tokens=None, tied=False):
    """Train a tiny dual encoder for a few steps without dropout. Returns ({name: weights}, list of losses).

    max_tokens: if given, the gradient cache is used, with pieces of at most this number of tokens. tied: one encoder for both
    sides.
    """
    batch = tiny_batch(5, 21, {2, 3})

    def collate(chosen):
        rows = batch[4][chosen]
        return batch[0][chosen], batch[1][chosen], batch[2][rows], batch[3][rows], torch.arange(len(chosen))

    model = TinyDual(tied)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    objective = partial(CachedLoss, max_tokens=max_tokens) if max_tokens else JointLoss
    history = train(
        model, list(range(21)), collate, in_batch_loss, epochs=2, batch_size=8, learning_rate=0.1, max_grad_norm=0.5,
        optimizer=optimizer, objective=objective, ranks=distributed,
    )  # fmt: skip
    return {n: p.detach() for n, p in model.named_parameters()}, [s["loss"] for s in history.steps]


def main(target):
    with process_group():
        out = {"world": world(), "gathered": gather(torch.arange(3 + 2 * rank()).float()[:, None] + 10 * rank())}
        for kind in ("plain", "cached"):
            model, batch = TinyDual(dropout=0.3).train(), tiny_batch(3, 9, {0, 1, 4})  # 9 questions, 12 passages
            torch.manual_seed(100 + rank())
            if kind == "plain":
                loss, _ = in_batch_loss(joint(model), batch)
                loss.backward()
                sum_gradients(model)
            else:
                # one piece per side, so random numbers are drawn as above
                loss, _ = CachedLoss(in_batch_loss, 1000).backward(model, batch)
            out[kind] = loss.item(), model.gradients()
        out["trained"], out["trained_cached"] = trained(), trained(max_tokens=30, tied=True)
        try:
            joint(model)(*(t[:1] for t in batch[:4]))
        except ValueError as e:
            out["error"] = str(e)
        if rank() == 0:
            torch.save(out, target)


if __name__ == "__main__":
    main(sys.argv[1])
    leave()
