"""Code that two kinds of training share: the training of a reader, and the training of a retriever on a reader's scores.

The code makes the plan, which lists the batches of all steps, and manages the folder of a run and its checkpoint.
"""

import json
import random
from dataclasses import asdict
from pathlib import Path

from dpr_course.pipeline.checkpoint import Checkpoint
from dpr_course.pipeline.vectors import digest
from dpr_course.records import DataError
from dpr_course.train import batches


def steps(samples, batch_size, options):
    """Return keyword arguments for `train`, as a dict: plan, warmup, learning_rate, weight_decay and seed.

    `options` has total_steps (None: one pass over the samples), warmup_steps (None: a tenth of the steps), lr, weight_decay,
    seed and eval_every. The plan is a list with one pair (number of the epoch, samples of the batch) per step. Each pass over the
    samples has a new random order. An epoch of the plan is not a pass, but a series of eval_every steps, after which `train` saves
    its state.
    """
    o, rng, plan = options, random.Random(options["seed"]), []
    while len(plan) < (o["total_steps"] or 1):
        plan += batches(samples, batch_size, rng)
    plan = [(1 + i // o["eval_every"], batch) for i, batch in enumerate(plan[: o["total_steps"]])]
    warmup = 0.1 if o["warmup_steps"] is None else min(1.0, o["warmup_steps"] / len(plan))
    return dict(plan=plan, warmup=warmup, learning_rate=o["lr"], weight_decay=o["weight_decay"], seed=o["seed"])


def source_of(model, samples, options):
    """Return a digest of everything that determines a run: the starting weights of `model`, the samples and the options."""
    weights = [part.detach().cpu().numpy() for part in model.state_dict().values()]
    return digest(*weights, json.dumps(samples), json.dumps(options, sort_keys=True))


class RunFolder:
    """The folder of a training run, which is written once the run is complete, and a checkpoint file beside this folder.

    A stopped run continues from the checkpoint.

    out     path of the folder
    record  name of the JSON file in the folder that identifies the run by its digest
    source  digest of the run, see `source_of`
    """

    def __init__(self, out, record, source):
        self.out, self.record, self.source = Path(out), record, source
        self.checkpoint = Checkpoint(self.out.parent / f".{self.out.name}.{source[:12]}.checkpoint")

    def is_done(self):
        """Return whether the folder already holds the result of exactly this run, and print a message if it does.

        Print another message if the folder is missing or empty, but a checkpoint exists from which the run can continue. Raises
        DataError if the folder holds anything else.
        """
        path = self.out / self.record
        if not self.out.exists() or (self.out.is_dir() and not any(self.out.iterdir())):
            if self.checkpoint.path.exists():
                print(f"going on from the last checkpoint of a run that was stopped ({self.checkpoint.path})")
            return False
        try:
            same = json.loads(path.read_text(encoding="utf-8"))["source"] == self.source
        except (OSError, ValueError, LookupError, TypeError):
            same = False
        if not same:
            raise DataError(f"{self.out}: there is something else here, and it is left alone; choose another folder with --out")
        print(f"{self.out} holds this very run already; remove the folder to train again")
        return True

    @staticmethod
    def best_step(history):
        """Return the number of the step whose weights were kept: the step with the best score or, without scores, the last."""
        return next((e["step"] for e in history.epochs if e["epoch"] == history.best_epoch), len(history.steps))

    def extras(self, options, history):
        """Return the files to write into the folder beside the model, as {file name: text}."""
        about = {"source": self.source, "options": options, "best_step": self.best_step(history)}
        texts = {self.record: about, "history.json": asdict(history)}
        return {name: json.dumps(content, indent=1) + "\n" for name, content in texts.items()}
