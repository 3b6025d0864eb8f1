"""Check the authored toy Natural Questions and write the files that the course ships.

    python data_scripts/build_toy_nq.py                       # check everything, write dpr_course/assets/toy_nq
    python data_scripts/build_toy_nq.py --check astronomy     # check one authored file, write nothing

The authored files, from which the course's data are made, are data_scripts/toy_nq/<domain>.jsonl, one passage per line:

    {"family": "...", "title": "...", "text": "...", "questions": [{"question": "...", "answers": ["..."], "also": ["..."]}]}

`family` names a group of related passages, such as "moons of jupiter". `also` holds the ids of other passages that answer the
question too; most questions have no `also`.

Ids are made from the position in a file: the passage on line 17 of astronomy.jsonl has the id `astronomy-017`, and its first
question `astronomy-017-q1`. The rules are in toy_nq_rules.py and in the data card. If a rule is broken, the file, the line
and the rule are reported, and nothing is written.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from toy_nq_rules import check_all, check_domain, check_passage, check_statistics, statistics_of

from dpr_course.files import replacing

AUTHORED = Path(__file__).parent / "toy_nq"
SHIPPED = Path(__file__).parents[1] / "dpr_course" / "assets" / "toy_nq"

PASSAGES, TRAIN, VAL, TRAIN_PAIRS = 1500, 500, 1000, 20
TRAIN_ALSO, VAL_ALSO = 40, 120  # minimum number of questions with a second source, that is, with `also`


def load(path, errors):
    """Return the passages of one authored file. Lines that break a rule are left out, and are reported in the list `errors`."""
    passages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.name}:{number}"
        try:
            p = json.loads(line)
        except json.JSONDecodeError as e:
            errors.append(f"{where}: not valid JSON: {e}")
            continue
        broken = list(check_passage(p))
        errors += [f"{where}: {message}" for message in broken]
        if not broken:
            passages.append({"id": f"{path.stem}-{number:03d}", "domain": path.stem, "where": where, **p})
    if passages:
        errors += [f"{path.name}: {message}" for message in check_domain(passages)]
    return passages


def split(passages):
    """Return (training questions, validation questions), two lists of dicts.

    A hash of a passage's id determines the split of its questions, so editing a text moves no question to the other split. Both
    questions of a passage are in the same split. Of the passages with two questions, 20 are in training, because stage 04 needs
    training questions that share a gold passage; the others are in validation.
    """

    def digest(p):
        return hashlib.sha256(p["id"].encode()).hexdigest()

    pairs = sorted((p for p in passages if len(p["questions"]) == 2), key=digest)
    singles = sorted((p for p in passages if len(p["questions"]) == 1), key=digest)
    n = TRAIN - 2 * TRAIN_PAIRS
    in_train = {p["id"] for p in pairs[:TRAIN_PAIRS] + singles[:n]}
    train, val = [], []
    for p in passages:
        gold = {"id": p["id"], "title": p["title"], "text": p["text"]}
        for i, q in enumerate(p["questions"], 1):
            record = {"id": f"{p['id']}-q{i}", **q, "gold_context": gold}
            (train if p["id"] in in_train else val).append(record)
    return train, val


def write(path, records):
    """Write the records to the file `path`, one JSON object per line."""
    with replacing(path) as part:
        part.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="DOMAIN", help="check this authored file only and write nothing")
    args = parser.parse_args()

    files = [AUTHORED / f"{args.check}.jsonl"] if args.check else sorted(AUTHORED.glob("*.jsonl"))
    errors = []
    passages = []
    for path in files:
        if not path.exists():
            sys.exit(f"{path} does not exist")
        passages += load(path, errors)
    errors += check_all(passages, whole=not args.check)

    stats = statistics_of(passages) if passages else {}
    for name, value in stats.items():
        print(f"{name}: {value}")
    if not args.check:
        errors += check_statistics(stats)
        if (len(passages), stats["questions"]) != (PASSAGES, TRAIN + VAL):
            errors.append(f"{len(passages)} passages and {stats['questions']} questions, but must be {PASSAGES} and {TRAIN + VAL}")
    if errors:
        sys.exit("\n".join([*errors, f"{len(errors)} rules broken, nothing written"]))
    if args.check:
        print("all rules hold")
        return

    train, val = split(passages)
    assert (len(train), len(val)) == (TRAIN, VAL)
    also = tuple(sum("also" in q for q in part) for part in (train, val))
    print(f"questions with a second source: {also[0]} for training, {also[1]} for validation")
    if also[0] < TRAIN_ALSO or also[1] < VAL_ALSO:
        sys.exit(f"must be at least {TRAIN_ALSO} and {VAL_ALSO}, nothing written")
    write(SHIPPED / "train.jsonl", train)
    write(SHIPPED / "val.jsonl", val)
    write(SHIPPED / "passages.jsonl", [{k: p[k] for k in ("id", "title", "text", "domain", "family")} for p in passages])
    print(f"wrote {SHIPPED}")


if __name__ == "__main__":
    main()
