"""Damage to data files in Fusion-in-Decoder's format.

Each kind of damage is a function of a random generator and the records of a valid file. It returns the bytes of a damaged file,
and a list of texts that the error message must contain.
"""

import gzip
import json

WRONG = {  # {field: values that must be refused}
    "id": (True, 1.5, [1], {}, " "),
    "question": (None, 7, ["who"], "", " \n", "\ud800"),
    "answers": ("Io", {"a": 1}, 3, [1], [None], ["Io", ["x"]], ["\udfff"]),
    "target": (3, ["Io"], "", {"text": "Io"}),
    "ctxs": (None, "text", {"0": {}}, 5, []),
}
WRONG_OF_PASSAGE = {
    "id": (False, 2.5, [], " "),
    "title": (4, ["a"], {}, " ", "\ud800"),
    "text": (None, 4, ["a"], " ", "half \udc00"),
    "score": (float("nan"), float("inf"), "-Infinity", "nan", "high", "", "1_0", "0x1f", True, [1.5], {}, 10**400, "1e999"),
    "hasanswer": ("true", 1, []),
}
FOREIGN = {"id": "question_no", "answers": "gold_answers", "ctxs": "passages", "question": "frage"}
FOREIGN_OF_PASSAGE = {"id": "docno", "title": "page_title", "text": "passage", "score": "bm25_score"}


def written(rng, records):
    """Return the bytes of a file of the records, at random a JSON list or JSON lines; one file in ten is compressed by gzip."""
    text = "\n".join(json.dumps(r) for r in records) if rng.random() < 0.5 else json.dumps(records, indent=rng.choice((None, 1)))
    return gzip.compress(text.encode()) if rng.random() < 0.1 else text.encode()


def a_place(rng, records):
    """Choose a record and one of its passages. Returns (record, passage, the record's name in messages, the passage's name there)."""
    i = rng.randrange(len(records))
    j = rng.randrange(len(records[i]["ctxs"]))
    return records[i], records[i]["ctxs"][j], f"record {i}", f"record {i}, ctxs[{j}]"


def truncated(rng, records):
    text = json.dumps(records, indent=rng.choice((None, 1)))
    if rng.random() < 0.5:
        text = "\n".join(json.dumps(r) for r in records)
        cut = rng.randrange(1, len(json.dumps(records[-1])))
        return text[:-cut].encode(), ["line"]
    return text[: rng.randrange(1, len(text) - 1)].encode(), ["line"]


def truncated_gzip(rng, records):
    packed = gzip.compress(json.dumps(records).encode())
    return packed[: rng.randrange(12, len(packed) - 1)], ["line 1", "gzip"]


def wrong_type(rng, records):
    record, _, where, _ = a_place(rng, records)
    name = rng.choice(list(WRONG))
    record[name] = rng.choice(WRONG[name])
    return written(rng, records), [where, name]


def wrong_type_of_passage(rng, records):
    _, passage, _, where = a_place(rng, records)
    name = rng.choice(list(WRONG_OF_PASSAGE))
    passage[name] = rng.choice(WRONG_OF_PASSAGE[name])
    return written(rng, records), [where, name]


def no_number(rng, records):
    _, passage, _, where = a_place(rng, records)
    passage["score"] = rng.choice(WRONG_OF_PASSAGE["score"])
    return written(rng, records), [where, "score"]


def missing(rng, records):
    record, _, where, _ = a_place(rng, records)
    name = rng.choice(("question", "ctxs", "id", "answers"))
    del record[name]
    record.pop("target", None)
    return written(rng, records), [where, name]


def missing_of_passage(rng, records):
    _, passage, where, _ = a_place(rng, records)
    name = rng.choice(list(passage))
    del passage[name]
    return written(rng, records), [where, "ctxs[", name]


def twice(rng, records):
    i, j = sorted(rng.sample(range(len(records)), 2))
    records[j]["id"] = records[i]["id"]
    return written(rng, records), [f"record {j}", "id", f"record {i} already"]


def twice_in_ctxs(rng, records):
    record, _, where, _ = a_place(rng, records)
    i, j = sorted(rng.sample(range(len(record["ctxs"])), 2))
    record["ctxs"][j]["id"] = record["ctxs"][i]["id"]
    return written(rng, records), [f"{where}, ctxs[{j}]", "id"]


def foreign(rng, records):
    name = rng.choice(list(FOREIGN))
    for record in records:
        record[FOREIGN[name]] = record.pop(name)
        record.pop("target", None)
    return written(rng, records), ["record 0", FOREIGN[name]]


def foreign_of_passage(rng, records):
    name = rng.choice(list(FOREIGN_OF_PASSAGE))
    for record in records:
        for passage in record["ctxs"]:
            passage[FOREIGN_OF_PASSAGE[name]] = passage.pop(name)
    return written(rng, records), ["record 0, ctxs[0]", FOREIGN_OF_PASSAGE[name]]


def no_record(rng, records):
    i = rng.randrange(len(records))
    records[i] = rng.choice((None, 3, "who", [], [["id", "q"]], True))
    return written(rng, records), [f"record {i}", "object"]


def no_passage(rng, records):
    record, _, where, _ = a_place(rng, records)
    j = rng.randrange(len(record["ctxs"]))
    record["ctxs"][j] = rng.choice((None, 3, "text", []))
    return written(rng, records), [f"{where}, ctxs[{j}]", "object"]


def no_text(rng, records):
    text = json.dumps(records, ensure_ascii=False, indent=1)
    return rng.choice((text.encode("utf-16"), (text + "é").encode("latin-1"))), ["line", "UTF-8"]


def nothing(rng, records):
    content, told = rng.choice(((b"", "no records"), (b"[]", "no questions"), (b"\n \n", "no records"), (b"{}", "'question'")))
    return content, [told]


DAMAGES = (
    truncated, truncated_gzip, wrong_type, wrong_type_of_passage, no_number, missing, missing_of_passage, twice, twice_in_ctxs,
    foreign, foreign_of_passage, no_record, no_passage, no_text, nothing,
)  # fmt: skip
