"""Reads and writes runs (search results), and writes relevance judgements and DPR's retrieval JSON. TREC's text format is:

run     qid Q0 docid rank score tag     one line per hit, ranks from 1
qrels   qid 0 docid relevance           one line per judgement

qid is the id of a question, docid that of a passage, and tag the name of the system. Every evaluator reads this format.
"""

import json
import math
import re

import numpy as np

from dpr_course.files import replacing
from dpr_course.records import PASSAGE_IDS, QUESTION_IDS, DataError, field, id_of, known, read_records, read_text
from dpr_course.text import has_answer

SIX = "a run with scores has six columns, qid Q0 docid rank score tag"


def _word(value, what):
    if not re.fullmatch(r"[^\s\ud800-\udfff]+", value):  # a lone surrogate is refused too, because UTF-8 cannot encode it
        raise DataError(f"{what} {value!r} is empty or contains a blank, and blanks separate the columns of a TREC file: rename it")
    return value


def write_run(path, hits, tag="dpr-course"):
    """Write Hits as a TREC run. `tag`, the name of the system, goes into the last column.

    Evaluators sort a run by score in single precision, and passages with equal scores by id. To keep the order of the search, a
    score that is not below the previous passage's score is lowered to the float just below that score.
    """
    _word(tag, "the tag")
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        for query, ids, scores in zip(hits.query_ids, hits.ids, hits.scores):
            last = np.float32(np.inf)
            for rank, (doc, score) in enumerate(zip(ids.tolist(), scores), 1):
                last = min(np.float32(score), np.nextafter(last, np.float32(-np.inf)))
                file.write(f"{_word(query, f'{path}: question')} Q0 {_word(doc, f'{path}: passage')} {rank} {last:.9g} {tag}\n")


def read_run(path):
    """Read a run and return `{qid: [(docid, score), ...]}`, best first, whatever the order of the file.

    The file may have any of these formats, where qid is the id of a question and docid that of a passage:

    TREC                qid Q0 docid rank score tag
    MS MARCO            qid docid rank
    Pyserini for DPR    `{qid: {"contexts": [{"docid", "score"}]}}`
    DPR and FiD         `[{"id", "ctxs": [{"id", "score"}]}]`
    BEIR, pytrec_eval   `{qid: {docid: score}}`

    As in trec_eval, hits are ordered by score, not by rank; of hits with equal scores, the one with the larger id comes first. If
    a format has only ranks, the score is minus the rank. Raises DataError, which names the file, the line or record, and the
    mistake, for example a passage listed twice for a question.
    """
    text, run = read_text(path), {}
    for where, query, doc, score in _json_hits(path) if text.lstrip()[:1] in ("{", "[") else _line_hits(path, text):
        try:
            value = float(score)
        except (ValueError, TypeError, OverflowError):  # OverflowError: a whole number of hundreds of digits
            value = math.nan
        if not math.isfinite(value) or "_" in str(score) or isinstance(score, bool):
            raise DataError(f"{where}the score must be a finite number, but is {score!r}")
        found = run.setdefault(query, {})
        if doc in found:
            raise DataError(f"{where.replace('column 5, ', 'column 3, ')}passage {doc!r} is listed twice for question {query!r}")
        if doc is not None:
            found[doc] = value
    if not run:
        raise DataError(f"{path}: the file holds no run")
    return {q: sorted(found.items(), key=lambda hit: (np.float32(hit[1]), hit[0]), reverse=True) for q, found in run.items()}


def _line_hits(path, text):
    """Yield (where, question id, passage id, score) for each line. `where` names file and line, for error messages."""
    wanted, ranks = 0, {}
    for number, line in enumerate(text.split("\n"), 1):
        if not (columns := line.split()):
            continue
        where, wanted = f"{path}: line {number}: ", wanted or len(columns)
        if len(columns) != wanted or wanted not in (3, 6):
            must = "3: qid docid rank" if wanted == 3 else "6: qid Q0 docid rank score tag"
            raise DataError(f"{where}{len(columns)} columns, but must have {must}")
        query, doc, rank = (columns[0], columns[2], columns[3]) if wanted == 6 else columns
        if not re.fullmatch(r"-?\d+" if wanted == 6 else r"[1-9]\d*", rank):
            alone = "" if wanted == 6 else f"; {SIX}"
            raise DataError(f"{where}column {4 if wanted == 6 else 3}, the rank, must be a whole number, but is {rank!r}{alone}")
        if wanted == 3:
            ranks.setdefault(query, []).append(int(rank))
        yield f"{where}column 5, ", query, doc, columns[4] if wanted == 6 else -int(rank)
    for query, found in ranks.items():
        if sorted(found) != [*range(1, len(found) + 1)]:
            raise DataError(f"{path}: question {query!r}: the ranks in column 3 are not 1 to {len(found)}; are they scores? {SIX}")


def _is_map_of_scores(record):
    """Return whether `record` is a whole run in the format of BEIR and pytrec_eval, {question id: {passage id: score}}."""
    rows = list(record.values()) if isinstance(record, dict) else []
    return any(rows) and all(isinstance(row, dict) and all(type(v) in (int, float) for v in row.values()) for row in rows)


def _json_hits(path):
    """Yield (where, question id, passage id, score) for each hit in a JSON file.

    `where` is the beginning of an error message on this hit. A question without hits yields one tuple with the passage id None.
    """
    records = read_records(path)
    if len(records) == 1 and _is_map_of_scores(records[0]):
        for query, scores in records[0].items():
            for doc, score in scores.items() or [(None, 0)]:
                yield f"{path}: question {query!r}, passage {doc!r}: ", query, doc, score
        return
    for i, record in enumerate(records):
        where = f"{path}: record {i}"
        if (key := id_of(record, QUESTION_IDS, where) if isinstance(record, dict) else None) is None:
            raise DataError(f"{where} has no question id, which is needed to compare a run with the questions: add the field 'id'")
        hits = field(record, known(record, ("contexts", "ctxs")) or "ctxs", list, where)
        for j, hit in enumerate(hits):
            at = f"{where}, hit {j}"
            if not isinstance(hit, dict) or (doc := id_of(hit, PASSAGE_IDS, at)) is None:
                raise DataError(f"{at} has no passage id; the fields that are read as one are {', '.join(PASSAGE_IDS)}")
            yield f"{at}: ", key, doc, field(hit, "score", object, at)
        if not hits:
            yield f"{where}: ", key, None, 0


def write_qrels(path, samples):
    """Write TREC relevance judgements: for every sample one line, with its gold passage and the relevance 1."""
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        for s in samples:
            file.write(f"{_word(s['id'], f'{path}: question')} 0 {_word(s['gold_context']['id'], f'{path}: passage')} 1\n")


def write_dpr(path, run, samples, passages):
    """Write `run`, {question id: [(passage id, score), ...]}, as DPR's retrieval output, the input of readers such as FiD.

    The file is a list of `{"question", "answers", "ctxs": [{"id", "title", "text", "score", "has_answer"}]}`, one per sample,
    with the best passage first. A score is text, as in DPR. Raises DataError if a passage of the run is not in `passages`.
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
