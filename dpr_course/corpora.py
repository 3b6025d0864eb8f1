"""Passages to search and questions to ask, in the formats in which they are published.

passages    toy | course `.json`, `.jsonl` | Tevatron `.jsonl` (docid, title, text) | DPR's `psgs_w100.tsv` (id, text, title)
questions   toy | course | DPR retriever format | Tevatron (query_id, query, ...) | DPR's `.tsv` or `.csv`: question, tab, list
"""

import ast
import csv
import re

from dpr_course.data import (
    DataError,
    _field,
    _id,
    _passage,
    _strings,
    load_dpr,
    load_passages,
    load_samples,
    load_toy_nq,
    read_records,
)


def load_corpus(name):
    """Passages `{"id", "title", "text"}` from "toy" or a file, see above. Raises DataError naming file, record or line, and field."""
    if name == "toy":
        return load_toy_nq()[2]
    if str(name).endswith((".tsv", ".csv")):
        passages = list(_psgs(name))
    else:
        records = read_records(name)
        if _keys(records) >= {"docid"}:
            passages = [_tevatron_passage(r, f"{name}: record {i}") for i, r in enumerate(records)]
        else:
            passages = load_passages(name)
    if not passages:
        raise DataError(f"{name}: the file holds no passages")
    return _with_sound_ids(passages, name)


def load_questions(name):
    """Samples from "toy" (the validation questions) or a file, see above.

    Each has id, question and answers; gold_context where the file has it. Raises DataError naming file, record or line, and field.
    """
    if name == "toy":
        return load_toy_nq()[1]
    if str(name).endswith((".tsv", ".csv")):
        samples = list(_dpr_questions(name))
    else:
        records = read_records(name)
        keys = _keys(records)
        if "query" in keys or "query_id" in keys:
            samples = [_tevatron_question(r, f"{name}: record {i}") for i, r in enumerate(records)]
        else:
            samples = load_dpr(name) if "positive_ctxs" in keys else load_samples(name)
    if not samples:
        raise DataError(f"{name}: the file holds no questions")
    return _with_sound_ids(samples, name)


def _with_sound_ids(records, name):
    """`records` if no two have the same id, and each id can be a column of a TREC run."""
    seen = {}
    for i, record in enumerate(records):
        key = record["id"]
        if (first := seen.setdefault(key, i)) != i:
            raise DataError(f"{name}: record {i}: id {key!r} is that of record {first} already")
        if re.search(r"[\s\0]", key):
            raise DataError(f"{name}: record {i}: id {key!r} holds a blank, which separates the columns of a TREC run: rename it")
    return records


def _keys(records):
    return set(records[0]) if records and isinstance(records[0], dict) else set()


def _tevatron_passage(record, where):
    return {**_passage({**record, "id": _id(record, "docid", where)} if isinstance(record, dict) else record, where, {})}


def _tevatron_question(record, where):
    sample = {
        "id": _id(record, "query_id", where),
        "question": _field(record, "query", str, where),
        "answers": _strings(record, "answers", where) if "answers" in record else [],
    }
    if "positive_passages" in record and (positives := _field(record, "positive_passages", list, where)):
        sample["gold_context"] = _tevatron_passage(positives[0], f"{where}, positive_passages[0]")
    return sample


def _rows(path, columns, **options):
    """The rows of a tab-separated file with the numbers of their lines."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t", **options)
            for row in reader:
                if len(row) != columns:
                    raise DataError(f"{path}: line {reader.line_num}: {len(row)} tab-separated columns, must be {columns}")
                yield reader.line_num, row
    except csv.Error as e:
        raise DataError(f"{path}: line {reader.line_num}: not a row of tab-separated columns ({e})") from None
    except UnicodeDecodeError:
        raise DataError(f"{path}: not a text file in UTF-8, after line {reader.line_num}") from None
    except OSError as e:
        raise DataError(f"{path}: {'no such file' if isinstance(e, FileNotFoundError) else e.strerror}") from None


def _psgs(path):
    """Passages of DPR's `psgs_w100.tsv`: a header, then id, text, title, quoted as in CSV."""
    for line, (key, text, title) in _rows(path, 3, strict=True):
        where = f"{path}: line {line}"
        if line == 1:
            if [key, text, title] != ["id", "text", "title"]:
                raise DataError(f"{where}: the header must be id, text, title, is {key}, {text}, {title}")
            continue
        _field({"id": key}, "id", str, where)
        yield _passage({"id": key, "text": text, "title": title}, where, {})


def _dpr_questions(path):
    """Questions of DPR's evaluation files: the question, a tab, the answers as a Python list. The list is parsed, never run."""
    for number, (line, (question, answers)) in enumerate(_rows(path, 2)):
        where = f"{path}: line {line}"
        try:
            answers = ast.literal_eval(answers)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            raise DataError(f"{where}: column 2, the answers, must be a list such as ['one', 'two'], is {answers[:60]!r}") from None
        record = {"question": question, "answers": answers}
        yield {
            "id": f"q{number:05d}",
            "question": _field(record, "question", str, where),
            "answers": _strings(record, "answers", where),
        }
