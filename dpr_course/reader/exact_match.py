"""Exact match, the measure of readers: whether an answer equals a right one, both in normalised form."""

import re
import string

PUNCTUATION = str.maketrans("", "", string.punctuation)
ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalize_answer(text):
    """Return the normalised form of an answer (Rajpurkar et al. 2016): lower case, no ASCII punctuation or articles, single spaces.

    The steps are taken in this order, so "A.N. Other" becomes "an other" first and then "other".
    """
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def exact_match(prediction, answers):
    """Return True if `prediction` and one of `answers` have the same normalised form. TypeError if answers is a single string.

    As in Fusion-in-Decoder, an answer with an empty normalised form matches a prediction with an empty normalised form.
    """
    if isinstance(answers, str):
        raise TypeError("exact_match(prediction, answers) takes a list of answers; a string would be read letter by letter")
    return any(normalize_answer(prediction) == normalize_answer(answer) for answer in answers)


def exact_match_rate(predictions, samples):
    """Return the percentage of `samples` whose prediction matches one of "answers". ValueError if the lengths differ."""
    if len(predictions) != len(samples) or not samples:
        raise ValueError(
            f"{len(predictions)} predictions for {len(samples)} samples; one prediction per sample is needed, and a sample"
        )
    return 100 * sum(exact_match(p, s["answers"]) for p, s in zip(predictions, samples)) / len(samples)
