"""Exact match, the measure of readers: is the answer, put in plain form, one of the right ones?"""

import re
import string

PUNCTUATION = str.maketrans("", "", string.punctuation)
ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalize_answer(text):
    """The plain form of an answer (Rajpurkar et al. 2016): small letters, no ASCII punctuation, no articles, single spaces.

    The steps come in this order, so "A.N. Other" is "an other" first and then "other".
    """
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def exact_match(prediction, answers):
    """True if `prediction` and one of `answers` have the same plain form. TypeError if answers is a single string.

    Fusion-in-Decoder's rule: also an answer whose plain form is empty matches, if the prediction's is.
    """
    if isinstance(answers, str):
        raise TypeError("exact_match(prediction, answers) takes a list of answers; a string would be read letter by letter")
    return any(normalize_answer(prediction) == normalize_answer(answer) for answer in answers)


def exact_match_rate(predictions, samples):
    """Percentage of `samples` whose prediction matches one of its "answers". ValueError if the lengths differ."""
    if len(predictions) != len(samples) or not samples:
        raise ValueError(
            f"{len(predictions)} predictions for {len(samples)} samples; one prediction a sample is needed, and a sample"
        )
    return 100 * sum(exact_match(p, s["answers"]) for p, s in zip(predictions, samples)) / len(samples)
