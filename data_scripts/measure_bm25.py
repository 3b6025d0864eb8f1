"""Measure the BM25 numbers in README, data card and model card: `python data_scripts/measure_bm25.py [--data FILE]`."""

import argparse
import json

from dpr_course.bm25 import bm25_candidates
from dpr_course.data import TOY_NQ, load_own, load_toy_nq
from dpr_course.embed import as_read
from dpr_course.results import K_VALUES
from dpr_course.track import get_track


def recall(candidates, by):
    """Return {k: R@k in percent} for `candidates`, a list that `bm25_candidates` has returned.

    `by` says what must be among the first k: "id" means the gold passage, "title" means any passage with the gold passage's title.
    """
    return {k: 100 * sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates) / len(candidates) for k in K_VALUES}


def measured(samples, passages):
    """Return {(system, "id" or "title"): {k: R@k in percent}} for two systems.

    "BM25" searches the whole passages, "BM25 on the cut text" only the part of each passage that the toy encoder reads.
    """
    track = get_track("toy")
    texts = {"BM25": passages, "BM25 on the cut text": as_read(passages, track.load_tokenizer(), track.max_length)}
    found = {name: bm25_candidates(samples, some, max(K_VALUES)) for name, some in texts.items()}
    return {(name, by): recall(c, by) for name, c in found.items() for by in ("id", "title")}


def second_sources(candidates):
    """Return two percentages for the toy NQ's validation questions, from BM25's `candidates` for them.

    The sources of a question are its gold passage and the passages in its field `also`, which answer it too. The first
    percentage is the share of all questions whose first candidate is a source. The second counts only questions with several
    sources: it is the share of them for which all sources are among the first five candidates.
    """
    records = [json.loads(line) for line in (TOY_NQ / "val.jsonl").read_text(encoding="utf-8").splitlines()]
    right = [{r["gold_context"]["id"], *r.get("also", ())} for r in records]
    first = sum(c["topk_ids"][0] in ids for c, ids in zip(candidates, right, strict=True))
    several = [(c, ids) for c, ids in zip(candidates, right) if len(ids) > 1]
    together = sum(ids <= set(c["topk_ids"][:5]) for c, ids in several)
    return 100 * first / len(right), 100 * together / len(several)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", metavar="FILE", help="use all questions of this file (default: the validation questions of the toy NQ)"
    )
    args = parser.parse_args()
    train, val, passages = load_own(args.data) if args.data else load_toy_nq()
    samples = train + val if args.data else val
    print(f"{len(samples)} questions, {len(passages)} passages\n" + " " * 32 + "".join(f"{f'R@{k}':>8}" for k in K_VALUES))
    for (name, by), row in measured(samples, passages).items():
        print(f"{name + ', by ' + by:<32}" + "".join(f"{row[k]:8.1f}" for k in K_VALUES))
    if not args.data:
        first, together = second_sources(bm25_candidates(samples, passages))
        print(f"a passage that answers is first for {first:.1f} %; second sources: all among the first five for {together:.1f} %")


if __name__ == "__main__":
    main()
