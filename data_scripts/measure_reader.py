"""Fine-tune a pre-trained reader on the training questions and measure it on the validation questions.

    python data_scripts/measure_reader.py --reader dpr_course/assets/toy_reader     # prints one JSON line per measurement

In fine-tuning, the reader gets each of the 500 training questions with its gold passage and other passages that BM25 found, in
random order. The target is the answer as it is written in the gold passage. Exact match is then measured with the gold passage
alone, without any passage, with BM25's first n passages, and with the gold passage followed by the best others of BM25.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch

from dpr_course.bm25 import bm25_candidates
from dpr_course.data import load_toy_nq
from dpr_course.encoders import save_tokenizer
from dpr_course.reader.batch import reader_batch
from dpr_course.reader.exact_match import exact_match_rate
from dpr_course.reader.fusion import fused_loss
from dpr_course.reader.model import load_reader
from dpr_course.reader.reading import answer_all
from dpr_course.reader.samples import BLANK, target_of

OTHERS = 6  # a question's other passages are drawn from BM25's best passages without the gold one, this many of them


def say(**line):
    print(json.dumps(line), flush=True)


def found(samples, passages, k):
    """Return a list with, for each sample, the k passages that BM25 ranks highest, best first."""
    return [[passages[i] for i in c["topk_indices"]] for c in bm25_candidates(samples, passages, k=k)]


def without_gold(sample, ranked):
    return [p for p in ranked if p["id"] != sample["gold_context"]["id"]]


def training_batch(tokenizer, samples, ranked, n, dropped, rng):
    """Return (ids, mask, labels) for `samples`: token ids and mask (B, n, L), and the token ids of the targets (B, T).

    ranked   for each sample, its passages as ranked by BM25, best first
    n        number of passages per question, including the gold passage
    dropped  share of the questions' words that is left out
    rng      random.Random that makes all choices
    """
    contexts = []
    for sample, row in zip(samples, ranked):
        others = rng.sample(without_gold(sample, row)[:OTHERS], n - 1)
        contexts.append(rng.sample([sample["gold_context"], *others], n))
    questions = [" ".join(w for w in s["question"].split() if rng.random() >= dropped) for s in samples]
    drawn = [
        {"question": q, "answers": s["answers"], "target": target_of(s), "ctxs": ctxs}
        for s, q, ctxs in zip(samples, questions, contexts)
    ]
    return reader_batch(tokenizer, drawn, n)


def finetune(model, tokenizer, samples, ranked, args):
    """Train `model` in place. The learning rate rises linearly over a tenth of the steps, then falls linearly."""
    rng, order = random.Random(args.seed), list(range(len(samples)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.01)
    steps, step, begun = args.epochs * -(-len(samples) // args.batch_size), 0, time.process_time()
    for epoch in range(args.epochs):
        rng.shuffle(order)
        losses = []
        for a in range(0, len(order), args.batch_size):
            rows = order[a : a + args.batch_size]
            part = [samples[i] for i in rows], [ranked[i] for i in rows]
            batch = training_batch(tokenizer, *part, args.n_context, args.dropped, rng)
            for group in optimizer.param_groups:
                group["lr"] = args.lr * min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps), 1.0)
            model.train()
            loss, _ = fused_loss(model, *batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            step += 1
        say(epoch=epoch + 1, loss=round(sum(losses) / len(losses), 3), cpu_seconds=round(time.process_time() - begun))


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
    ap.add_argument("--out", type=Path, help="folder to write the fine-tuned reader to")
    ap.add_argument("--n-context", type=int, default=2, help="number of passages per question in fine-tuning")
    ap.add_argument("--epochs", type=int, default=5, help="number of epochs of fine-tuning; 0 for none")
    ap.add_argument("--batch-size", type=int, default=10, help="questions in a batch")
    ap.add_argument("--lr", type=float, default=5e-4, help="highest learning rate")
    ap.add_argument("--dropped", type=float, default=0.08, help="share of the words of a training question that is left out")
    ap.add_argument("--limit", type=int, default=1000, help="number of validation questions, drawn at random with seed 0")
    ap.add_argument("--read", type=int, nargs="*", default=[1, 2, 5, 10], help="numbers of BM25's passages to read")
    ap.add_argument("--beams", type=int, default=1, help="of the decoder")
    ap.add_argument("--show", type=int, default=0, help="answers to print")
    ap.add_argument("--seed", type=int, default=0, help="seed of the order and of the passages")
    ap.add_argument("--threads", type=int, default=2, help="processor cores")
    args = ap.parse_args()
    if not 1 <= args.n_context <= OTHERS + 1:
        ap.error(f"--n-context is {args.n_context}, but must be from 1 to {OTHERS + 1}")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    train, val, passages = load_toy_nq()
    val = random.Random(0).sample(val, min(args.limit, len(val)))
    tokenizer, model = load_reader(args.reader)
    finetune(model, tokenizer, train, found(train, passages, OTHERS + 1), args)
    if args.out:
        model.save_pretrained(args.out)
        save_tokenizer(tokenizer, args.out)
    measure(model, tokenizer, val, found(val, passages, max([5, *args.read])), args)


if __name__ == "__main__":
    main()
