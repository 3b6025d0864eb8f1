"""Reads JSON records in the formats of other systems: finds id, title, text, question, answers and gold passage in each.

A record is either understood completely or refused. A field with an unknown name is ignored, unless the name looks like that of
a field that was not found. In that case an error lists the known names: an id under an unknown name, for example, must not be
replaced by a made-up id. The known formats are:

    passages    this course, DPR, FiD, BEIR (_id), Tevatron (docid, text_id), Pyserini (contents: the title is its first line)
    questions   this course, DPR (retriever data, results), FiD, Tevatron 1 and 2, BEIR, KILT (input, output), NQ-open, HotpotQA
"""

import gzip
import json
import re
import zlib
from pathlib import Path

from dpr_course.errors import CourseError

QUESTION_IDS = ("id", "_id", "query_id", "qid", "question_id", "text_id")
PASSAGE_IDS = ("id", "_id", "docid", "doc_id", "passage_id", "psg_id", "pid", "text_id")
QUESTIONS, ANSWERS = ("question", "query", "query_text", "input"), ("answers", "answer", "output", "target")
GOLDS = ("gold_context", "positive_ctxs", "positive_passages", "positive_document_ids")
TITLES, TEXTS = ("title",), ("text", "contents")
ALIKE = {  # patterns of unknown names that suggest what the field is
    "id": r"(?i:(^|[\W_])(u|uu|gu)?ids?$|docno|identifier|^(doc|page|passage|query|question|example|topic)[\W_]?(no|num(ber)?|key)$"
    r"|^(doc(ument)?|page|passage|psg|para(graph)?|query|question|topic|article|item|sample|example|record|row|chunk|seg(ment)?"
    r"|sent(ence)?|text|corpus|entry|wiki(pedia|data)?|pmc?|arxiv|qa|[a-z])ids?$|(^|[\W_])(idx|index)$|^(key|num(ber)?|nr)$)|[a-z]I[dD]s?$",
    "title": r"(?i:titles?$|heading|headline)",
    "answers": r"(?i:answers?|targets?$|^ground[\W_]?truths?$|^aliases$|^responses?$)",
    "target": r"(?i:targets?$)",
    "score": r"(?i:scores?$|similarit|logits?$)",
    "gold passage": r"(?i:^(gold(en)?|oracle|evidences?|pos(itives?)?|relevant)([\W_]|$)|positive)",
}


class DataError(CourseError):
    """Raised for a mistake in a data file. The message names the file, the record and the field."""


def read_text(path):
    """Return the text of a UTF-8 file, gzipped or not, without its byte-order mark. Raises DataError if it cannot be read."""
    try:
        data = Path(path).read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as e:
        line = e.object[: e.start].count(b"\n") + 1
        raise DataError(
            f"{path}: line {line}: not UTF-8 text; unpack the file if it is compressed, or convert it if it has another encoding"
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as e:
        raise DataError(f"{path}: line 1: compressed with gzip, but it cannot be decompressed ({e})") from None
    except OSError as e:
        raise DataError(f"{path}: {'no such file' if isinstance(e, FileNotFoundError) else e.strerror}") from None


def read_records(path):
    """Return the list of records in a file that holds a JSON list, JSON lines (one object per line) or one object {id: record}.

    Raises DataError if the file is empty or damaged. The message names the damaged line, if it is known.
    """
    text = read_text(path)
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except json.JSONDecodeError as e:
            raise DataError(f"{path}: not a complete JSON list (line {e.lineno}, column {e.colno}: {e.msg})") from None
        except (ValueError, RecursionError) as e:  # a number of thousands of digits, or brackets nested too deep
            raise DataError(f"{path}: not a JSON list of records ({str(e)[:60]})") from None
    if (whole := _one_object(text)) is not None:
        return whole
    records = []
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines(), which also splits at U+2028: JSON allows it
        if line.strip():
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError as e:
                raise DataError(f"{path}: line {number} is not valid JSON (column {e.colno}: {e.msg})") from None
            except (ValueError, RecursionError) as e:
                raise DataError(f"{path}: line {number} is not a JSON record ({str(e)[:60]})") from None
    if not records:
        raise DataError(f"{path}: the file holds no records")
    return records


def _one_object(text):
    """Return the list of records if `text` is one JSON value, and otherwise None. An object in which each value holds a question
    is read as {id: record}, the format that Pyserini writes for DPR; any other value is a single record.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(whole, dict) and whole and all(isinstance(v, dict) and known(v, QUESTIONS) for v in whole.values()):
        return [{"id": key, **record} for key, record in whole.items()]
    return [whole]


def field(record, name, kind, where):
    """Return `record[name]`. Raises DataError if it is missing, not of the type `kind`, or a blank string."""
    if not isinstance(record, dict):
        raise DataError(f"{where}: must be an object, but is {type(record).__name__}")
    if name not in record:
        raise DataError(f"{where}: field {name!r} is missing{_others(record)}")
    value = record[name]
    if not isinstance(value, kind):
        raise DataError(f"{where}: field {name!r} must be {kind.__name__}, but is {type(value).__name__}")
    if kind is str and not value.strip():
        raise DataError(f"{where}: field {name!r} is empty")
    return encodable(value, name, where) if kind is str else value


def _others(record):
    names = ", ".join(map(repr, list(record)[:12]))
    return f"; the fields are {names[:200]}" if names else ""


def encodable(value, name, where):
    """Return the string `value`. Raises DataError if UTF-8 cannot encode it, since JSON may hold half a character ("\\ud800")."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise DataError(f"{where}: field {name!r} holds half a character (a lone surrogate), {value[:40]!r}") from None
    return value


def strings(record, name, where):
    """Return `record[name]`. Raises DataError if it is not a list of strings."""
    values = field(record, name, list, where)
    for i, value in enumerate(values):
        if not isinstance(value, str):
            raise DataError(f"{where}: field '{name}[{i}]' must be str, but is {type(value).__name__}")
        encodable(value, f"{name}[{i}]", where)
    return values


def known(record, names):
    """Return the first of the field names `names` for which the record has a value; None if it has none of them."""
    return next((name for name in names if record.get(name) is not None), None)


def refuse_alike(record, what, names, where):
    """Raise DataError if a field of the record has an unknown name that looks like a name for the missing field `what`.

    what   the missing field, a key of ALIKE, such as "title"
    names  the known names of this field, under which it was not found
    where  the beginning of the message: the file and the record
    """
    read = {*QUESTIONS, *ANSWERS, *GOLDS, *TITLES, *TEXTS, *names}
    for name, value in record.items():
        if name not in read and value not in (None, "", []) and re.search(ALIKE[what], name):
            raise DataError(
                f"{where}: field {name!r} looks like the {what}, but is not known here; the known names are {', '.join(names)}: "
                "rename it, or remove it if it is something else"
            )


def id_of(record, names, where):
    """Return the id of a record (a string or an integer) as a string; None if the record has no id.

    `names` are the fields that may hold the id. Raises DataError if two of these fields hold different ids.
    """
    found = {name: record[name] for name in names if record.get(name) is not None}
    for name, value in found.items():
        if not isinstance(value, int) or isinstance(value, bool):
            field(record, name, str, where)
    if len({str(value) for value in found.values()}) > 1:
        told = ", ".join(f"{name!r} is {str(value)[:40]!r}" for name, value in found.items())
        raise DataError(f"{where}: its ids differ, {told}: keep only the right one")
    if not found:
        refuse_alike(record, "id", names, where)
    return next((str(value) for value in found.values()), None)


def passage_of(record, where, ids):
    """Return the passage in a record, as {"id", "title", "text"}. If it is not valid, raise DataError; `where` begins the message.

    A passage without an id gets one from `ids`, {(title, text): made-up id}; if its title and text are not there, they are added.
    """
    name = (known(record, TEXTS) if isinstance(record, dict) else None) or "text"
    bare = name == "text" and isinstance(record, dict) and record.get(name) == "" and record.get("title")  # allowed in BEIR
    text = "" if bare else field(record, name, str, where)
    key, title = id_of(record, PASSAGE_IDS, where), ""
    if record.get("title") not in (None, ""):
        title = field(record, "title", str, where)
    elif "title" not in record:
        refuse_alike(record, "title", TITLES, where)
        if name == "contents" and text.find("\n") > 0:
            title, text = (part.strip() for part in text.split("\n", 1))
    return {"id": ids.setdefault((title, text), f"p{len(ids):05d}") if key is None else key, "title": title, "text": text}


def answers_of(record, where):
    """Return the answers of a record (a list, a string or KILT's outputs) as a list of strings; None if it has none."""
    name = known(record, ANSWERS)
    if name is None:
        refuse_alike(record, "answers", ANSWERS, where)
        return None
    if name == "output":
        outputs = field(record, name, list, where)
        found = [o["answer"] for o in outputs if isinstance(o, dict) and o.get("answer") is not None]
        return strings({"output": list(dict.fromkeys(found)) if all(isinstance(a, str) for a in found) else found}, "output", where)
    if name != "answers" and isinstance(record[name], str):
        return [field(record, name, str, where)]
    return strings(record, name, where)


def sample_of(record, where, ids):
    """Return a record as a sample, a dict with "question", "id" and "answers". "id" and "answers" are None if they are missing.

    The record's gold passage becomes the sample's "gold_context"; if only its id is given, the id becomes "gold_id". The first of
    several positives is the gold passage, as in DPR's own training (Karpukhin et al. 2020, section 4.2).
    """
    if not isinstance(record, dict):
        raise DataError(f"{where}: must be an object, but is {type(record).__name__}")
    name = known(record, QUESTIONS)
    if name is None and not record.get("title") and isinstance(record.get("text"), str) and known(record, QUESTION_IDS):
        name = "text"  # its name in BEIR, and in Tevatron's files for encoding
    if name is None and "query_id" in record:
        name = "query"
    question = field(record, name or "question", str, where)
    sample = {"id": id_of(record, QUESTION_IDS, where), "question": question, "answers": answers_of(record, where)}
    gold = next((name for name in GOLDS if name in record), None)
    if gold is None:
        refuse_alike(record, "gold passage", GOLDS, where)
    elif gold == "gold_context":
        sample["gold_context"] = passage_of(field(record, gold, dict, where), f"{where}, {gold}", ids)
    elif positives := field(record, gold, list, where):
        if gold != "positive_document_ids":
            sample["gold_context"] = passage_of(positives[0], f"{where}, {gold}[0]", ids)
        else:
            sample["gold_id"] = id_of({"id": positives[0]}, ("id",), f"{where}, {gold}[0]")
    return sample


def all_or_none(have_ids, path):
    """Raise DataError if some, but not all, of `have_ids` (one bool per record) are true: a made-up id may equal a real one."""
    if any(have_ids) and not all(have_ids):
        raise DataError(
            f"{path}: record {have_ids.index(False)}: has no id, but record {have_ids.index(True)} has one: give an id to every record"
        )


def with_ids(samples, path):
    """Return `samples`, with the new ids q00000, q00001, ... if none has an id. Raises DataError if only some have one."""
    all_or_none([s["id"] is not None for s in samples], path)
    for i, s in enumerate(samples):
        s["id"] = f"q{i:05d}" if s["id"] is None else s["id"]
    return samples
