"""BM25 as README, data card and model card state it: `python data_scripts/measure_bm25.py [--data FILE]`."""

import argparse

from dpr_course.bm25 import bm25_candidates
from dpr_course.data import load_own, load_toy_nq
from dpr_course.embed import as_read
from dpr_course.results import K_VALUES
from dpr_course.track import get_track


def recall(candidates, by):
    """R@k in percent, counted by passage "id" or by "title"."""
    return {k: 100 * sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates) / len(candidates) for k in K_VALUES}


def measured(samples, passages):
    """{(system, how hits are counted): {k: percent}}: BM25 on whole passages, and on what the toy encoder reads of them."""
    track = get_track("toy")
    texts = {"BM25": passages, "BM25 on the cut text": as_read(passages, track.load_tokenizer(), track.max_length)}
    found = {name: bm25_candidates(samples, some, max(K_VALUES)) for name, some in texts.items()}
    return {(name, by): recall(c, by) for name, c in found.items() for by in ("id", "title")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", metavar="FILE", help="all questions of this file; without it, the validation questions of the toy NQ"
    )
    args = parser.parse_args()
    train, val, passages = load_own(args.data) if args.data else load_toy_nq()
    samples = train + val if args.data else val
    print(f"{len(samples)} questions, {len(passages)} passages\n" + " " * 32 + "".join(f"{f'R@{k}':>8}" for k in K_VALUES))
    for (name, by), row in measured(samples, passages).items():
        print(f"{name + ', by ' + by:<32}" + "".join(f"{row[k]:8.1f}" for k in K_VALUES))


if __name__ == "__main__":
    main()
