"""Trains the course's retrievers with several random seeds and records R@1: `python -m autograder bands` (`make bands`).

R@1 (recall at 1) is the percentage of questions whose gold passage is ranked first. A recipe is one way to train a retriever, for
example with hard negatives. All recipes of stages 04 to 06 have the same batch size and number of steps. With the same seed, all
recipes have the same order of samples and the same dropout, so that two recipes can be compared seed by seed.

The result is written to a file after every seed. If the command is interrupted and run again, it continues where it stopped.
"""

import hashlib
import json
import os
import platform
from dataclasses import asdict

import torch
import transformers
from tqdm import tqdm

from autograder.stages.source import load_reference
from dpr_course.bands import BANDS, paired_gain
from dpr_course.data import gold_passages, hold_out
from dpr_course.embed import embed_passages, embed_questions
from dpr_course.encoders import TOY_ENCODER
from dpr_course.files import replacing
from dpr_course.quiet import quiet
from dpr_course.reader.model import TOY_READER
from dpr_course.runtime import best_device
from dpr_course.track import get_track
from dpr_course.train import train

HELD_OUT = 50  # number of training questions held out to choose the best epoch, as in stages 04 and 05


class Recipes:
    """The data for the recipes of stages 04 to 06, and methods that train with the course's reference solutions."""

    def __init__(self):
        self.ref = load_reference()
        self.track = get_track()
        train_samples, self.val, self.passages = self.track.load_data()
        self.fit, self.dev = hold_out(train_samples, HELD_OUT)
        self.dev_passages = gold_passages(self.dev + self.fit[:150])
        self.pool = gold_passages(self.fit)
        self.tokenizer = self.track.load_tokenizer()

    def search(self, model, samples, passages, k):
        X = embed_questions(model, samples, self.tokenizer)
        Y = embed_passages(model, passages, self.tokenizer)
        return self.ref["get_topk_candidates"](X, Y, samples, passages, k)

    def recall(self, model, samples, passages, k):
        return self.ref["topk_retrieval_accuracy"](self.search(model, samples, passages, k), (k,))[k]

    def fitted(self, samples, seed, hard=False, tied=False, temperature=1.0, epochs=None, model=None):
        """Train a dual encoder on `samples` with the contrastive loss (NCE) of the course, and return it.

        hard: whether the samples' hard negatives are used; tied: whether both encoders share their weights; temperature: number
        by which the scores are divided; epochs: number of epochs, or None for the course's usual number; model: a model to train
        further (the model itself is changed), or None for a new model.
        """
        model = model or self.ref["make_dual_encoder"](tie_encoders=tied).to(best_device())

        def loss_fn(model, batch):
            def cooled(*inputs):
                return tuple(v / temperature**0.5 for v in model(*inputs))

            return self.ref["get_masked_contrastive_loss"](cooled, batch)

        train(
            model, samples, lambda b: self.ref["tensorize_contrastive"](b, hard), loss_fn,
            epochs=epochs or self.track.epochs, batch_size=self.track.batch_size,
            learning_rate=self.track.learning_rate, seed=seed, evaluate=lambda m: self.recall(m, self.dev, self.dev_passages, 5),
        )  # fmt: skip
        return model

    def mine(self, model):
        """Return the training samples with mined hard negatives, as in stage 05.

        For each sample, `model` ranks the gold passages of all training questions. Among the 20 best passages, the first that
        contains no answer to the sample's question becomes the hard negative. If all 20 contain one, the sample gets none.
        """
        return self.ref["mine_hard_negatives"](self.fit, self.search(model, self.fit, self.pool, 20), self.pool)

    def one_seed(self, seed):
        """Train every recipe with one seed. Return {name of the recipe: R@1 on the validation questions, in percent}."""
        nce = self.fitted(self.fit, seed)
        models = {
            "nce": nce,
            "nce_hard": self.fitted(self.mine(nce), seed, hard=True),
            "tied": self.fitted(self.fit, seed, tied=True),
            "temperature 2": self.fitted(self.fit, seed, temperature=2.0),
        }
        return {name: round(self.recall(m, self.val, self.passages, 1), 2) for name, m in models.items()}


def run_bands(num_seeds, distilled_seeds=5):
    """Train all recipes with several seeds and record their R@1 in dpr_course/assets/bands.json.

    The recipes of stages 04 to 06 are trained with the seeds 0 to num_seeds - 1, those of stage 10 (distillation) with the
    seeds 0 to distilled_seeds - 1. Earlier values are kept only if the settings, the encoder's weights and the versions of
    Python and the libraries have not changed. For stage 10, the reader's weights must not have changed either.
    """
    from autograder.authoring import distilled

    os.environ["DPR_NO_PROGRESS"] = "1"
    quiet()
    recipes = Recipes()
    settings = asdict(recipes.track) | {"held_out": HELD_OUT, "encoder_sha256": encoder_hash()}
    versions = {
        "python": platform.python_version(),
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
    }
    content = {"generator": "python -m autograder bands", "versions": versions, "settings": settings, "seeds": 0, "recall_at_1": {}}
    if BANDS.exists():
        old = json.loads(BANDS.read_text(encoding="utf-8"))
        if all(old.get(k) == content[k] for k in ("versions", "settings")):
            content = old
    record(BANDS, content["recall_at_1"], content, recipes.one_seed, num_seeds)
    content["seeds"] = max(num_seeds, content["seeds"])
    if content.get("reader_sha256") != (reader := weights_hash(TOY_READER)):
        content |= {"reader_sha256": reader, "distillation": {}}
    found = content["distillation"]
    record(BANDS, found, content, lambda seed: distilled.one_seed(recipes, seed), distilled_seeds)
    print_means({**content["recall_at_1"], **found})
    print("NCE + hard minus NCE:", paired_gain(content["recall_at_1"]))


def record(path, found, content, one_seed, num_seeds):
    """Compute the results of the seeds that `found` lacks, up to seed num_seeds - 1, and append them to the lists in `found`.

    path      file to which `content` is written as JSON after each seed
    found     {name: list with one percentage per seed}; a name is that of a recipe, or a dose (see dose.py)
    content   dictionary that contains `found`
    one_seed  function that takes a seed and returns {name: percentage}
    """
    for seed in tqdm(range(min(map(len, found.values()), default=0), num_seeds), desc=path.stem, unit="seed"):
        for name, value in one_seed(seed).items():
            found.setdefault(name, []).append(value)
        with replacing(path) as part:
            part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def print_means(found):
    """Print one line per name in `found`, {name: list with one percentage per seed}: the name, the mean and the values."""
    for name, values in found.items():
        print(f"{name:<20} {sum(values) / len(values):6.2f}   {' '.join(f'{v:.1f}' for v in values)}")


def encoder_hash():
    """Return the SHA-256 of the weights of the course's small encoder. If the weights change, all R@1 must be recorded again."""
    return weights_hash(TOY_ENCODER)


def weights_hash(folder):
    """Return the SHA-256, in hexadecimal, of the file model.safetensors in `folder`."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
