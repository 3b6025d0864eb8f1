"""Check the authored toy Natural Questions and write the files that the course ships.

    python data_scripts/build_toy_nq.py                       # check everything, write dpr_course/assets/toy_nq
    python data_scripts/build_toy_nq.py --check astronomy     # check one authored file, write nothing

The authored files are data_scripts/toy_nq/<domain>.jsonl, one passage a line:

    {"family": "...", "title": "...", "text": "...", "questions": [{"question": "...", "answers": ["..."]}]}

Ids are derived: the passage on line 17 of astronomy.jsonl is `astronomy-017`, its first question
`astronomy-017-q1`. The rules below are the ones in the data card; a broken one is reported with
file, line and rule, and nothing is written.
"""

import argparse
import hashlib
import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from pathlib import Path

AUTHORED = Path(__file__).parent / "toy_nq"
SHIPPED = Path(__file__).parents[1] / "dpr_course" / "assets" / "toy_nq"

PASSAGES, TRAIN, VAL, TRAIN_PAIRS = 1500, 500, 1000, 20
DOMAIN_PASSAGES, DOMAIN_QUESTIONS = 50, 50

# Words that say nothing about the topic; what is left of a question are its content words.
STOP_WORDS = set(
    """
    a an the of in on at to for from by with and or is are was were be been being do does did has have had
    who whom whose what when where which why how many much it its this that these those as s t i you he she
    they we his her their there
    """.split()
)


def words(text):
    """Lower-case word tokens, the unit of every rule below."""
    return re.findall(r"\w+", text.lower())


def contains(haystack, needle):
    """True if the token list `needle` occurs contiguously in the token list `haystack`."""
    n = len(needle)
    return n > 0 and any(haystack[i : i + n] == needle for i in range(len(haystack) - n + 1))


def overlap(question, passage):
    """Share of the question's content words that occur in the passage's title or text."""
    content = [w for w in words(question) if w not in STOP_WORDS]
    seen = set(words(passage["title"] + " " + passage["text"]))
    return sum(w in seen for w in content) / max(1, len(content))


def check_passage(p):
    """Rules for one line: yields messages, one for each broken rule."""
    if not isinstance(p, dict) or set(p) != {"family", "title", "text", "questions"}:
        yield "a line must be an object with exactly family, title, text, questions"
        return
    for field in ("family", "title", "text"):
        if not isinstance(p[field], str) or p[field] != p[field].strip() or not p[field]:
            yield f"{field} must be a non-empty string without spaces at its ends"
            return
    if re.search(r"\s\s|[\n\t]", p["text"]):
        yield "text has a double space, tab or line break"
    n = len(p["text"].split())
    if not 60 <= n <= 110:
        yield f"text has {n} words, must have 60 to 110"
    if not p["text"].endswith((".", "!", "?", '."', ".”")):
        yield "text must end with a full sentence"
    if len(p["title"].split()) > 10:
        yield "title is longer than 10 words"
    if not isinstance(p["questions"], list) or len(p["questions"]) > 2:
        yield "questions must be a list of at most 2"
        return
    for q in p["questions"]:
        yield from check_question(q, p)


def check_question(q, p):
    if not isinstance(q, dict) or set(q) != {"question", "answers"}:
        yield "a question must be an object with exactly question, answers"
        return
    text, answers = q["question"], q["answers"]
    if not isinstance(text, str) or text != text.strip() or text != text.lower() or "?" in text or "  " in text:
        yield f"question must be lower case, without question mark or stray spaces: {text!r}"
        return
    if not 5 <= len(text.split()) <= 14:
        yield f"question has {len(text.split())} words, must have 5 to 14: {text!r}"
    if not isinstance(answers, list) or not 1 <= len(answers) <= 4:
        yield f"answers must be a list of 1 to 4 strings: {text!r}"
        return
    for a in answers:
        if not isinstance(a, str) or not words(a) or a != a.strip() or len(a.split()) > 8:
            yield f"answer must be a short string (1 to 8 words): {a!r}"
            return
        if contains(words(text), words(a)):
            yield f"question contains its answer {a!r}: {text!r}"
    if not any(contains(words(p["text"]), words(a)) for a in answers):
        yield f"no answer of {answers} is found in the text: {text!r}"
    if overlap(text, p) == 0:
        yield f"question shares no content word with its passage: {text!r}"


def check_domain(passages):
    """Rules for one file: yields messages."""
    counts = Counter(len(p["questions"]) for p in passages)
    if len(passages) != DOMAIN_PASSAGES:
        yield f"has {len(passages)} passages, must have {DOMAIN_PASSAGES}"
    if counts[2] != 2 or counts[0] != 2:
        yield f"has {counts[2]} passages with two questions and {counts[0]} with none, must have 2 and 2"
    for family, n in Counter(p["family"] for p in passages).items():
        if n < 3:
            yield f"family {family!r} has {n} passages, must have at least 3"
    titles = Counter(p["title"] for p in passages)
    share = sum(n > 1 for n in titles.values()) / len(titles)
    if not 0.10 <= share <= 0.27:
        yield f"{share:.0%} of titles carry several passages, must be 10 to 27 %"
    if max(titles.values()) > 4:
        yield f"title {titles.most_common(1)[0][0]!r} carries more than 4 passages"


def near_duplicates(passages, limit=0.3):
    """Pairs of passages whose sets of word 3-grams have a Jaccard similarity of `limit` or more."""
    grams = []
    index = defaultdict(list)
    for i, p in enumerate(passages):
        w = words(p["text"])
        grams.append({tuple(w[j : j + 3]) for j in range(len(w) - 2)})
        for g in grams[i]:
            index[g].append(i)
    shared = Counter()
    for ids in index.values():
        for a in range(len(ids)):
            for b in ids[a + 1 :]:
                shared[ids[a], b] += 1
    for (a, b), n in shared.items():
        jaccard = n / (len(grams[a]) + len(grams[b]) - n)
        if jaccard >= limit:
            yield passages[a], passages[b], jaccard


def statistics_of(passages):
    """The measured properties that should match real Natural Questions."""
    pairs = [(q["question"], p) for p in passages for q in p["questions"]]
    lengths = sorted(len(q.split()) for q, _ in pairs)
    shares = [overlap(q, p) for q, p in pairs]
    titles = Counter(p["title"] for p in passages)
    return {
        "passages": len(passages),
        "questions": len(pairs),
        "passage words, mean": round(statistics.mean(len(p["text"].split()) for p in passages), 1),
        "question words, mean": round(statistics.mean(lengths), 2),
        "question words, 5 to 95 %": [lengths[len(lengths) // 20], lengths[-1 - len(lengths) // 20]],
        "overlap, mean": round(statistics.mean(shares), 3),
        "overlap, quartiles": [round(x, 2) for x in statistics.quantiles(shares, n=4)],
        "titles with several passages": round(sum(n > 1 for n in titles.values()) / len(titles), 3),
        "families": len({(p.get("domain"), p["family"]) for p in passages}),
        "first words": dict(Counter(q.split()[0] for q, _ in pairs).most_common(8)),
    }


def check_statistics(s):
    """Rules for the whole knowledge base: yields messages."""
    if not 75 <= s["passage words, mean"] <= 85:
        yield f"mean passage length is {s['passage words, mean']} words, must be 75 to 85"
    if not 8.5 <= s["question words, mean"] <= 9.8:
        yield f"mean question length is {s['question words, mean']} words, must be 8.5 to 9.8"
    if not 0.57 <= s["overlap, mean"] <= 0.67:
        yield f"mean overlap is {s['overlap, mean']}, must be 0.57 to 0.67"
    for have, want in zip(s["overlap, quartiles"], (0.50, 0.67, 0.80)):
        if abs(have - want) > 0.07:
            yield f"overlap quartiles are {s['overlap, quartiles']}, must be near 0.50, 0.67, 0.80"
            break
    if not 0.12 <= s["titles with several passages"] <= 0.25:
        yield f"share of titles with several passages is {s['titles with several passages']}, must be 0.12 to 0.25"


def load(path, errors):
    """Read one authored file; broken lines are reported in `errors` and left out."""
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


def check_all(passages):
    """Rules across lines: yields messages."""
    seen = {}
    for p in passages:
        for key in [("text", p["text"])] + [("question", q["question"]) for q in p["questions"]]:
            if key in seen:
                yield f"{p['where']}: same {key[0]} as {seen[key]}"
            seen[key] = p["where"]
    for a, b, jaccard in near_duplicates(passages):
        yield f"{b['where']}: wording too close to {a['where']} (3-gram Jaccard {jaccard:.2f}, must be below 0.30)"


def split(passages):
    """Train and validation questions. Decided by a hash, so that editing one question moves no other.

    Passages with two questions keep both in one split: 20 of them in training, where they make the
    duplicate golds of stage 04, the rest in validation.
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
    """Write JSON lines, through a temporary file so that a stop never leaves half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    part.replace(path)


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
    errors += check_all(passages)

    stats = statistics_of(passages) if passages else {}
    for name, value in stats.items():
        print(f"{name}: {value}")
    if not args.check:
        errors += check_statistics(stats)
        if (len(passages), stats["questions"]) != (PASSAGES, TRAIN + VAL):
            errors.append(f"{len(passages)} passages, {stats['questions']} questions, must be {PASSAGES}, {TRAIN + VAL}")
    if errors:
        sys.exit("\n".join([*errors, f"{len(errors)} rules broken, nothing written"]))
    if args.check:
        print("all rules hold")
        return

    train, val = split(passages)
    assert (len(train), len(val)) == (TRAIN, VAL)
    write(SHIPPED / "train.jsonl", train)
    write(SHIPPED / "val.jsonl", val)
    write(SHIPPED / "passages.jsonl", [{k: p[k] for k in ("id", "title", "text", "domain", "family")} for p in passages])
    print(f"wrote {SHIPPED}")


if __name__ == "__main__":
    main()
