"""Passages to search and questions to ask, in the formats in which they are published, also packed with gzip.

passages    toy | JSON or JSON lines, see `dpr_course.records` | DPR's `psgs_w100.tsv` (id, text, title) | MS MARCO's `.tsv` (id, text)
questions   toy | JSON or JSON lines, see there | DPR's `.tsv` or `.csv`: question, tab, list | MS MARCO's `.tsv` (id, question)
"""

import ast
import csv
import re

from dpr_course.data import load_passages, load_toy_nq
from dpr_course.records import (
    DataError,
    field,
    passage_of,
    read_records,
    read_text,
    sample_of,
    strings,
    with_ids,
)


def load_corpus(name):
    """Passages `{"id", "title", "text"}` from "toy" or a file, see above. Raises DataError naming file, record or line, and field.

    Where no passage has an id, ids are made up, and a line says so.
    """
    if name == "toy":
        return load_toy_nq()[2]
    passages = list(_table_of_passages(name)) if is_table(name) else load_passages(name)
    if not passages:
        raise DataError(f"{name}: the file holds no passages")
    return _with_sound_ids(passages, name)


def load_questions(name, passages=None):
    """Samples from "toy" (the validation questions) or a file, see above.

    Each has id, question and answers (none: an empty list); gold_context where the file has it. Where the file gives the
    gold's id alone, it is looked up in `passages`. Raises DataError naming file, record or line, and field.
    """
    if name == "toy":
        return load_toy_nq()[1]
    if is_table(name):
        samples = list(_table_of_questions(name))
    else:
        ids = {}
        samples = [sample_of(record, f"{name}: record {i}", ids) for i, record in enumerate(read_records(name))]
    if samples and samples[0]["id"] is None:
        print(f"{name}: the questions have no ids; q00000, q00001, ... were made up in their order")
    if not samples:
        raise DataError(f"{name}: the file holds no questions")
    by_id = {p["id"]: p for p in passages or []}
    for i, s in enumerate(samples):
        s["answers"] = s["answers"] or []
        if (gold := s.pop("gold_id", None)) is not None and passages is not None:
            if gold not in by_id:
                raise DataError(f"{name}: record {i}: its gold passage {gold!r} is not among the {len(by_id)} passages")
            s["gold_context"] = by_id[gold]
    return _with_sound_ids(with_ids(samples, name), name)


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


def is_table(name):
    """Whether a file's name says that it holds tab-separated columns."""
    return re.search(r"\.[tc]sv(\.gz)?$", str(name)) is not None


def _lines(path):
    """Number and text of each line of a table that is not empty. A line is a row: no quotation mark makes one of two."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line:
            yield number, line


def _quoted(line):
    """The columns of a line that is quoted as in CSV; None if its quotation marks do not pair, as in raw text."""
    try:
        return next(csv.reader([line], delimiter="\t", strict=True))
    except csv.Error:
        return None


def _must_be(columns, wanted, where):
    if len(columns) != wanted:
        raise DataError(f"{where}: {len(columns)} tab-separated columns, must be {wanted}")
    return columns


def _table_of_passages(path):
    """Passages of DPR's `psgs_w100.tsv`: a header, then id, text, title, quoted as in CSV. Or MS MARCO's: id, text, unquoted."""
    bare = False
    for number, line in _lines(path):
        where = f"{path}: line {number}"
        if number == 1 and re.match(r"\d+\t[^\t]*$", line):
            bare = True
        if bare:
            key, text = _must_be(line.split("\t"), 2, where)
            yield passage_of({"id": key, "text": text, "title": ""}, where, {})
            continue
        columns = _quoted(line)
        if columns is None:
            raise DataError(f"{where}: its quotation marks do not pair: quote its columns as in CSV, each row in one line")
        key, text, title = _must_be(columns, 3, where)
        if number > 1:
            yield passage_of({"id": field({"id": key}, "id", str, where), "text": text, "title": title}, where, {})
        elif columns != ["id", "text", "title"]:
            raise DataError(f"{where}: the header must be id, text, title, is {key}, {text}, {title}")


def _table_of_questions(path):
    """Questions of DPR's evaluation files: the question, a tab, the answers as a Python list, which is parsed, never run.

    Columns may be quoted as in CSV; a quotation mark that has no partner is part of the text. Or MS MARCO's: id, question.
    """
    bare = None
    for number, line in _lines(path):
        where = f"{path}: line {number}"
        if bare is None:  # the first line tells: a question of MS MARCO may hold brackets too, but is no list
            bare = re.match(r"\d+\t(?![\"']?\[)[^\t]*$", line) is not None
        if bare:
            key, question = _must_be(line.split("\t"), 2, where)
            field({"id": key}, "id", str, where)
            yield {"id": key, "question": field({"question": question}, "question", str, where), "answers": []}
            continue
        columns = _quoted(line)
        question, answers = _must_be(line.split("\t") if columns is None or len(columns) != 2 else columns, 2, where)
        try:
            answers = ast.literal_eval(answers)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            raise DataError(f"{where}: column 2, the answers, must be a list such as ['one', 'two'], is {answers[:60]!r}") from None
        record = {"question": question, "answers": answers}
        question = field(record, "question", str, where)
        yield {"id": None, "question": question, "answers": strings(record, "answers", where)}
