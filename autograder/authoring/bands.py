"""Train the course's recipes over several seeds and record R@1: `python -m autograder bands` (`make bands`).

All recipes have the same batch size and number of steps. A seed fixes the order of the samples and the dropout in the same
way for every recipe, so that the recipes can be compared in pairs, seed by seed.
The result is written after every seed; if the command is run again, it continues where it stopped.
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

HELD_OUT = 50  # training questions on which the best epoch is chosen, as in stages 04 and 05


class Recipes:
    """The training recipes of stages 04 to 06, put together from the reference solutions."""

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
        """Return a model trained by NCE, a new one or `model`, which is trained further."""
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
        """Add mined hard negatives to the training samples, from the gold passages of the training questions, as in stage 05."""
        return self.ref["mine_hard_negatives"](self.fit, self.search(model, self.fit, self.pool, 20), self.pool)

    def one_seed(self, seed):
        """Train every recipe with one seed. Return its R@1 on the validation questions: `{name: percent}`."""
        nce = self.fitted(self.fit, seed)
        models = {
            "nce": nce,
            "nce_hard": self.fitted(self.mine(nce), seed, hard=True),
            "tied": self.fitted(self.fit, seed, tied=True),
            "temperature 2": self.fitted(self.fit, seed, temperature=2.0),
        }
        return {name: round(self.recall(m, self.val, self.passages, 1), 2) for name, m in models.items()}


def run_bands(num_seeds, distilled_seeds=5):
    """Record R@1 in dpr_course/assets/bands.json, over seeds 0 to num_seeds - 1 and for distillation 0 to distilled_seeds - 1."""
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
    """Add the results of the seeds that are missing in `found`, {name: list over seeds}. Write `content` to `path` after each seed.

    one_seed: takes a seed and returns one number per name, in percent.
    """
    for seed in tqdm(range(min(map(len, found.values()), default=0), num_seeds), desc=path.stem, unit="seed"):
        for name, value in one_seed(seed).items():
            found.setdefault(name, []).append(value)
        with replacing(path) as part:
            part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def print_means(found):
    """Print the mean over seeds of each name of `found`, and the values of the seeds."""
    for name, values in found.items():
        print(f"{name:<20} {sum(values) / len(values):6.2f}   {' '.join(f'{v:.1f}' for v in values)}")


def encoder_hash():
    """Return the sha256 of the toy encoder's weights. If it changes, the bands must be recorded again."""
    return weights_hash(TOY_ENCODER)


def weights_hash(folder):
    """Return the sha256 of the weights in a folder of the assets."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
