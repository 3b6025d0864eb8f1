"""Makes the reader's samples: adds the passages that BM25 finds, in the form of Fusion-in-Decoder's data files."""

from dpr_course.bm25 import bm25_candidates

BLANK = {"id": "", "title": "", "text": ""}  # an empty passage, for a reader that must answer without reading anything


def with_passages(samples, passages, k):
    """Return the samples with two more fields: "ctxs", the k best passages by BM25, best first; "target", see `target_of`."""
    found = bm25_candidates(samples, passages, k=k)
    return [{**s, "target": target_of(s), "ctxs": [passages[i] for i in c["topk_indices"]]} for s, c in zip(samples, found)]


def target_of(sample):
    """Return the answer that a reader should learn to write: the first one that occurs in the gold passage, spelled as there.

    If no answer occurs in the gold passage, return the first answer.
    """
    text = sample["gold_context"]["text"]
    for answer in sample["answers"]:
        at = text.lower().find(answer.lower())
        if at >= 0:
            return text[at : at + len(answer)]
    return sample["answers"][0]
