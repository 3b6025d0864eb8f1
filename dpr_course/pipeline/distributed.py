"""Several processes, one batch: what the ranks of a run tell each other.

A run of one process needs none of this: there are no other ranks, and every function below leaves things as they are.
Started by `launch` (or by `torchrun`), each process is a *rank* that encodes its own slice of every batch; vectors
travel between the ranks, gradients are summed over them.
"""

import contextlib
import os
import subprocess
import sys
import threading

import torch
import torch.distributed as dist

from dpr_course.train import WholeLoss


def rank():
    """The number of this process, from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def world():
    """How many processes there are, W."""
    return dist.get_world_size() if dist.is_initialized() else 1


@contextlib.contextmanager
def process_group():
    """Join the other ranks for the length of a `with` block, if `torchrun` started this process: nccl on GPUs, gloo on CPUs.

    With GPUs, rank r of a machine takes GPU r, and DPR_DEVICE is set so that `best_device` says so.
    """
    if "LOCAL_RANK" not in os.environ or dist.is_initialized():
        yield
        return
    local, gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.is_available() and os.environ.get("DPR_DEVICE") != "cpu"
    if gpus:
        if local >= torch.cuda.device_count():
            raise RuntimeError(f"{os.environ['WORLD_SIZE']} processes, but {torch.cuda.device_count()} GPUs: one process a GPU")
        torch.cuda.set_device(local)
        os.environ["DPR_DEVICE"] = f"cuda:{local}"
    dist.init_process_group("nccl" if gpus else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def launch(nproc, *command):
    """Run `python COMMAND` in `nproc` processes on this machine, under torchrun. Returns the exit status.

    No argument may begin like an option of torchrun's own, such as --nproc.
    """
    run = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(nproc), *map(str, command)]
    threads = {"OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // nproc))}
    return subprocess.run(run, env={**threads, **ranks_environment()}).returncode


def ranks_environment():
    """The environment for torchrun. On Windows torch is built without libuv, and yet asks for it unless told not to."""
    return {**({"USE_LIBUV": "0"} if os.name == "nt" else {}), **os.environ}


def gather(tensor):
    """The `tensor` (n_r, ...) of every rank, as a list in rank order. The number of rows may differ.

    What comes back has no graph: gradients do not travel between processes.
    """
    if world() == 1:
        return [tensor.detach().clone()]
    own = tensor.detach().contiguous()
    sizes = [torch.zeros(1, dtype=torch.long, device=own.device) for _ in range(world())]
    dist.all_gather(sizes, torch.tensor([len(own)], device=own.device))
    longest = int(max(sizes))  # gloo and nccl want equal shapes
    padded = torch.cat([own, own.new_zeros(longest - len(own), *own.shape[1:])])
    gathered = [torch.empty_like(padded) for _ in range(world())]
    dist.all_gather(gathered, padded)
    return [block[: int(n)] for block, n in zip(gathered, sizes)]


def on_first(function):
    """What `function()` returns on rank 0, which alone runs it, on every rank. The result must be picklable."""
    if world() == 1:
        return function()
    result = [function() if rank() == 0 else None]
    dist.broadcast_object_list(result, src=0)
    return result[0]


def own_rows(n):
    """The slice of a batch of `n` rows that this rank encodes; the slices of all ranks make up the batch, in order."""
    if n < world():
        raise ValueError(f"a batch of {n} rows cannot be spread over {world()} processes: use fewer, or a larger batch")
    return slice(rank() * n // world(), (rank() + 1) * n // world())


def all_rows(own):
    """The rows (n, d) of every rank, one below the other; those of this rank, `own`, keep their graph."""
    if world() == 1:
        return own
    blocks = gather(own)
    blocks[rank()] = own
    return torch.cat(blocks)


def joint(model):
    """`model` as seen by a loss over the joint batch: each rank encodes its slice, and all vectors come back.

    The result takes and returns what the model does. A gradient reaches the parameters through this rank's rows only,
    so gradients must be *summed* over the ranks (`sum_gradients`).
    """
    if world() == 1:
        return model

    def encode(Q, Q_mask, P, P_mask):
        q, p = own_rows(len(Q)), own_rows(len(P))
        X, Y = model(Q[q], Q_mask[q], P[p], P_mask[p])  # (B / W, d), (N / W, d)
        return all_rows(X), all_rows(Y)

    return encode


def sum_gradients(model):
    """Replace each gradient by its sum over the ranks.

    DistributedDataParallel would average, and so be W times too small for a loss over the joint batch.
    """
    if world() == 1:
        return
    for p in model.parameters():
        if p.requires_grad:
            p.grad = torch.zeros_like(p) if p.grad is None else p.grad
            dist.all_reduce(p.grad)


class JointLoss(WholeLoss):
    """The objective of a batch that is spread over the ranks: each encodes its rows, the loss is over all of them."""

    def __init__(self, loss_fn):
        super().__init__(lambda model, batch: loss_fn(joint(model), batch))

    def backward(self, model, batch):
        """Add the gradient over the joint batch to the model's, on every rank. Returns loss and num_correct, without a graph."""
        result = super().backward(model, batch)
        sum_gradients(model)
        return result


def simulate(function, world_size):
    """Run `function(rank, gather)` for every rank at once, in threads of one process. Returns the list of results.

    `gather` works like the real one. An exception on any rank ends all of them and is raised here.
    """
    barrier, board, results, errors = threading.Barrier(world_size), [None] * world_size, [None] * world_size, []

    def exchange(r, tensor):
        board[r] = tensor.detach().clone()
        barrier.wait(timeout=10)
        seen = [t.clone() for t in board]
        barrier.wait(timeout=10)  # nobody writes again before all have read
        return seen

    def run(r):
        try:
            results[r] = function(r, lambda tensor: exchange(r, tensor))
        except threading.BrokenBarrierError:
            errors.append(RuntimeError("a rank waited in vain: do all ranks gather equally often?"))
        except BaseException as e:
            errors.insert(0, e)  # before those of the ranks that wait for this one
            barrier.abort()

    threads = [threading.Thread(target=run, args=(r,), daemon=True) for r in range(world_size)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]
    return results
