"""Records how R@1 falls as more of the hard negatives are false: `python -m autograder dose`.

R@1 (recall at 1) is the percentage of questions whose gold passage is ranked first. A false negative is a passage that is used as
a negative although it answers the question. A dose is the share of false negatives among the hard negatives, in percent. Here a
false negative is a near copy of the question's gold passage: one sentence is missing, but the answer is still there. A knowledge
base holds near copies if it comes from a web crawl, or if texts were cut into overlapping passages. The loss of stage 04 does not
recognise a near copy, since it masks only passages with the same tokens as the gold passage. The other hard negatives are mined
as in stage 05.

All runs with one seed have the same order of samples, the same batches and the same number of steps. The samples that get a
false negative at one dose also get it at every larger dose. The result is written to a file after each seed. If the command is
interrupted and run again, it continues where it stopped.
"""

import json
import os
import random
import re

from autograder.authoring.bands import Recipes, encoder_hash, print_means, record
from dpr_course.dose import DOSE, DOSES
from dpr_course.quiet import quiet
from dpr_course.text import has_answer


def near_copy(passage, answers, rng):
    """Return a copy of a passage (a dict) without one of its sentences, chosen at random by `rng`. The copy's id ends in "-copy".

    If the passage contains one of `answers`, the copy must still contain one. If no sentence can be left out, for example
    because there is only one sentence, the last word is left out instead.
    """
    sentences = re.split(r"(?<=[.!?]) +", passage["text"])
    shorter = [" ".join(sentences[:i] + sentences[i + 1 :]) for i in range(len(sentences))] if len(sentences) > 1 else []
    kept = [text for text in shorter if has_answer(text, answers) or not has_answer(passage["text"], answers)]
    text = rng.choice(kept) if kept else passage["text"].rsplit(" ", 1)[0]
    return {**passage, "id": f"{passage['id']}-copy", "text": text}


def with_false_negatives(mined, share, seed):
    """Return the samples `mined` with some hard negatives replaced by near copies of the sample's gold passage.

    share: fraction of the hard negatives to replace, 0 to 1; seed: determines which hard negatives are replaced.
    """
    rng = random.Random(seed)
    places = [i for i, s in enumerate(mined) if "hard_negative" in s]
    rng.shuffle(places)
    copies = {i: near_copy(mined[i]["gold_context"], mined[i]["answers"], rng) for i in places}
    chosen = set(places[: round(share * len(places))])
    return [{**s, "hard_negative": copies[i]} if i in chosen else s for i, s in enumerate(mined)]


def one_seed(recipes, seed):
    """Train one model per dose with one seed. Return {dose: R@1 on the validation questions, in percent}.

    A dose is the percentage of false negatives, as text: "0", "5", ... recipes: a `bands.Recipes`, which holds the data.
    """
    mined = recipes.mine(recipes.fitted(recipes.fit, seed))
    models = {dose: recipes.fitted(with_false_negatives(mined, dose / 100, seed), seed, hard=True) for dose in DOSES}
    return {str(dose): round(recipes.recall(m, recipes.val, recipes.passages, 1), 2) for dose, m in models.items()}


def run_dose(num_seeds):
    """Train a model for each dose and each of the seeds 0 to num_seeds - 1. Record their R@1 in dpr_course/assets/dose.json."""
    os.environ["DPR_NO_PROGRESS"] = "1"
    quiet()
    recipes = Recipes()
    content = {"generator": "python -m autograder dose", "encoder_sha256": encoder_hash(), "recall_at_1": {}}
    if DOSE.exists() and (old := json.loads(DOSE.read_text(encoding="utf-8")))["encoder_sha256"] == content["encoder_sha256"]:
        content = old
    record(DOSE, content["recall_at_1"], content, lambda seed: one_seed(recipes, seed), num_seeds)
    print_means(content["recall_at_1"])
