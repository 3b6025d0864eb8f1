"""Finds passages for questions, by BM25, by a retriever or from the TREC run of any other system."""

from pathlib import Path

from dpr_course.bm25 import bm25_candidates
from dpr_course.pipeline.evaluate import accuracy, criteria, first_right
from dpr_course.pipeline.exact_search import search
from dpr_course.pipeline.retriever import Retriever, RetrieverError
from dpr_course.pipeline.trec import read_run
from dpr_course.reader.samples import BLANK, target_of
from dpr_course.records import DataError
from dpr_course.runtime import best_device
from dpr_course.text import has_answer
from dpr_course.track import get_track


def load_retriever(name, tied=False, max_length=100):
    """Return the retriever in the folder `name`, which `dpr-course train` or `dpr-course distill` wrote.

    If `name` is not such a folder, return an untrained retriever made of the encoder `name`, with the given `tied` (whether one
    encoder serves both sides) and `max_length`. Raises RetrieverError if there is no such encoder either.
    """
    if (Path(name) / "retriever.json").exists():
        return Retriever.load(name)
    try:
        return Retriever.from_pretrained(name, tied, max_length)
    except OSError as e:
        raise RetrieverError(str(e)) from None


def find(source, samples, passages, k, batch_size=64):
    """Return {question id: [(passage id, score), ...]}: the k best passages of each sample, best first.

    `source` is "bm25", "untrained" (the pre-trained encoder of the current track), the folder of a retriever, or the file of a
    TREC run (search results of any system).
    """
    if source == "bm25":
        found = bm25_candidates([{**s, "gold_context": BLANK} for s in samples], passages, k)
        return {s["id"]: list(zip(c["topk_ids"], c["topk_values"])) for s, c in zip(samples, found)}
    if Path(source).is_file():
        return {key: hits[:k] for key, hits in read_run(source).items()}
    model = load_retriever(get_track().encoder) if source == "untrained" else Retriever.load(source)
    model.tell_unknown([p["text"] for p in passages])
    model = model.to(best_device()).eval()
    X = model.encode_questions([s["question"] for s in samples], batch_size)  # (Q, d)
    Y = model.encode_passages(passages, batch_size)  # (N, d)
    try:
        scores, rows = search(X.numpy(), Y.numpy(), k)  # (Q, K) each
    except ValueError as e:
        raise DataError(f"{source}: {e}") from None
    lists = zip(rows.tolist(), scores.tolist())
    return {s["id"]: [(passages[i]["id"], v) for i, v in zip(*row)] for s, row in zip(samples, lists)}


def with_found(samples, run, passages):
    """Return samples in FiD's form whose "ctxs" are the passages of `run`, best first, with "score" (as text) and "hasanswer".

    `run` is the dict that `find` returned. If a sample has a gold passage and answers, but no "target", a target is added, see
    `target_of`. The field "gold_context" is removed. Raises DataError if the run has no passage for a question, or has a passage
    that is not in `passages`.
    """
    by_id, told = {p["id"]: p for p in passages}, []
    for s in samples:
        ctxs = []
        for key, score in run.get(s["id"], []):
            if key not in by_id:
                raise DataError(
                    f"question {s['id']!r}: the run has passage {key!r}, which is not among the {len(passages)} passages"
                )
            p = by_id[key]
            found = {"score": f"{score:.9g}", "hasanswer": has_answer(p["text"], s["answers"])}
            ctxs.append({"id": key, "title": p["title"], "text": p["text"], **found})
        if not ctxs:
            raise DataError(f"question {s['id']!r}: no passage was found for it")
        rest = {k: v for k, v in s.items() if k not in ("gold_context", "ctxs")}
        if "target" not in rest and "gold_context" in s and s["answers"]:
            rest["target"] = target_of(s)
        told.append({**rest, "ctxs": ctxs})
    return told


def hits(samples, run, passages, k_values=(1, 5, 10, 20, 100)):
    """Return the lines of a table with the top-k accuracy of `run` in percent, counted as in `dpr-course evaluate`.

    A k larger than the greatest number of passages found for a question is left out. If the samples have neither answers nor gold
    passages, the list is empty.
    """
    most = max(map(len, run.values()))
    k_values = [k for k in k_values if k <= most]
    try:
        by_all = criteria(samples)
    except DataError:
        return []
    lines = [" " * 10 + "".join(f"{f'top-{k}':>9}" for k in k_values)]
    for by in by_all:
        row = accuracy(first_right(run, samples, passages, by), k_values)
        lines.append(f"{'by ' + by:<10}" + "".join(f"{row[k]:9.2f}" for k in k_values))
    return lines
