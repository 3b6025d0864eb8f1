"""Questions and passages, and the files they come in.

Everywhere in the course a *sample* is a dict in the assignment's format, with ids added:

    {"id", "question", "answers": [str], "gold_context": {"id", "title", "text"}}

and a *passage* is `{"id", "title", "text"}`. After mining, a sample also has "hard_negative", a passage.
"""

import json
import random
from collections import Counter
from pathlib import Path

TOY_NQ = Path(__file__).parent / "assets" / "toy_nq"
NQ_SEED, NQ_TRAIN, NQ_VAL = 42, 500, 1000  # the assignment's sampling of real NQ
OWN_LEAST = 360  # questions in a file of one's own: 120 to train on, 240 to measure with


class DataError(ValueError):
    """A data file is not what it should be. The message names file, record and field."""


def read_text(path):
    """The text of a file in UTF-8, with or without a byte-order mark. Raises DataError naming the line where it is none."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as e:
        line = e.object[: e.start].count(b"\n") + 1
        raise DataError(
            f"{path}: line {line}: not text in UTF-8; a packed file must be unpacked, another encoding changed"
        ) from None
    except OSError as e:
        raise DataError(f"{path}: {'no such file' if isinstance(e, FileNotFoundError) else e.strerror}") from None


def read_records(path):
    """The objects of a `.json` list or of a JSON-lines file (one object a line).

    Raises DataError naming the line where the file is damaged.
    """
    text = read_text(path)
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except json.JSONDecodeError as e:
            raise DataError(f"{path}: not a complete JSON list (line {e.lineno}, column {e.colno}: {e.msg})") from None
        except (ValueError, RecursionError) as e:  # a number of thousands of digits, brackets without end
            raise DataError(f"{path}: not a JSON list of records ({str(e)[:60]})") from None
    records = []
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines(): JSON may hold U+2028 and its like as they are
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


def _field(record, name, kind, where):
    """`record[name]` if it is there and of the right kind, else DataError."""
    if not isinstance(record, dict):
        raise DataError(f"{where}: must be an object, is {type(record).__name__}")
    if name not in record:
        raise DataError(f"{where}: field {name!r} is missing")
    value = record[name]
    if not isinstance(value, kind):
        raise DataError(f"{where}: field {name!r} must be {kind.__name__}, is {type(value).__name__}")
    if kind is str and not value.strip():
        raise DataError(f"{where}: field {name!r} is empty")
    return _encodable(value, name, where) if kind is str else value


def _encodable(value, name, where):
    """`value`, text, unless it cannot be written in UTF-8: a JSON file may hold half a character, as in "\\ud800"."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise DataError(f"{where}: field {name!r} holds half a character (a lone surrogate), {value[:40]!r}") from None
    return value


def _id(record, name, where):
    """An id, text or a whole number, as text."""
    value = record.get(name) if isinstance(record, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _field(record, name, str, where)


def _strings(record, name, where):
    values = _field(record, name, list, where)
    for i, value in enumerate(values):
        if not isinstance(value, str):
            raise DataError(f"{where}: field '{name}[{i}]' must be str, is {type(value).__name__}")
        _encodable(value, f"{name}[{i}]", where)
    return values


def _passage(record, where, ids):
    """A checked passage. One without an id gets one from its content, so that equal passages are one passage."""
    text = _field(record, "text", str, where)
    title = "" if record.get("title") in (None, "") else _field(record, "title", str, where)
    name = next((name for name in ("id", "passage_id") if record.get(name) is not None), None)
    key = _id(record, name, where) if name else ids.setdefault((title, text), f"p{len(ids):05d}")
    return {"id": key, "title": title, "text": text}


def load_samples(path):
    """Samples from a file in the assignment's format. Missing ids are made up from order and content.

    Raises DataError naming the record and the field that is missing, empty or of the wrong type.
    """
    ids, samples = {}, []
    for i, record in enumerate(read_records(path)):
        where = f"{path}: record {i}"
        sample = {
            "question": _field(record, "question", str, where),
            "id": f"q{i:05d}" if record.get("id") is None else _id(record, "id", where),
            "answers": _strings(record, "answers", where),
            "gold_context": _passage(_field(record, "gold_context", dict, where), f"{where}, gold_context", ids),
        }
        if "hard_negative" in record:
            sample["hard_negative"] = _passage(_field(record, "hard_negative", dict, where), f"{where}, hard_negative", ids)
        samples.append(sample)
    return samples


def load_dpr(path, hard_negative=True):
    """Samples from a file in DPR's retriever format (`positive_ctxs`, `hard_negative_ctxs`, ...).

    The gold passage is the first positive, as in DPR's own training (Karpukhin et al. 2020, section 4.2); samples without
    a positive are left out, as DPR leaves them out. With `hard_negative`, the first hard negative is
    taken along where there is one. The curly apostrophe in questions becomes a straight one.
    Raises DataError naming the record and the field.
    """
    ids, samples = {}, []
    for i, record in enumerate(read_records(path)):
        where = f"{path}: record {i}"
        question = _field(record, "question", str, where).replace("’", "'")
        answers = _strings(record, "answers", where)
        positives = _field(record, "positive_ctxs", list, where)
        if not positives:
            continue
        sample = {
            "id": f"q{i:05d}", "question": question, "answers": answers,
            "gold_context": _passage(positives[0], f"{where}, positive_ctxs[0]", ids),
        }  # fmt: skip
        if hard_negative and record.get("hard_negative_ctxs"):
            negatives = _field(record, "hard_negative_ctxs", list, where)
            sample["hard_negative"] = _passage(negatives[0], f"{where}, hard_negative_ctxs[0]", ids)
        samples.append(sample)
    return samples


def load_passages(path):
    """Passages from a JSON or JSON-lines file of `{"id", "title", "text"}`; other fields are kept."""
    ids, passages = {}, []
    for i, record in enumerate(read_records(path)):
        passages.append(record | _passage(record, f"{path}: record {i}", ids))
    return passages


def gold_passages(samples):
    """The distinct gold passages of `samples`, in order of first use."""
    return list({s["gold_context"]["id"]: s["gold_context"] for s in samples}.values())


def passages_by_content(samples):
    """The distinct gold passages of `samples`, told apart by title and text, with new ids; the samples' golds get them too.

    For samples from several files: ids made up for each file would clash.
    """
    passages = {}
    for s in samples:
        gold = s["gold_context"]
        key = (gold["title"], gold["text"])
        s["gold_context"] = passages.setdefault(key, {**gold, "id": f"p{len(passages):05d}"})
    return list(passages.values())


def load_toy_nq():
    """The toy Natural Questions of this course: 500 training and 1,000 validation samples, 1,500 passages."""
    return (
        load_samples(TOY_NQ / "train.jsonl"),
        load_samples(TOY_NQ / "val.jsonl"),
        load_passages(TOY_NQ / "passages.jsonl"),
    )


def load_questions(path):
    """Samples from a file in the assignment's format or in DPR's retriever format, whichever it is."""
    first = read_records(path)[0]
    return load_dpr(path) if isinstance(first, dict) and "positive_ctxs" in first else load_samples(path)


def load_own(path):
    """A file of one's own: a third of the questions, drawn with seed 42, to train on, the others to measure with.

    Returns training samples, validation samples, and the gold passages of both as the knowledge base.
    """
    samples = load_questions(path)
    if len(samples) < OWN_LEAST:
        raise DataError(f"{path}: holds {len(samples)} questions; the notebooks need {OWN_LEAST} or more")
    random.Random(NQ_SEED).shuffle(samples)
    n = len(samples) // 3
    return samples[:n], samples[n:], gold_passages(samples)


def load_nq(folder):
    """Real Natural Questions, sampled as the assignment does it: seed 42, 500 training and 1,000 validation samples.

    `folder` holds `nq-train.json` and `nq-dev.json` in the assignment's format. The knowledge base is
    the gold passages of both samples, training first, each passage once.
    """
    folder = Path(folder)
    files = [folder / "nq-train.json", folder / "nq-dev.json"]
    for file in files:
        if not file.exists():
            raise DataError(
                f"{file}: no such file. Fetch real NQ with `python data_scripts/fetch_nq.py --out {folder}`, or set DPR_DATA to "
                "the whole path of a file of questions, or of the folder that holds nq-train.json and nq-dev.json; "
                "offline, use DPR_TRACK=toy without DPR_DATA"
            )
    train, val = (load_samples(file) for file in files)
    for file, samples, n in ((files[0], train, NQ_TRAIN), (files[1], val, NQ_VAL)):
        if len(samples) < n:
            raise DataError(f"{file}: holds {len(samples)} samples, {n} are to be drawn")
    rng = random.Random(NQ_SEED)
    train, val = rng.sample(train, NQ_TRAIN), rng.sample(val, NQ_VAL)
    passages = passages_by_content(train + val)
    for i, s in enumerate(train + val):
        s["id"] = f"q{i:05d}"
    return train, val, passages


def hold_out(samples, n, seed=0):
    """Split `samples` into (rest, held out) with `n` held out: the development split that selects a checkpoint.

    Samples that share a gold passage stay together, so that no held-out passage was trained on.
    """
    rng = random.Random(seed)
    sizes = Counter(s["gold_context"]["id"] for s in samples)
    order = list(sizes)
    rng.shuffle(order)
    count, chosen = 0, set()
    for gold in order:
        if count + sizes[gold] <= n:
            chosen.add(gold)
            count += sizes[gold]
    rest = [s for s in samples if s["gold_context"]["id"] not in chosen]
    return rest, [s for s in samples if s["gold_context"]["id"] in chosen]
