"""The reader's samples: the course's, each with the passages that a retriever found, as Fusion-in-Decoder's data files have them."""

from dpr_course.bm25 import bm25_candidates

BLANK = {"id": "", "title": "", "text": ""}  # what a reader gets that is to answer without reading


def with_passages(samples, passages, k):
    """Return the samples with "ctxs", their k best passages by BM25, best first, and "target", what a reader learns to write."""
    found = bm25_candidates(samples, passages, k=k)
    return [{**s, "target": target_of(s), "ctxs": [passages[i] for i in c["topk_indices"]]} for s, c in zip(samples, found)]


def target_of(sample):
    """Return the first answer that is in the gold passage, as it is written there; else the first answer."""
    text = sample["gold_context"]["text"]
    for answer in sample["answers"]:
        at = text.lower().find(answer.lower())
        if at >= 0:
            return text[at : at + len(answer)]
    return sample["answers"][0]
