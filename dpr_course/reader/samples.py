"""The reader's samples: those of the course with the passages that BM25 found, in the form of Fusion-in-Decoder's data files."""

from dpr_course.bm25 import bm25_candidates

BLANK = {"id": "", "title": "", "text": ""}  # the passage for a reader that must answer without reading


def with_passages(samples, passages, k):
    """Return the samples with "ctxs", their k best passages by BM25, best first, and "target", the answer to learn."""
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
