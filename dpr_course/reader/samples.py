"""Makes the reader's samples, in the form of Fusion-in-Decoder's data files: adds to each the passages that BM25 finds."""

from dpr_course.bm25 import bm25_candidates

BLANK = {"id": "", "title": "", "text": ""}  # an empty passage, for a reader that must answer without reading anything


def with_passages(samples, passages, k):
    """Return copies of the samples with the fields "ctxs" (BM25's k best passages, best first) and "target" (see `target_of`)."""
    found = bm25_candidates(samples, passages, k=k)
    return [{**s, "target": target_of(s), "ctxs": [passages[i] for i in c["topk_indices"]]} for s, c in zip(samples, found)]


def target_of(sample):
    """Return the answer that a reader should learn to write: the first answer that occurs in the gold passage.

    It is returned as the gold passage spells it. If no answer occurs there, the sample's first answer is returned.
    """
    text = sample["gold_context"]["text"]
    for answer in sample["answers"]:
        at = text.lower().find(answer.lower())
        if at >= 0:
            return text[at : at + len(answer)]
    return sample["answers"][0]
