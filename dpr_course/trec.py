"""Runs and judgements in the text format of TREC, which every evaluator reads; and DPR's JSON of retrieved passages.

run     qid Q0 docid rank score tag     one line a hit, ranks from 1
qrels   qid 0 docid relevance           one line a judgement
"""

import json
import math
import re

import numpy as np

from dpr_course.data import DataError
from dpr_course.files import replacing
from dpr_course.text import has_answer


def _word(value, what):
    if not re.fullmatch(r"[^\s\ud800-\udfff]+", value):  # nor half a character, which UTF-8 does not have
        raise DataError(f"{what} {value!r} is empty or holds a blank, which separates the columns of a TREC file: rename it")
    return value


def write_run(path, hits, tag="dpr-course"):
    """Write Hits as a TREC run.

    Evaluators order a run by score in single precision and break ties by id. So that they see the order that the search
    found, a score that does not fall below the one before it is lowered to the next smaller float.
    """
    _word(tag, "the tag")
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        for query, ids, scores in zip(hits.query_ids, hits.ids, hits.scores):
            last = np.float32(np.inf)
            for rank, (doc, score) in enumerate(zip(ids.tolist(), scores), 1):
                last = min(np.float32(score), np.nextafter(last, np.float32(-np.inf)))
                file.write(f"{_word(query, f'{path}: question')} Q0 {_word(doc, f'{path}: passage')} {rank} {last:.9g} {tag}\n")


def read_run(path):
    """A TREC run as `{qid: [(docid, score), ...]}`, best first, whatever the order of its lines.

    As in trec_eval the score decides, not the rank; of equal scores the larger id comes first. Raises DataError naming the
    file, the line and the column that is wrong, also where a passage comes twice for a question.
    """
    run, where = {}, str(path)
    try:
        with open(path, encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                where = f"{path}: line {number}"
                columns = line.split()
                if len(columns) != 6:
                    raise DataError(f"{where}: {len(columns)} columns, must be 6: qid Q0 docid rank score tag")
                query, _, doc, rank, score, _ = columns
                if not re.fullmatch(r"-?\d+", rank):
                    raise DataError(f"{where}: column 4, the rank, must be a whole number, is {rank!r}")
                try:
                    value = float(score)
                except ValueError:
                    value = math.nan
                if not math.isfinite(value) or "_" in score:
                    raise DataError(f"{where}: column 5, the score, must be a finite number, is {score!r}")
                found = run.setdefault(query, {})
                if doc in found:
                    raise DataError(f"{where}: column 3, passage {doc!r} was there before for question {query!r}")
                found[doc] = value
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise DataError(f"{where}: not text in UTF-8, after this line at the latest") from None
    except OSError as e:
        raise DataError(f"{path}: {e.strerror}") from None
    if not run:
        raise DataError(f"{path}: the file holds no run")
    return {q: sorted(found.items(), key=lambda hit: (np.float32(hit[1]), hit[0]), reverse=True) for q, found in run.items()}


def write_qrels(path, samples):
    """Write the gold passage of every sample as a TREC judgement."""
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        for s in samples:
            file.write(f"{_word(s['id'], f'{path}: question')} 0 {_word(s['gold_context']['id'], f'{path}: passage')} 1\n")


def write_dpr(path, run, samples, passages):
    """Write a run as DPR's retrieval output, which readers such as FiD take as input.

    A list of `{"question", "answers", "ctxs": [{"id", "title", "text", "score", "has_answer"}]}`, one for each sample, best passage
    first, the score as text as DPR writes it. Raises DataError if the run holds a passage that `passages` does not.
    """
    by_id, records = {p["id"]: p for p in passages}, []
    for s in samples:
        ctxs = []
        for doc, score in run.get(s["id"], []):
            if doc not in by_id:
                raise DataError(f"question {s['id']!r}: the run has passage {doc!r}, which is not in the corpus")
            p = by_id[doc]
            found = has_answer(p["text"], s["answers"])
            ctxs.append({"id": doc, "title": p["title"], "text": p["text"], "score": f"{score:.9g}", "has_answer": found})
        records.append({"question": s["question"], "answers": s["answers"], "ctxs": ctxs})
    with replacing(path) as part:
        part.write_text(json.dumps(records, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
