"""Trains a reader on questions with their passages."""

import functools

import torch

from dpr_course.encoders import save_tokenizer
from dpr_course.files import replacing
from dpr_course.pipeline import distributed
from dpr_course.pipeline.distributed import gather, own_rows, sum_gradients
from dpr_course.reader.batch import reader_batch
from dpr_course.reader.fusion import fused_loss
from dpr_course.reader.lessons import steps
from dpr_course.reader.model import checkpoint_layers, keep_layers
from dpr_course.runtime import mixed_precision
from dpr_course.train import train


def answer_loss(model, batch):
    """Return the loss of a batch (ids, mask, labels), and the number of answers in which every token has the highest logit."""
    ids, mask, labels = batch
    loss, logits = fused_loss(model, ids, mask, labels)
    return loss, ((logits.argmax(2) == labels) | (labels == -100)).all(1).sum()


class SplitLoss:
    """Computes the loss of one training step a few questions at a time, in one or several processes (gradient accumulation).

    loss_fn  (model, (ids, mask, labels)) -> mean loss over the tokens of the labels, number of right answers
    at_once  number of questions that a process reads at a time

    The loss is the mean over all answer tokens of the step: the loss of each part is weighted by the part's number of tokens.
    """

    def __init__(self, loss_fn, at_once):
        self.loss_fn, self.at_once = loss_fn, at_once

    def backward(self, model, batch):
        """Set the model's gradients, which must be zero or None before, to those of the step's loss.

        The batch is (ids, mask, labels): ids and mask (B, n, L), labels (B, T). Returns the loss and the number of right answers.
        """
        device, own = batch[0].device, [part[own_rows(len(part))] for part in batch]
        # Each process counts the tokens of its own rows only, because the processes may have drawn different answers for a row.
        tokens = torch.cat(gather((own[2] != -100).sum().view(1))).sum()
        told = torch.zeros(1, 2, device=device)
        for ids, mask, labels in zip(*(part.split(self.at_once) for part in own)):
            longest = int(mask.sum(2).max())
            with mixed_precision(device):
                loss, num_correct = self.loss_fn(model, (ids[..., :longest], mask[..., :longest], labels))
            share = loss * (labels != -100).sum() / tokens
            share.backward()
            told += torch.stack([share.detach().float(), num_correct.float()])
        sum_gradients(model)
        return torch.cat(gather(told)).sum(0).unbind()


def drawn_target(sample):
    """Return the sample with a "target". If the sample has none, one of its answers, drawn at random, becomes the target.

    The random number comes from torch's generator, because the state of this generator is part of a checkpoint.
    """
    if "target" in sample:
        return sample
    answers = [a for a in sample["answers"] if a.strip()]
    return {**sample, "target": answers[torch.randint(len(answers), ()).item()]}


def fit_reader(tokenizer, model, samples, options, checkpoint=None, evaluate=None):
    """Train the reader `model` in place on samples with passages in "ctxs", and return the History of all steps.

    options     dict with n_context, text_maxlength, answer_maxlength, batch_size, accumulation, total_steps, warmup_steps, lr,
                weight_decay, seed, use_checkpoint and eval_every, as `dpr-course read-train --help` describes them
    checkpoint  a Checkpoint from which a stopped run continues
    evaluate    function model -> score, higher is better, called every eval_every steps; the best weights are kept
    """

    def collate(chosen):
        chosen = [drawn_target(s) for s in chosen]
        return reader_batch(tokenizer, chosen, options["n_context"], options["text_maxlength"], options["answer_maxlength"])

    at_once, gathered = options["batch_size"], options["batch_size"] * options["accumulation"]
    if options["use_checkpoint"]:
        checkpoint_layers(model)
    try:
        return train(
            model, samples, collate, answer_loss, **steps(samples, gathered, options), evaluate=evaluate, desc="reader",
            objective=functools.partial(SplitLoss, at_once=at_once), ranks=distributed, checkpoint=checkpoint,
        )  # fmt: skip
    finally:
        if options["use_checkpoint"]:
            keep_layers(model)  # otherwise the saved reader would decode slowly


def save_reader_folder(folder, tokenizer, model, extras):
    """Write a reader and its tokenizer to `folder` with `save_pretrained`, and the files `extras`, {file name: text}, beside them.

    The folder is written completely or not at all.
    """
    with replacing(folder) as part:
        part.mkdir()
        model.save_pretrained(part)
        save_tokenizer(tokenizer, part)
        for name, text in extras.items():
            (part / name).write_text(text, encoding="utf-8")
