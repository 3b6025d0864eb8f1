"""Training of a retriever on a reader's scores of passages (Izacard and Grave 2021)."""

from dpr_course.pipeline import distributed
from dpr_course.reader.distill import distillation_loss, in_batch_distillation_loss, tensorize_candidates
from dpr_course.reader.lessons import step_plan
from dpr_course.train import train


def fit_pupil(model, samples, options, checkpoint=None):
    """Train the Retriever `model` in place on samples whose "ctxs", equally many each, have a "score". Returns the History.

    options: batch_size, total_steps, warmup_steps, lr, weight_decay, seed, in_batch and eval_every, as
    `dpr-course distill --help` describes them.
    """
    o = options
    plan = step_plan(samples, o["batch_size"], o["total_steps"], o["eval_every"], o["seed"])
    return train(
        model, samples, lambda chosen: tensorize_candidates(chosen, model.tokenizer, model.max_length),
        in_batch_distillation_loss if o["in_batch"] else distillation_loss, plan=plan, learning_rate=o["lr"],
        weight_decay=o["weight_decay"], warmup=min(1.0, o["warmup_steps"] / len(plan)), seed=o["seed"], desc="retriever",
        objective=distributed.JointLoss, ranks=distributed, checkpoint=checkpoint,
    )  # fmt: skip
