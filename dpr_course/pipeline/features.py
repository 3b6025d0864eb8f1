"""The features dictionary: a training set as arrays of fixed shape in one file, ready for any accelerator.

Keys and shapes are those of the Cerebras Model Zoo's DPR (n samples, L = max_sequence_length, all int32):

    questions_input_ids, questions_attention_mask, questions_token_type_ids   (n, L)
    ctx_input_ids, ctx_attention_mask, ctx_token_type_ids                     (n, 2, L)  slot 0 positive, slot 1 hard negative
    labels                                                                    (n,)  arange(n) * 2
    context_labels                                                            (n,)  arange(n)

Token ids are padded with 0 on the right; a mask is 1 on tokens and 0 on padding. Token types are 0 for both title and text, as in
DPR's training, although BERT's own convention for a pair is 0 and 1. (DistilBERT has no token types.)
"""

import random
from dataclasses import dataclass

import numpy as np
import torch

from dpr_course.bm25 import bm25_candidates
from dpr_course.data import gold_passages
from dpr_course.errors import CourseError
from dpr_course.pipeline.arrays import load_arrays, save_arrays
from dpr_course.text import has_answer

PARTS = ("input_ids", "attention_mask", "token_type_ids")
NUM_CONTEXT = 2  # passages per sample: one positive, one hard negative
KEYS = (*(f"{side}_{part}" for side in ("questions", "ctx") for part in PARTS), "labels", "context_labels")


class FeaturesError(CourseError):
    """Raised if samples cannot be made into a features dictionary, or if a file does not hold a valid one.

    The message names the sample or the field.
    """


@dataclass
class Conversion:
    """A report on the samples without a hard negative: how many there were, and what was done with them."""

    samples: int  # number of samples in all
    lacking: int  # number of samples without a hard negative
    missing: str  # what was done with them: "drop", "random" or "bm25"

    def __str__(self):
        did = {"drop": "left out", "random": "given a random passage of another sample", "bm25": "given BM25's best wrong passage"}
        told = f": these were {did[self.missing]}" if self.lacking else ""
        return f"{self.samples} samples, {self.lacking} without a hard negative{told}"


MISSING = ("drop", "random", "bm25")


def with_negatives(samples, missing="random", seed=0):
    """Return samples that all have a hard negative, and a Conversion, the report on the samples that had none.

    missing  what to do with a sample without a hard negative:
             "drop" leaves the sample out, as the Model Zoo's converter does;
             "random" and "bm25" add another sample's gold passage, the first that holds no answer to this sample's question;
             "random" goes through the gold passages from a random start (drawn with `seed`), "bm25" in BM25's order, as in DPR.
    """
    if missing not in MISSING:
        raise ValueError(f"missing must be one of {', '.join(MISSING)}, but is {missing!r}")
    lacking = [s for s in samples if "hard_negative" not in s]
    pool, rng = gold_passages(samples), random.Random(seed)
    if missing == "bm25" and lacking:
        orders = iter([c["topk_indices"] for c in bm25_candidates(lacking, pool)])
    else:
        starts = [rng.randrange(len(pool)) for _ in lacking]
        orders = iter([(*range(i, len(pool)), *range(i)) for i in starts])
    kept, report = [], Conversion(len(samples), len(lacking), missing)
    for s in samples:
        if "hard_negative" not in s:
            if missing == "drop":
                continue
            fit = (p for p in map(pool.__getitem__, next(orders)) if p["id"] != s["gold_context"]["id"])
            s = {**s, "hard_negative": next((p for p in fit if not has_answer(p["text"], s["answers"])), None)}
            if s["hard_negative"] is None:
                raise FeaturesError(f"sample {s['id']}: no passage of another sample can serve as its negative")
        kept.append(s)
    if not kept:
        raise FeaturesError(
            f"no sample is left ({report}): give samples with hard negatives, or have them filled in (missing='random' or 'bm25')"
        )
    return kept, report


def make_features(samples, tokenizer, max_sequence_length=100, missing="random", seed=0):
    """Return the features dictionary (NumPy arrays) of `samples`, and a Conversion, the report that `with_negatives` makes.

    `samples` are in the course's format, as `load_samples` and `load_dpr` return them. For `missing` see `with_negatives`.
    """
    samples, report = with_negatives(samples, missing, seed)
    n, L = len(samples), max_sequence_length
    options = dict(padding="max_length", truncation=True, max_length=L, return_tensors="np")
    passages = [p for s in samples for p in (s["gold_context"], s["hard_negative"])]
    sides = {
        "questions": (tokenizer([s["question"] for s in samples], **options), (n, L)),
        "ctx": (tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options), (n, NUM_CONTEXT, L)),
    }
    features = {}
    for side, (encoded, shape) in sides.items():
        mask = encoded["attention_mask"].reshape(shape).astype(np.int32)
        features[f"{side}_input_ids"] = (
            encoded["input_ids"].reshape(shape).astype(np.int32) * mask
        )  # so that padding is 0 whatever the vocabulary
        features[f"{side}_attention_mask"] = mask
        features[f"{side}_token_type_ids"] = np.zeros(shape, np.int32)
    features["labels"] = np.arange(n, dtype=np.int32) * NUM_CONTEXT
    features["context_labels"] = np.arange(n, dtype=np.int32)
    return features, report


def take(features, rows):
    """Return the samples with the indices `rows` as a batch: {key: int32 tensor} with the token ids, masks and token types.

    Columns that are padding in every row are cut off, because they change no vector and cost time. Labels are not included,
    because the stored labels are positions within the whole set, and a batch needs positions within the batch.
    """
    batch = {}
    for side in ("questions", "ctx"):
        T = int(features[f"{side}_attention_mask"][rows].sum(-1).max())  # the longest
        for part in PARTS:
            batch[f"{side}_{part}"] = torch.from_numpy(features[f"{side}_{part}"][rows][..., :T])
    return batch


def save_features(path, features):
    """Write a features dictionary to a `.npz` file, completely or not at all."""
    save_arrays(path, compressed=True, **check_features(features, path))


def load_features(path):
    """Load the features dictionary of a `.npz` file. If a field is not valid, raise FeaturesError, which names the field."""
    return check_features(load_arrays(path, error=FeaturesError), path)


def check_features(features, where):
    """Return `features` unchanged if every field has the right type, shape and values. Otherwise raise FeaturesError.

    The message begins with the text `where`, for example a file name, and names the wrong field.
    """

    def require(ok, key, problem):
        if not ok:
            raise FeaturesError(f"{where}: field {key!r} {problem}")

    for key in KEYS:
        require(key in features, key, "is missing")
    for key in features:
        require(key in KEYS, key, f"is not known; the fields are {', '.join(KEYS)}")
    ids = np.asarray(features["questions_input_ids"])
    require(ids.ndim == 2 and ids.size, "questions_input_ids", f"must have shape (n, L), but has {ids.shape}")
    n, L = ids.shape
    for key in KEYS:
        value = np.asarray(features[key])
        shape = (n,) if key.endswith("labels") else (n, L) if key.startswith("questions") else (n, NUM_CONTEXT, L)
        require(value.dtype == np.int32, key, f"must be int32, but is {value.dtype}")
        require(value.shape == shape, key, f"must have shape {shape}, but has {value.shape}")
    for side in ("questions", "ctx"):
        mask, ids = features[f"{side}_attention_mask"], features[f"{side}_input_ids"]
        right_padded = np.arange(L) < mask.sum(-1, keepdims=True)
        require((mask == right_padded).all(), f"{side}_attention_mask", "must be 1 on the tokens, which come first, then 0")
        require((mask[..., 0] == 1).all(), f"{side}_attention_mask", "has a row without a token")
        require(
            (ids >= 0).all() and (ids[mask == 0] == 0).all(),
            f"{side}_input_ids",
            "must be 0 where the mask is 0, and nowhere negative",
        )
        require((features[f"{side}_token_type_ids"] == 0).all(), f"{side}_token_type_ids", "must be all zeros, as DPR was trained")
    for key, step in (("labels", NUM_CONTEXT), ("context_labels", 1)):
        require((features[key] == np.arange(n) * step).all(), key, f"must be arange(n) * {step}")
    return features
