"""Training in several processes: the functions with which the processes share the work on every batch.

Each process that `launch` (or `torchrun`) starts is called a *rank*. A rank encodes its own slice of every batch. Then the
ranks exchange their vectors and sum their gradients. In a run of one process, the functions work without communication.
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
    """Return the number of this process among the processes of the run, counted from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def world():
    """Return W, the number of processes of the run."""
    return dist.get_world_size() if dist.is_initialized() else 1


@contextlib.contextmanager
def process_group():
    """Connect this process to the other ranks for the duration of a `with` block. Without `torchrun`, do nothing.

    On a machine with GPUs, rank r uses GPU r (backend nccl), and DPR_DEVICE is set so that `best_device` returns this GPU. Without
    GPUs, or if DPR_DEVICE is "cpu", the ranks use the CPU (backend gloo). Raises RuntimeError if there are more ranks than GPUs.
    """
    if "LOCAL_RANK" not in os.environ or dist.is_initialized():
        yield
        return
    local, gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.is_available() and os.environ.get("DPR_DEVICE") != "cpu"
    if gpus:
        if local >= torch.cuda.device_count():
            raise RuntimeError(
                f"{os.environ['WORLD_SIZE']} processes, but {torch.cuda.device_count()} GPUs: start at most one process per GPU"
            )
        torch.cuda.set_device(local)
        os.environ["DPR_DEVICE"] = f"cuda:{local}"
    dist.init_process_group("nccl" if gpus else "gloo")
    try:
        yield
    finally:
        dist.destroy_process_group()


def leave():
    """End this process with exit status 0 and without Python's clean-up. Call it last in a program that torchrun starts.

    During the clean-up, threads of torch may still run, and sometimes such a thread aborts the process with the message
    "terminate called without an active exception" (in 1 of 14 runs of two processes on a busy machine, torch 2.13). torchrun
    then reports a failure and stops the other processes, although all work was done.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def launch(nproc, *command):
    """Run `python *command` in `nproc` processes on this machine, under torchrun. Returns the exit status.

    No argument in `command` may look like an abbreviation of several of torchrun's options: torchrun would refuse --nproc, for example.
    """
    run = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(nproc), *map(str, command)]
    threads = {"OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // nproc))}
    return subprocess.run(run, env={**threads, **ranks_environment()}).returncode


def ranks_environment():
    """Return the environment variables for torchrun: those of this process and, on Windows, USE_LIBUV=0.

    torch has no libuv on Windows. A value of USE_LIBUV that is already set is kept.
    """
    return {**({"USE_LIBUV": "0"} if os.name == "nt" else {}), **os.environ}


def gather(tensor):
    """Return a list with the `tensor` of every rank, in rank order.

    Rank r passes a tensor of shape (n_r, ...); the numbers of rows n_r may differ. The returned tensors have no autograd graph,
    since gradients do not flow between processes.
    """
    if world() == 1:
        return [tensor.detach().clone()]
    own = tensor.detach().contiguous()
    sizes = [torch.zeros(1, dtype=torch.long, device=own.device) for _ in range(world())]
    dist.all_gather(sizes, torch.tensor([len(own)], device=own.device))
    longest = int(max(sizes))  # gloo and nccl need equal shapes, so shorter tensors are padded
    padded = torch.cat([own, own.new_zeros(longest - len(own), *own.shape[1:])])
    gathered = [torch.empty_like(padded) for _ in range(world())]
    dist.all_gather(gathered, padded)
    return [block[: int(n)] for block, n in zip(gathered, sizes)]


def on_first(function):
    """Run `function()` on rank 0 only and return its result on every rank. The result must be picklable."""
    if world() == 1:
        return function()
    result = [function() if rank() == 0 else None]
    dist.broadcast_object_list(result, src=0)
    return result[0]


def collect(items):
    """Return the items of all ranks' lists as one list, in rank order, on every rank. The items must be picklable."""
    if world() == 1:
        return list(items)
    lists = [None] * world()
    dist.all_gather_object(lists, list(items))
    return [item for part in lists for item in part]


@contextlib.contextmanager
def first_speaks():
    """Within a `with` block, discard the standard output of every rank except rank 0."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere if rank() else sys.stdout):
        yield


def own_rows(n):
    """Return the slice of a batch of `n` rows that this rank encodes. The slices of all ranks together cover the batch.

    Raises ValueError if there are fewer rows than ranks.
    """
    if n < world():
        raise ValueError(f"a batch of {n} rows cannot be spread over {world()} processes: use fewer processes or a larger batch")
    return slice(rank() * n // world(), (rank() + 1) * n // world())


def all_rows(own):
    """Return the rows of all ranks, concatenated in rank order, (n, d). `own` (n_r, d) holds the rows of this rank.

    In the result, the rows of this rank keep their autograd graph; the rows of other ranks have no graph.
    """
    if world() == 1:
        return own
    blocks = gather(own)
    blocks[rank()] = own
    return torch.cat(blocks)


def joint(model):
    """Return a function that is called like `model` and returns the vectors of the whole batch, encoded by all ranks together.

    Each rank calls the function with the whole batch and encodes its own slice; the ranks exchange the vectors. On each rank,
    gradients reach the parameters only through that rank's rows, so they must be *summed* over the ranks (`sum_gradients`).
    """
    if world() == 1:
        return model

    def encode(Q, Q_mask, P, P_mask):
        q, p = own_rows(len(Q)), own_rows(len(P))
        X, Y = model(Q[q], Q_mask[q], P[p], P_mask[p])  # (B / W, d), (N / W, d)
        return all_rows(X), all_rows(Y)

    return encode


def sum_gradients(model):
    """Replace the gradient of each parameter of `model` by the sum of the gradients that the W ranks have for this parameter.

    DistributedDataParallel would average them, but for a loss over the whole batch the average is W times too small.
    """
    if world() == 1:
        return
    for p in model.parameters():
        if p.requires_grad:
            p.grad = torch.zeros_like(p) if p.grad is None else p.grad
            dist.all_reduce(p.grad)


class JointLoss(WholeLoss):
    """The loss over a batch that is spread over the ranks.

    Each rank encodes its own rows of the batch; the loss covers the rows of all ranks.
    """

    def __init__(self, loss_fn):
        super().__init__(lambda model, batch: loss_fn(joint(model), batch))

    def backward(self, model, batch):
        """Set the model's gradients, which must be zero or None before, to those of the whole batch's loss, on every rank.

        Returns the loss and num_correct, the number of questions whose gold passage scores highest.
        """
        result = super().backward(model, batch)
        sum_gradients(model)
        return result


def simulate(function, world_size):
    """Run `function(rank, gather)` for each rank from 0 to `world_size` - 1, all at the same time, in threads of this process.

    Returns the list of results, in rank order. The argument `gather` works like this module's function `gather`. An exception
    in one thread ends all threads and is raised by `simulate`.
    """
    # In a forked process, the first call of torch makes a new pool of threads. This must not happen in several threads at once.
    torch.set_num_threads(torch.get_num_threads())
    barrier, board, results, errors = threading.Barrier(world_size), [None] * world_size, [None] * world_size, []

    def exchange(r, tensor):
        board[r] = tensor.detach().clone()
        barrier.wait(timeout=10)
        seen = [t.clone() for t in board]
        barrier.wait(timeout=10)  # so that no rank writes again before all ranks have read
        return seen

    def run(r):
        try:
            results[r] = function(r, lambda tensor: exchange(r, tensor))
        except threading.BrokenBarrierError:
            errors.append(RuntimeError("a rank waited for the others in vain: do all ranks call gather the same number of times?"))
        except BaseException as e:
            errors.insert(0, e)  # placed before the errors of the ranks that wait for this one
            barrier.abort()

    threads = [threading.Thread(target=run, args=(r,), daemon=True) for r in range(world_size)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]
    return results
