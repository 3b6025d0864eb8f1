"""Reads and writes the data files of Fusion-in-Decoder (Izacard and Grave 2021): questions with the passages found for each.

    {"id", "question", "target", "answers": [str], "ctxs": [{"id", "title", "text", "score", "hasanswer"}]}

A file is a JSON list of such records, or JSON lines with one record per line. "target" (the answer that a reader learns to
write), "score", "hasanswer" and the ids may be missing. Published files hold scores as text, such as "81.5". Scores are read as
numbers, because as text "9.1" would be sorted before "81.5". Field names of other systems are known too, see
`dpr_course.records`. A record is refused if one of these fields is not valid, or if a missing field seems to be there under an
unknown name. Other fields are kept unchanged.
"""

import json
import math
import re

from dpr_course.files import replacing
from dpr_course.records import (
    ANSWERS,
    PASSAGE_IDS,
    QUESTION_IDS,
    QUESTIONS,
    TEXTS,
    DataError,
    field,
    known,
    passage_of,
    read_records,
    refuse_alike,
    sample_of,
    with_ids,
)

CTXS = ("ctxs", "contexts")  # the second name is Pyserini's
JUDGED = ("hasanswer", "has_answer")  # FiD's name and DPR's
READ = {*QUESTION_IDS, *QUESTIONS, *ANSWERS, *CTXS}
READ_OF_PASSAGE = {*PASSAGE_IDS, *TEXTS, *JUDGED, "title", "score"}


def load_fid(path):
    """Return the samples of a file: dicts with id, question, answers (a list that may be empty), ctxs and, if given, target.

    If the passages of a sample have scores, the scores are converted to floats, and the passages are sorted, best first; passages
    with equal scores keep their order, and so do passages without scores. Raises DataError for a mistake in the file; the message
    names the file, the record and the field.
    """
    records, ids, seen, samples = read_records(path), {}, {}, []
    if not records:
        raise DataError(f"{path}: the file holds no questions")
    for i, record in enumerate(records):
        where = f"{path}: record {i}"
        sample = _sample(record, where, ids)
        if (first := seen.setdefault(sample["id"], i)) != i and sample["id"] is not None:
            raise DataError(f"{where}: id {sample['id']!r} is that of record {first} already")
        samples.append(sample)
    have = [bool(s["answers"]) for s in samples]
    if any(have) and not all(have):
        raise DataError(f"{path}: record {have.index(False)}: has no 'answers', but record {have.index(True)} has: give it some")
    return with_ids(samples, path)


def _sample(record, where, ids):
    sample = sample_of(record, where, ids)
    if sample["id"] is not None and re.search(r"[\t\r\n\0]", sample["id"]):
        raise DataError(f"{where}: id {sample['id'][:40]!r} holds a tab or a line break, which no line of answers could hold")
    sample["answers"] = sample["answers"] or []
    if record.get("target") is not None:
        sample["target"] = field(record, "target", str, where)
    else:
        refuse_alike(record, "target", ("target",), where)
    name = known(record, CTXS) or "ctxs"
    found = field(record, name, list, where)
    if not found:
        raise DataError(f"{where}: field {name!r} is empty: each question needs a passage, or must be left out")
    ctxs = [_passage(p, f"{where}, {name}[{j}]", ids) for j, p in enumerate(found)]
    for what, names in {"id": PASSAGE_IDS, "score": ("score",), "hasanswer": JUDGED}.items():
        have = [known(p, names) is not None for p in found]
        _refuse_mixed(have, what, where, name)
        if what == "id" and have[0]:
            _refuse_twice([p["id"] for p in ctxs], where, name)
        if what == "score" and have[0]:
            ctxs.sort(key=lambda p: p["score"], reverse=True)  # a stable sort
    _refuse_mixed(["title" in p for p in found], "title", where, name)
    return {k: v for k, v in record.items() if k not in READ} | sample | {"ctxs": ctxs}


def _passage(p, at, ids):
    passage = passage_of(p, at, ids)
    if known(p, ("score",)) is None:
        refuse_alike(p, "score", ("score",), at)
    else:
        passage["score"] = _number(p["score"], at)
    for name in JUDGED:
        if p.get(name) is not None:
            passage["hasanswer"] = field(p, name, bool, at)
    return {k: v for k, v in p.items() if k not in READ_OF_PASSAGE} | passage


def _number(value, at):
    """Return the score `value`, a number or its text, as a float. If it is neither, or not finite, raise DataError."""
    try:
        number = float(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or "_" in str(value):
        raise DataError(f"{at}: field 'score' must be a finite number, or one as text, is {value!r:.60}")
    return number


def _refuse_mixed(have, what, where, name):
    if any(have) and not all(have):
        raise DataError(
            f"{where}, {name}[{have.index(False)}]: field {what!r} is missing, but {name}[{have.index(True)}] has it: "
            "either all passages of a question have one, or none has"
        )


def _refuse_twice(keys, where, name):
    first = {}
    for j, key in enumerate(keys):
        if (before := first.setdefault(key, j)) != j:
            raise DataError(f"{where}, {name}[{j}]: id {key!r} is that of {name}[{before}] already")


def refuse_untaught(samples, path):
    """Raise DataError if a sample holds nothing that a reader could learn to write: no "target" and no non-blank answer.

    The message begins with `path`, the file of the samples.
    """
    for i, s in enumerate(samples):
        if "target" not in s and not any(a.strip() for a in s["answers"]):
            raise DataError(f"{path}: record {i}: has neither a field 'target' nor 'answers' that a reader could learn to write")


def equal_contexts(samples, n_context, path):
    """Return copies of the samples, each with its first n passages in "ctxs".

    n is `n_context` or, if that is None, the first sample's number of passages. Raises DataError, whose message begins with
    `path`, if a sample has fewer than n passages or its passages have no scores.
    """
    n = n_context or len(samples[0]["ctxs"])
    for i, s in enumerate(samples):
        if len(s["ctxs"]) < n:
            raise DataError(f"{path}: record {i}: field 'ctxs' holds {len(s['ctxs'])} passages, {n} are to be compared")
        if "score" not in s["ctxs"][0]:
            raise DataError(f"{path}: record {i}, ctxs[0]: field 'score' is missing: let `dpr-course read --write-scores` write it")
    return [{**s, "ctxs": s["ctxs"][:n]} for s in samples]


def write_fid(path, samples):
    """Write samples as a JSON list, or as JSON lines if `path` ends in .jsonl. The file appears once it is complete."""
    with replacing(path) as part, open(part, "w", encoding="utf-8", newline="\n") as file:
        if str(path).endswith(".jsonl"):
            file.writelines(json.dumps(sample) + "\n" for sample in samples)
            return
        for i, sample in enumerate(samples):
            file.write((",\n" if i else "[\n") + json.dumps(sample))
        file.write("\n]\n" if samples else "[]\n")
