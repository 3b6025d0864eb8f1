"""Trains a retriever, the pupil, on a reader's scores of passages (Izacard and Grave 2021)."""

from dpr_course.pipeline import distributed
from dpr_course.reader.distill import distillation_loss, in_batch_distillation_loss, tensorize_candidates
from dpr_course.reader.lessons import steps
from dpr_course.train import train


def fit_pupil(model, samples, options, checkpoint=None):
    """Train the Retriever `model` in place on a reader's scores, and return the History of all steps.

    samples     samples with the same number of passages in "ctxs", each passage with a "score"
    options     dict with batch_size, total_steps, warmup_steps, lr, weight_decay, seed, in_batch and eval_every, as
                `dpr-course distill --help` describes them
    checkpoint  a Checkpoint from which a stopped run continues
    """
    loss = in_batch_distillation_loss if options["in_batch"] else distillation_loss
    return train(
        model, samples, lambda chosen: tensorize_candidates(chosen, model.tokenizer, model.max_length), loss,
        **steps(samples, options["batch_size"], options), desc="retriever", objective=distributed.JointLoss, ranks=distributed,
        checkpoint=checkpoint,
    )  # fmt: skip
