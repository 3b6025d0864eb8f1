"""Measure a reader on the validation questions: exact match in percent for each choice of passages.

    python data_scripts/measure_reader.py --reader toy_finetuned     # prints one JSON line per measurement

The choices are: the gold passage alone; no passage; BM25's first n passages; the gold passage followed by four others from BM25.
"""

import argparse
import json
import random
import time

import torch

from dpr_course.bm25 import bm25_candidates
from dpr_course.data import load_toy_nq
from dpr_course.reader.exact_match import exact_match_rate
from dpr_course.reader.model import load_reader
from dpr_course.reader.reading import answer_all
from dpr_course.reader.samples import BLANK


def say(**line):
    print(json.dumps(line), flush=True)


def found(samples, passages, k):
    """Return, for each sample, its k best passages by BM25, best first."""
    return [[passages[i] for i in c["topk_indices"]] for c in bm25_candidates(samples, passages, k=k)]


def without_gold(sample, ranked):
    """Return the passages in `ranked` except the sample's gold passage."""
    return [p for p in ranked if p["id"] != sample["gold_context"]["id"]]


def measure(model, tokenizer, samples, ranked, args):
    """Print exact match in percent for each choice of passages, such as the gold passage alone or BM25's first five."""
    questions = [s["question"] for s in samples]

    def em(read, contexts, copied=True, show=0):
        begun = time.process_time()
        answers = answer_all(model, tokenizer, questions, contexts, copied=copied, beams=args.beams)
        rate = round(exact_match_rate(answers, samples), 1)
        say(read=read, copied=copied, questions=len(samples), em=rate, cpu_seconds=round(time.process_time() - begun))
        for sample, answer in list(zip(samples, answers))[:show]:
            print("   ", sample["question"], sample["answers"][:2], "->", answer)

    gold = [[s["gold_context"]] for s in samples]
    em("gold passage alone", gold, show=args.show)
    em("gold passage alone", gold, copied=False)
    em("nothing", [[BLANK]] * len(samples), copied=False)
    for n in args.read:
        em(f"BM25's first {n}", [row[:n] for row in ranked])
    em("gold passage, then BM25's", [[s["gold_context"], *without_gold(s, row)[:4]] for s, row in zip(samples, ranked)])


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    ap.add_argument("--reader", default="toy", help="folder or name of a T5 with its tokenizer")
    ap.add_argument("--limit", type=int, default=1000, help="number of validation questions, drawn at random with seed 0")
    ap.add_argument("--read", type=int, nargs="*", default=[1, 2, 5, 10], help="numbers of BM25's passages to read")
    ap.add_argument("--beams", type=int, default=1, help="number of beams in decoding")
    ap.add_argument("--show", type=int, default=0, help="number of answers to print")
    ap.add_argument("--threads", type=int, default=2, help="processor cores")
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    _, val, passages = load_toy_nq()
    val = random.Random(0).sample(val, min(args.limit, len(val)))
    tokenizer, model = load_reader(args.reader)
    measure(model, tokenizer, val, found(val, passages, max([5, *args.read])), args)


if __name__ == "__main__":
    main()
