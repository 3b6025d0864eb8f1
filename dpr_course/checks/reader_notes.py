"""Functions that say in a sentence what is wrong with a result of a student's code in stage 09, like those in the module notes."""

import re
import string

import torch

SIGNS = str.maketrans("", "", string.punctuation)
ARTICLES = re.compile(r"\b(a|an|the)\b")
RULES = {
    "alike.case": "Capital and small letters are the same, on both sides.",
    "alike.punctuation": "Every sign of string.punctuation is deleted, on both sides, and nothing takes its place.",
    "alike.articles": "The words a, an and the are left out wherever they are, on both sides.",
    "alike.neighbours": "The words a, an and the are left out wherever they are, each of them where several follow one another.",
    "alike.blanks": "Blanks at the ends go, and a run of blanks, tabs or line ends becomes one blank, whatever left it.",
    "other.words": "All words must be the same, as often, in the same order and with the same borders.",
    "other.signs": "Only signs of string.punctuation are deleted, and letters change by lower() alone: accents, ß and ’ stay.",
    "other.articles": "Only whole words are articles: the letters of longer words stay, at their beginning and end as well.",
    "order.initials": "Signs are deleted first, then articles: a word that was put together of initials may be an article.",
    "order.dots": "Signs are deleted first, then articles: a letter next to a sign may become part of a longer word, or be an article.",
    "answers.any": "One of the answers must match, wherever it is in the list.",
    "answers.none": "Without answers nothing is right; and two strings of which nothing is left are equal.",
}


def cut_note(where, tokens, right, whole):
    """Return a sentence if a text that is too long was cut otherwise than by the tokenizer; "" if it was not, or is not too long.

    where          what the student calls the text, such as "Row 0 of sample 1"
    tokens, right  the student's and the right tokens, lists of strings
    whole          all tokens of the text, before it is cut
    """
    if len(whole) == len(right) or len(tokens) < 2:
        return ""
    if tokens == whole[: len(tokens)] and tokens != whole:
        why = ": whatever is cut after the tokenizer has added </s> loses it" if len(tokens) == len(right) else ""
        return f"{where} ends without the end-of-sequence token </s>{why}."
    words = tokens[:-1] if tokens[-1] == "</s>" else tokens
    words = words[:-1] if words[-1] == "<unk>" else words  # a part of a word is an unknown one
    if len(tokens) < len(right) and words == right[: len(words)]:
        return f"{where} ends after {len(tokens)} tokens, though its text is longer and {len(right)} are allowed: the limit is a number of tokens, not of characters or words."  # fmt: skip
    return ""


def rows_note(have, want, n, stray, whole):
    """Return a sentence on the first wrong row of ids; "" if all are right.

    have, want  the student's and the right rows, B * n lists of tokens each
    whole       the rows as they would be if no text were cut
    n           number of rows per sample
    stray       list of bools: whether a row stands for a passage that the sample lacks
    """
    if len(have) != len(want):
        return f"There are {len(have)} rows; {len(want)} are needed, {n} for each of the {len(want) // n} samples, whatever passages they have."
    for row, (tokens, right) in enumerate(zip(have, want)):
        where = f"Row {row % n} of sample {row // n}"
        if tokens == right:
            continue
        if stray[row]:
            return f"{where} is for a passage that the sample lacks, but its mask is 1 at: {' '.join(tokens)}."
        if not tokens:
            return f"{where} is a passage that is there, but its mask is 0 everywhere. A passage is missing only if the sample has fewer than n_context passages, whatever their texts are."  # fmt: skip
        if tokens in want:
            other = want.index(tokens)
            return f"{where} holds the text of passage {other % n} of sample {other // n}."
        if tokens.count("</s>") > 1:
            return f"{where} has {tokens.count('</s>')} end-of-sequence tokens: the tokenizer adds one to each text that it is given, so a row must be given as one text, and without </s>."  # fmt: skip
        if "<pad>" in tokens:
            return f"{where} has mask 1 at padding."
        if said := cut_note(where, tokens, right, whole[row]):
            return said
        return f"{where} reads: {' '.join(tokens)[:200]}"
    return ""


def labels_note(have, want, samples, whole):
    """Return a sentence on the first sample with wrong labels; "" if all are right.

    have, want  the student's and the right labels, one list of tokens per sample each
    whole       the labels as they would be if no answer were cut
    samples     the samples, with their "answers"
    """
    if len(have) != len(want):
        return f"There are labels for {len(have)} samples instead of {len(want)}."
    for row, (tokens, right) in enumerate(zip(have, want)):
        where, s = f"The labels of sample {row}", samples[row]
        if tokens == right:
            continue
        if tokens.count("</s>") > 1:
            return f"{where} have {tokens.count('</s>')} end-of-sequence tokens: the tokenizer adds one by itself."
        if tokens == right[:-1]:
            return (
                f"{where} lack the end-of-sequence token </s>, and the reader would never learn to stop: only padding becomes -100."
            )
        if tokens == right[1:]:
            return f"{where} lack the first token of the answer. T5 shifts the labels by itself: give it the whole answer."
        if said := cut_note(f"The target of sample {row}", tokens, right, whole[row]):
            return said
        others = [n for n, answer in enumerate(s["answers"], 1) if tokens[:-1] == answer.split()[: len(tokens) - 1]]
        if tokens[:-1] and others:
            return f"{where} are its answer number {others[0]}; a sample without a target has its first answer as target."  # fmt: skip
        return f"{where} read: {' '.join(tokens)[:200]}"
    return ""


def places_note(H, right, mask):
    """Return a sentence if a token's vector is at the position of another token, or if H has a wrong shape; "" otherwise.

    H      the student's last_hidden_state, which should be (B, n * L, d)
    right  the right vectors in the order of the tokens, in any shape that can be reshaped to (B * n * L, d)
    mask   (B, n, L)
    """
    B, n, L = mask.shape
    if H.shape[:2] != (B, n * L):
        return f"last_hidden_state has the shape {tuple(H.shape)}; there are {B} questions with {n} passages of {L} tokens, padding and missing passages included."  # fmt: skip
    have, want = H.detach().reshape(B * n * L, -1).double(), right.reshape(B * n * L, -1).double()
    if have.shape != want.shape:
        return ""
    real = mask.reshape(-1).bool()
    gaps = torch.cdist(have, want)  # between every position and every token
    best, nearest = gaps.min(1)
    off = real & (gaps.diagonal() > 1e-3) & (best < 1e-4)
    if not off.any() or (real & (best >= 1e-4)).any():
        return ""

    def named(i):
        return f"token {i % L} of passage {i // L % n} of question {i // (n * L)}"

    i = int(off.nonzero()[0])
    return f"The vector at the position of {named(i)} is that of {named(int(nearest[i]))}."


def mask_note(fused, mask):
    """Return a sentence on what is wrong with the mask that the student's `fuse` returned; "" if nothing is.

    `fused` is that mask, which should be (B, n * L). `mask`, (B, n, L), is the mask that `fuse` got.
    """
    B, n, L = mask.shape
    if fused.shape != (B, n * L):
        return (
            f"The mask that comes back has the shape {tuple(fused.shape)}; there are {B} questions with {n} passages of {L} tokens."
        )
    off = (fused.bool() != mask.reshape(B, -1).bool()).nonzero()
    if not len(off):
        return ""
    b, i = off[0].tolist()
    return f"The mask that comes back is {int(fused[b, i])} at token {i % L} of passage {i // L} of question {b}, where the given mask is {int(mask[b, i // L, i % L])}."  # fmt: skip


def match_note(key, given, results):
    """Return a sentence on the first prediction that is judged wrongly, with the rule that is broken; "" if there is none.

    key      the key in RULES of the rule that these predictions test
    given    list of (prediction, answers)
    results  list of what the student's exact_match returned, one entry for each pair in `given`
    """

    def normalised(text):
        return " ".join(ARTICLES.sub(" ", text.lower().translate(SIGNS)).split())

    for (p, answers), result in zip(given, results):
        if bool(result) != (normalised(p) in map(normalised, answers)):
            return f"For the prediction {p!r} and the answers {answers!r} you return {bool(result)}. {RULES[key]}"
    return ""
