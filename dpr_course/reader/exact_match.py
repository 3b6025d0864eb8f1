"""Exact match, the measure of readers: whether an answer equals one of the right answers after both are normalised."""

import re
import string

PUNCTUATION = str.maketrans("", "", string.punctuation)
ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalize_answer(text):
    """Return the normalised form of an answer (Rajpurkar et al. 2016).

    The steps are, in this order: make the text lower case, remove ASCII punctuation, remove the articles a, an and the, and
    reduce white space to single spaces. So "A.N. Other" first becomes "an other" and then "other".
    """
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def exact_match(prediction, answers):
    """Return whether `prediction` and one of `answers` have the same normalised form.

    Two empty forms also count as the same, as in Fusion-in-Decoder. Raises TypeError if `answers` is a single string.
    """
    if isinstance(answers, str):
        raise TypeError("exact_match(prediction, answers) takes a list of answers; a string would be read letter by letter")
    return any(normalize_answer(prediction) == normalize_answer(answer) for answer in answers)


def exact_match_rate(predictions, samples):
    """Return the percentage of `samples` whose prediction matches one of their "answers". predictions[i] belongs to samples[i].

    Raises ValueError if `predictions` and `samples` differ in length, or if there are no samples.
    """
    if len(predictions) != len(samples) or not samples:
        raise ValueError(
            f"{len(predictions)} predictions for {len(samples)} samples; one prediction per sample is needed, and a sample"
        )
    return 100 * sum(exact_match(p, s["answers"]) for p, s in zip(predictions, samples)) / len(samples)
