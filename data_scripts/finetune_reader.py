"""Fine-tune the toy reader on the training questions, several times, and average the weights of the runs.

    python data_scripts/finetune_reader.py           # writes dpr_course/assets/toy_reader_finetuned

For each of the 500 training questions the reader reads the gold passage and others that BM25 found, in random order. It learns
to write the answer as it is spelled in the gold passage. A batch has two, five or ten passages per question. It also holds
pseudo-questions, as in pre-training, because the reader would soon know 500 questions by heart. A reader with the mean weights
of several runs answers better than the reader of any one run (Wortsman et al. 2022, Model soups, arXiv 2203.05482).

Three runs of six epochs take 21 processor minutes on one core of an AMD EPYC. `measure_reader.py` measures the result.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from reader_examples import Examples
from tqdm import tqdm

from dpr_course.bm25 import bm25_candidates
from dpr_course.data import load_toy_nq
from dpr_course.encoders import save_tokenizer
from dpr_course.files import ASSETS
from dpr_course.reader.batch import reader_batch
from dpr_course.reader.fusion import fused_loss
from dpr_course.reader.model import load_reader
from dpr_course.reader.samples import target_of

MORE = 2  # if a question needs m passages besides the gold one, they are drawn from BM25's best m + MORE
LENGTH, RENAMED = 130, 0.15  # for pseudo-questions: maximum number of tokens per passage; share of questions with replaced names


def training_batch(tokenizer, samples, others, n, dropped, rng):
    """Return token ids and mask (B, n, L) and labels (B, T) for B `samples`, each with its gold passage and n - 1 others.

    others   one list per sample: BM25's best passages without the gold one, best first; n - 1 of the first n - 1 + MORE are drawn
    n        number of passages per question, the gold one included
    dropped  share of the words of the questions that is left out, at random
    rng      random.Random that makes all choices
    """
    contexts = []
    for sample, row in zip(samples, others):
        contexts.append(rng.sample([sample["gold_context"], *rng.sample(row[: n - 1 + MORE], n - 1)], n))
    questions = [" ".join(w for w in s["question"].split() if rng.random() >= dropped) for s in samples]
    drawn = [
        {"question": q, "answers": s["answers"], "target": target_of(s), "ctxs": ctxs}
        for s, q, ctxs in zip(samples, questions, contexts)
    ]
    return reader_batch(tokenizer, drawn, n)


def finetune(samples, others, passages, args, seed):
    """Return a reader that was fine-tuned with this seed, its tokenizer, and the mean loss of each epoch.

    The learning rate rises linearly over a tenth of the steps, then falls linearly.
    """
    torch.manual_seed(seed)
    tokenizer, model = load_reader(args.reader)
    rng, order, losses = random.Random(seed), list(range(len(samples))), []
    pseudo = Examples(passages, tokenizer, rng)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.01)
    starts = range(0, len(samples), args.batch_size)
    steps, step = args.epochs * len(starts), 0
    for epoch in range(args.epochs):
        rng.shuffle(order)
        losses.append(0.0)
        for a in tqdm(starts, desc=f"seed {seed}, epoch {epoch + 1}", unit="step", leave=False):
            rows = order[a : a + args.batch_size]
            rate = args.lr * min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps), 1.0)
            for group in optimizer.param_groups:
                group["lr"] = rate
            model.train()
            part = [samples[i] for i in rows], [others[i] for i in rows]
            n = rng.choice(args.n_context)
            batch = training_batch(tokenizer, *part, n, args.dropped, rng)
            optimizer.zero_grad(set_to_none=True)
            loss, _ = fused_loss(model, *batch)
            loss.backward()
            if args.pseudo:
                other, _ = fused_loss(model, *pseudo.batch(args.pseudo, n, LENGTH, RENAMED))
                (other * args.pseudo / args.batch_size).backward()  # each question counts alike, real or not
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses[-1] += loss.item() / len(starts)
            step += 1
    return tokenizer, model.eval(), [round(v, 3) for v in losses]


def average(models):
    """Set the weights of the first model to the mean of the weights of all `models`, and return the first model."""
    states = [m.state_dict() for m in models]
    models[0].load_state_dict({k: sum(s[k] for s in states) / len(states) for k in states[0]})
    return models[0]


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    ap.add_argument("--reader", default="toy", help="folder or name of a T5 with its tokenizer")
    ap.add_argument("--out", type=Path, default=ASSETS / "toy_reader_finetuned", help="folder to write to")
    ap.add_argument(
        "--n-context",
        type=int,
        nargs="+",
        default=[2, 5, 10],
        help="numbers of passages per question, of which each batch draws one",
    )
    ap.add_argument("--epochs", type=int, default=6, help="number of epochs of a run")
    ap.add_argument("--runs", type=int, default=3, help="number of runs whose weights are averaged")
    ap.add_argument("--batch-size", type=int, default=10, help="questions in a batch")
    ap.add_argument("--pseudo", type=int, default=6, help="pseudo-questions in a batch, besides the questions")
    ap.add_argument("--lr", type=float, default=5e-4, help="highest learning rate")
    ap.add_argument("--dropped", type=float, default=0.08, help="share of the words of a training question that is left out")
    ap.add_argument("--seed", type=int, default=0, help="seed of the first run; the next runs have the next seeds")
    ap.add_argument("--threads", type=int, default=1, help="processor cores")
    args = ap.parse_args()
    if min(args.n_context) < 1:
        ap.error(f"--n-context is {min(args.n_context)}, but must be at least 1")
    most = max(args.n_context) - 1 + MORE
    torch.set_num_threads(args.threads)
    train, _, passages = load_toy_nq()
    found = bm25_candidates(train, passages, k=most + 1)
    others = [
        [passages[i] for i in c["topk_indices"] if passages[i]["id"] != s["gold_context"]["id"]][:most]
        for s, c in zip(train, found)
    ]
    models, log = [], {}
    for seed in range(args.seed, args.seed + args.runs):
        begun = time.process_time()
        tokenizer, model, log[seed] = finetune(train, others, passages, args, seed)
        models.append(model)
        print(json.dumps({"seed": seed, "loss": log[seed], "cpu_seconds": round(time.process_time() - begun)}), flush=True)
    average(models).half().save_pretrained(args.out)
    save_tokenizer(tokenizer, args.out)
    recipe = {k: v for k, v in vars(args).items() if k not in ("out", "threads")}
    record = {"recipe": recipe, "torch": torch.__version__, "loss of each epoch, by seed": log}
    (args.out / "finetuning.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"written to {args.out}")


if __name__ == "__main__":
    main()
