"""The functions that run the milestones of stages 03 to 08.

A milestone's function takes two arguments: `own`, the student's code as {name: function or class} (see
dpr_course.milestones.student_code), and a seed. It returns a Result. All functions use the toy data. R@1 is measured in percent
on the 1,000 validation questions.
"""

import functools

import numpy as np
import torch

from dpr_course.bm25 import bm25_candidates
from dpr_course.data import gold_passages, hold_out
from dpr_course.embed import embed_passages, embed_questions
from dpr_course.milestones.entry import Result
from dpr_course.runtime import best_device, set_seed
from dpr_course.track import get_track
from dpr_course.train import train

SHARDS, DEPTH = 8, 100
BATCH, CHUNK = 128, 8  # questions in a batch, with one passage each; texts in one graph


@functools.cache
def world():
    """Return (toy track, its tokenizer, training samples, validation samples, passages)."""
    track = get_track("toy")
    return track, track.load_tokenizer(), *track.load_data()


def search(own, model, samples, passages, k):
    _, tokenizer, *_ = world()
    X, Y = embed_questions(model, samples, tokenizer), embed_passages(model, passages, tokenizer)  # (B, d), (N, d)
    return own["get_topk_candidates"](X, Y, samples, passages, k)


def recall(own, candidates, k=1):
    return float(own["topk_retrieval_accuracy"](candidates, (k,))[k])


def fitted(own, samples, seed, use_hard_negative, held_out):
    """Return a dual encoder made of the student's classes and trained as in stages 04 and 05, as for the recorded results.

    samples            samples to train on
    use_hard_negative  whether the batches contain the samples' hard negatives
    held_out           (samples not held out, held-out samples), as `hold_out` returns; R@5 of the held-out questions chooses
                       the best epoch
    """
    track, _, train_samples, *_ = world()
    fit_samples, dev_samples = held_out
    dev_passages = gold_passages(dev_samples + fit_samples[:150])
    model = own["make_dual_encoder"]().to(best_device())
    train(
        model, samples, lambda batch: own["tensorize_contrastive"](batch, use_hard_negative), own["get_masked_contrastive_loss"],
        epochs=track.epochs, batch_size=track.batch_size, learning_rate=track.learning_rate, seed=seed,
        evaluate=lambda m: recall(own, search(own, m, dev_samples, dev_passages, 5), 5),
    )  # fmt: skip
    return model


def bm25(own, seed):
    *_, samples, passages = world()
    return Result(recall(own, bm25_candidates(samples, passages)))


def dual_encoder(own, seed):
    *_, train_samples, samples, passages = world()
    held_out = hold_out(train_samples, 50)
    model = fitted(own, held_out[0], seed, False, held_out)
    return Result(recall(own, search(own, model, samples, passages, 1)))


def hard_negatives(own, seed):
    *_, train_samples, samples, passages = world()
    held_out = hold_out(train_samples, 50)
    first = fitted(own, held_out[0], seed, False, held_out)
    pool = gold_passages(held_out[0])
    mined = own["mine_hard_negatives"](held_out[0], search(own, first, held_out[0], pool, 20), pool)
    second = fitted(own, mined, seed, True, held_out)
    before, after = (recall(own, search(own, m, samples, passages, 1)) for m in (first, second))
    return Result(after, f"without hard negatives, with the same seed: {before:.1f}")


def vectors(own):
    """Return the vectors of the validation questions (B, d) and all passages (N, d), by the student's untrained model."""
    _, tokenizer, _, samples, passages = world()
    model = own["make_dual_encoder"]().to(best_device()).eval()
    return embed_questions(model, samples, tokenizer).cpu(), embed_passages(model, passages, tokenizer).cpu()


def index(own, seed, ef_search=64):
    from dpr_course.pipeline.index import PassageIndex

    X, Y = vectors(own)
    flat, graph = PassageIndex.build(Y, range(len(Y))), PassageIndex.build(Y, range(len(Y)), "hnsw", ef_search=ef_search)
    return Result(float(own["index_recall"](graph.search(X, 10)[1], flat.search(X, 10)[1])))


def large_batch(own, seed):
    _, _, train_samples, *_ = world()
    set_seed(seed)
    model, most = own["make_dual_encoder"]().eval(), 0
    batch, loss_fn = own["tensorize_contrastive"](train_samples[:BATCH]), own["get_in_batch_contrastive_loss"]

    def count(module, arguments, named):
        nonlocal most
        if torch.is_grad_enabled():
            most = max(most, len((*arguments, *named.values())[0]))

    def gradient():
        g = torch.cat([p.grad.flatten() for p in model.parameters()])
        model.zero_grad()
        return g

    loss_fn(model, batch)[0].backward()
    whole = gradient()
    for side in {model.query_encoder, model.passage_encoder}:
        side.register_forward_pre_hook(count, with_kwargs=True)
    own["gradient_cache_step"](model, batch, loss_fn, CHUNK)
    difference = float((gradient() - whole).norm() / whole.norm())
    told = f"relative difference from the gradient of the whole batch: {difference:.0e}"
    return Result(2 * BATCH / most if difference < 1e-3 else 0.0, told)


def shards(own, seed):
    from dpr_course.pipeline.exact_search import search
    from dpr_course.pipeline.shards import shard_bounds

    X, Y = (v.numpy() for v in vectors(own))
    found = []
    for i in range(SHARDS):
        a, b = shard_bounds(len(Y), i, SHARDS)
        scores, rows = search(X, Y[a:b], DEPTH)
        found.append((scores, rows + a))
    merged, whole = own["merge_shards"](found, DEPTH)[1], search(X, Y, DEPTH)[1]
    same = [len(set(a) & set(b)) / DEPTH for a, b in zip(np.asarray(merged).tolist(), whole.tolist())]
    return Result(100 * sum(same) / len(same))
