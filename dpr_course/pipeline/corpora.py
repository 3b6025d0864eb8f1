"""Reads passages and questions in the formats in which they are published. A file may be compressed with gzip.

passages    the name "toy", or a file: JSON or JSON lines, see `dpr_course.records`; DPR's `psgs_w100.tsv` (columns id, text,
            title); MS MARCO's `.tsv` (columns id, text)
questions   the name "toy" or "toy-train", or a file: JSON or JSON lines, see `dpr_course.records`; DPR's `.tsv` or `.csv`
            (tab-separated columns question, list of answers); MS MARCO's `.tsv` (columns id, question)
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
    """Return the passages of the toy data (`name` is "toy") or of the file `name`, as dicts with id, title and text.

    The module's docstring lists the file formats. If no passage has an id, ids are made up, and a message is printed. Raises
    DataError for a mistake in the file; the message names the file, the record or line, and the field.
    """
    if name == "toy":
        return load_toy_nq()[2]
    passages = list(_table_of_passages(name)) if is_table(name) else load_passages(name)
    if not passages:
        raise DataError(f"{name}: the file holds no passages")
    return _with_sound_ids(passages, name)


def load_questions(name, passages=None):
    """Return the questions that `name` stands for, as a list of sample dicts.

    `name` is "toy" (the toy data's validation questions), "toy-train" (its training questions), or a file in one of the formats
    that the module's docstring lists. A sample has id, question, answers (an empty list if there are none) and, if the file
    gives a gold passage, gold_context. If the file gives only the id of the gold passage, the passage is looked up in
    `passages`. Raises DataError for a mistake in the file; the message names the file, the record or line, and the field.
    """
    if name in ("toy", "toy-train"):
        return load_toy_nq()[name == "toy"]
    if is_table(name):
        samples = list(_table_of_questions(name))
    else:
        ids = {}
        samples = [sample_of(record, f"{name}: record {i}", ids) for i, record in enumerate(read_records(name))]
    if samples and samples[0]["id"] is None:
        print(f"{name}: the questions have no ids, so they are numbered q00000, q00001, ... in their order")
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
    """Return `records` unchanged. Raises DataError if an id occurs twice, or if one contains white space or a NUL.

    White space separates the columns of a TREC run (a file of search results), so such a file cannot hold an id with white space.
    """
    seen = {}
    for i, record in enumerate(records):
        key = record["id"]
        if (first := seen.setdefault(key, i)) != i:
            raise DataError(f"{name}: record {i}: id {key!r} is already the id of record {first}")
        if re.search(r"[\s\0]", key):
            raise DataError(
                f"{name}: record {i}: id {key!r} holds a blank, and blanks separate the columns of a TREC run: rename it"
            )
    return records


def is_table(name):
    """Return whether the name of a file ends in .tsv, .csv, .tsv.gz or .csv.gz."""
    return re.search(r"\.[tc]sv(\.gz)?$", str(name)) is not None


def _lines(path):
    """Yield (line number, text) for each line that is not empty. Every line break ends a row, even between quotation marks."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line:
            yield number, line


def _quoted(line):
    """Return the tab-separated columns of a line; a column may be quoted as in CSV.

    Return None if a quotation mark is unpaired, as happens in raw text.
    """
    try:
        return next(csv.reader([line], delimiter="\t", strict=True))
    except csv.Error:
        return None


def _must_be(columns, wanted, where):
    if len(columns) != wanted:
        raise DataError(f"{where}: {len(columns)} tab-separated columns, but must have {wanted}")
    return columns


def _table_of_passages(path):
    """Yield the passages of a tab-separated file, as dicts with id, text and title.

    The file is DPR's `psgs_w100.tsv` (a header, then columns id, text, title, quoted as in CSV) or MS MARCO's (id, text).
    """
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
            raise DataError(f"{where}: its quotation marks do not match: quote its columns as in CSV, with each row on one line")
        key, text, title = _must_be(columns, 3, where)
        if number > 1:
            yield passage_of({"id": field({"id": key}, "id", str, where), "text": text, "title": title}, where, {})
        elif columns != ["id", "text", "title"]:
            raise DataError(f"{where}: the header must be id, text, title, but is {key}, {text}, {title}")


def _table_of_questions(path):
    """Yield the questions of a tab-separated file, as dicts with id, question and answers.

    The file is one of DPR's evaluation files (question, answers) or one of MS MARCO's (id, question). DPR writes the
    answers as a Python list, which is parsed and never executed. DPR's questions have no ids, so their "id" is None. Columns may
    be quoted as in CSV. An unpaired quotation mark is part of the text.
    """
    bare = None
    for number, line in _lines(path):
        where = f"{path}: line {number}"
        if bare is None:  # the first line decides the format: MS MARCO's second column may contain brackets, but is not a list
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
            raise DataError(
                f"{where}: column 2, the answers, must be a list such as ['one', 'two'], but is {answers[:60]!r}"
            ) from None
        record = {"question": question, "answers": answers}
        question = field(record, "question", str, where)
        yield {"id": None, "question": question, "answers": strings(record, "answers", where)}
