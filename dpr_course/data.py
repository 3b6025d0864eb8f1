"""Reads files of questions and passages.

Everywhere in the course a *passage* is a dict `{"id", "title", "text"}`, and a *sample* is a dict with a question:

    {"id", "question", "answers": [str], "gold_context": {"id", "title", "text"}}

"gold_context" is the gold passage, which answers the question. After hard negatives are mined, a sample may also have
"hard_negative", a passage. If passages other than the gold one answer the question too, "also" is the list of their ids.
"""

import random
from collections import Counter
from pathlib import Path

from dpr_course.files import ASSETS
from dpr_course.records import (
    GOLDS,
    PASSAGE_IDS,
    TEXTS,
    DataError,
    all_or_none,
    field,
    known,
    passage_of,
    read_records,
    sample_of,
    strings,
    with_ids,
)

TOY_NQ = ASSETS / "toy_nq"
NQ_SEED, NQ_TRAIN, NQ_VAL = 42, 500, 1000  # seed and numbers of samples drawn from real NQ, as in the original assignment
OWN_LEAST = 360  # minimum number of questions in a user's own file: 120 for training, 240 for measuring


def load_samples(path):
    """Return the samples of a JSON or JSON-lines file in the course's format, which the module's docstring describes.

    Missing ids are made up: questions are numbered in their order, and passages with equal title and text get the same id.
    Fields other than "gold_context" may have the names that other systems use, see `dpr_course.records`. Raises DataError if a
    field is missing, empty or of the wrong type; the message names the record and the field.
    """
    ids, samples = {}, []
    for i, record in enumerate(read_records(path)):
        where = f"{path}: record {i}"
        if isinstance(record, dict) and "gold_context" not in record and (other := known(record, GOLDS)):
            remedy = (
                "; for a file in DPR's format, write `format: dpr` in the run's section data" if other == "positive_ctxs" else ""
            )
            raise DataError(
                f"{where}: its gold passages are in {other!r}, but the course's format, which is read here, has them in 'gold_context'{remedy}"
            )
        sample = sample_of(record, where, ids)
        if sample["answers"] is None:
            field(record, "answers", list, where)
        field(record, "gold_context", dict, where)
        if "hard_negative" in record:
            sample["hard_negative"] = passage_of(field(record, "hard_negative", dict, where), f"{where}, hard_negative", ids)
        if "also" in record:
            sample["also"] = strings(record, "also", where)
        samples.append(sample)
    return with_ids(samples, path)


def load_dpr(path, hard_negative=True):
    """Return the samples of a file in DPR's retriever format (`positive_ctxs`, `hard_negative_ctxs`, ...).

    The gold passage is the first passage in `positive_ctxs`, as in DPR's own training (Karpukhin et al. 2020, section 4.2).
    Records in which this list is empty are left out, as in DPR. If `hard_negative` is true, the first passage in a record's
    `hard_negative_ctxs`, if any, becomes the sample's "hard_negative". Curly apostrophes in questions become straight ones.
    Raises DataError for a mistake in a record; the message names the record and the field.
    """
    ids, samples = {}, []
    for i, record in enumerate(read_records(path)):
        where = f"{path}: record {i}"
        field(record, "positive_ctxs", list, where)
        sample = sample_of(record, where, ids)
        if sample["answers"] is None:
            field(record, "answers", list, where)
        sample["question"] = sample["question"].replace("’", "'")
        if hard_negative and record.get("hard_negative_ctxs") and "gold_context" in sample:
            negatives = field(record, "hard_negative_ctxs", list, where)
            sample["hard_negative"] = passage_of(negatives[0], f"{where}, hard_negative_ctxs[0]", ids)
        samples.append(sample)
    return [s for s in with_ids(samples, path) if "gold_context" in s]


def load_passages(path):
    """Return the passages of a JSON or JSON-lines file of `{"id", "title", "text"}`.

    These three fields may have the names that other systems use, see `dpr_course.records`. All other fields are kept. If no
    passage has an id, the passages get the ids p00000, p00001, ... in the order of the file, and a message is printed. Passages
    with equal title and text then get the same id. Raises DataError if only some passages have an id.
    """
    ids, records = {}, read_records(path)
    passages = [passage_of(record, f"{path}: record {i}", ids) for i, record in enumerate(records)]
    all_or_none([known(record, PASSAGE_IDS) is not None for record in records], path)
    if ids:
        print(f"{path}: the passages have no ids, so they are numbered p00000, p00001, ... in their order")
    read = {*PASSAGE_IDS, *TEXTS}
    return [{k: v for k, v in record.items() if k not in read} | passage for record, passage in zip(records, passages)]


def gold_passages(samples):
    """Return the distinct gold passages of `samples`, in order of first use."""
    return list({s["gold_context"]["id"]: s["gold_context"] for s in samples}.values())


def passages_by_content(samples):
    """Return the gold passages of `samples` with new ids p00000, p00001, ...; passages with equal title and text become one.

    The samples are changed in place: their gold passages get the new ids too. The function is for samples from several files,
    because ids that were made up for one file may also occur in another.
    """
    passages = {}
    for s in samples:
        gold = s["gold_context"]
        key = (gold["title"], gold["text"])
        s["gold_context"] = passages.setdefault(key, {**gold, "id": f"p{len(passages):05d}"})
    return list(passages.values())


def load_toy_nq():
    """Return (500 training samples, 1,000 validation samples, 1,500 passages), the course's toy Natural Questions."""
    return (
        load_samples(TOY_NQ / "train.jsonl"),
        load_samples(TOY_NQ / "val.jsonl"),
        load_passages(TOY_NQ / "passages.jsonl"),
    )


def load_questions(path):
    """Return the samples of a file in the course's format or in DPR's retriever format. The first record tells the format."""
    records = read_records(path)
    if not records:
        raise DataError(f"{path}: the file holds no questions")
    return load_dpr(path) if isinstance(records[0], dict) and "positive_ctxs" in records[0] else load_samples(path)


def load_own(path):
    """Return (training samples, validation samples, passages) from a user's own file of questions.

    A third of the questions, drawn with seed 42, are for training, and the rest for validation. The passages, which serve as the
    knowledge base, are the gold passages of all these questions. Raises DataError if the file holds fewer than OWN_LEAST
    questions.
    """
    samples = load_questions(path)
    if len(samples) < OWN_LEAST:
        raise DataError(f"{path} holds {len(samples)} questions; the notebooks need {OWN_LEAST} or more")
    random.Random(NQ_SEED).shuffle(samples)
    n = len(samples) // 3
    return samples[:n], samples[n:], gold_passages(samples)


def load_nq(folder):
    """Return (training samples, validation samples, passages) of real Natural Questions.

    `folder` must hold `nq-train.json` and `nq-dev.json` in the course's format. 500 training samples and 1,000 validation
    samples are drawn from these files with seed 42. The passages are the distinct gold passages of the drawn samples, those of
    the training samples first. Raises DataError if a file is missing or holds too few samples.
    """
    folder = Path(folder)
    files = [folder / "nq-train.json", folder / "nq-dev.json"]
    for file in files:
        if not file.exists():
            raise DataError(
                f"{file}: there is no such file. Fetch real NQ with `python data_scripts/fetch_nq.py --out {folder}`, or set DPR_DATA to "
                "the whole path of a file of questions, or of the folder that holds nq-train.json and nq-dev.json; "
                "offline, use DPR_TRACK=toy without DPR_DATA"
            )
    train, val = (load_samples(file) for file in files)
    for file, samples, n in ((files[0], train, NQ_TRAIN), (files[1], val, NQ_VAL)):
        if len(samples) < n:
            raise DataError(f"{file} holds {len(samples)} samples, fewer than the {n} that are to be drawn")
    rng = random.Random(NQ_SEED)
    train, val = rng.sample(train, NQ_TRAIN), rng.sample(val, NQ_VAL)
    passages = passages_by_content(train + val)
    for i, s in enumerate(train + val):
        s["id"] = f"q{i:05d}"
    return train, val, passages


def hold_out(samples, n, seed=0):
    """Split `samples` into two lists, (rest, held out), and return both. The held-out samples serve to choose the best epoch.

    At most `n` samples are held out. Samples with the same gold passage stay in the same list, so that training on the rest
    never uses the gold passage of a held-out sample.
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
