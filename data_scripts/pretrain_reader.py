"""Pre-train the toy reader on the passages alone: no question, no label.

    python data_scripts/pretrain_reader.py           # see --help; a run that was stopped continues from the last checkpoint

The reader is a standard T5 with wired initial weights (`wired_reader.py`). It answers pseudo-questions that are made from the
sentences of the passages by rule (`pseudo_questions.py`), first from one passage, then from two, then from five. Every --watch
steps the script prints the exact match on 200 questions of the course's training data. For each of them the reader gets only
the gold passage, and must copy its answer from it. The reader is never trained on these questions here.

The default schedule takes 66 processor minutes on one core of an AMD EPYC. It made the reader that ships with the course, which
has an exact match of 31 % zero shot, and of 25 % with BM25's first five passages after fine-tuning. The reader's model card,
`dpr_course/assets/toy_reader/README.md`, has the figures and says what else was tried.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from reader_examples import Examples
from train_reader_tokenizer import train_tokenizer
from transformers import PreTrainedTokenizerFast
from wired_reader import make_reader, match, wire

from dpr_course.data import TOY_NQ, load_passages, load_samples
from dpr_course.encoders import save_tokenizer
from dpr_course.files import ASSETS, replacing
from dpr_course.reader.exact_match import exact_match_rate
from dpr_course.reader.fusion import fused_loss
from dpr_course.reader.reading import answer_all

STAGES = "1200,1,32,60,0.3;2600,2,16,110,0.25;5600,5,6,130,0.15"
LEAST_RATE = 0.03  # the learning rate at the end, as a share of the highest one
RECIPE = ("stages", "lr", "warmup", "seed", "vocabulary", "d", "layers", "start")


def schedule(text):
    """Return the rows of a --stages option such as "600,1,32,60,0.3;…". Raises ValueError if a row does not have five numbers.

    A row is (last step, passages per question, batch size, tokens per passage, share of examples with renamed names).
    """
    rows = []
    for row in text.split(";"):
        values = [float(x) for x in row.split(",")]
        if len(values) != 5:
            raise ValueError(
                f"--stages: {row!r} has {len(values)} numbers; five are needed: step,passages,batch,tokens,share renamed"
            )
        rows.append((*map(int, values[:4]), values[4]))
    return rows


def make_optimizer(model, lr):
    """Return an AdamW optimiser that applies weight decay to matrices, but not to vectors, embeddings and position biases."""
    groups = {True: [], False: []}
    for name, p in model.named_parameters():
        groups[p.ndim > 1 and "shared" not in name and "bias" not in name].append(p)
    parts = [{"params": groups[True], "weight_decay": 0.01}, {"params": groups[False], "weight_decay": 0.0}]
    return torch.optim.AdamW(parts, lr=lr, betas=(0.9, 0.98))


def right(logits, labels):
    """Return two shares of the answers: those whose first token is predicted right, and those whose tokens all are.

    Each token is predicted from the right tokens before it (teacher forcing).
    """
    ok = (logits.argmax(-1) == labels) | (labels == -100)
    return ok[:, 0].float().mean().item(), ok.all(1).float().mean().item()


def step_of(model, optimizer, examples, stage, rate):
    """Take one optimiser step at learning rate `rate`. Returns (loss, share, share), the two shares as `right` computes them.

    `stage` is a row that `schedule` returned.
    """
    _, n, size, length, rename = stage
    for group in optimizer.param_groups:
        group["lr"] = rate
    model.train()
    ids, mask, labels = examples.batch(size, n, length, rename)
    loss, logits = fused_loss(model, ids, mask, labels)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item(), *right(logits.detach(), labels)


def zero_shot(model, tokenizer, samples):
    """Return the reader's exact match in percent on `samples`. It reads only the gold passage and copies its answer from it."""
    contexts = [[s["gold_context"]] for s in samples]
    return exact_match_rate(answer_all(model, tokenizer, [s["question"] for s in samples], contexts), samples)


class Run:
    """A pre-training run: model, optimiser and history. `save` and `resume` let a stopped run continue."""

    def __init__(self, args, passages):
        self.file, self.recipe = args.work / "checkpoint.pt", {k: getattr(args, k) for k in RECIPE}
        self.rng, self.step, self.curve, self.seconds = random.Random(args.seed), 0, [], 0.0
        torch.manual_seed(args.seed)
        args.work.mkdir(parents=True, exist_ok=True)
        if self.file.exists():
            self.tokenizer = PreTrainedTokenizerFast.from_pretrained(args.work)
        else:
            self.tokenizer = train_tokenizer(passages, args.vocabulary)
            save_tokenizer(self.tokenizer, args.work)
        self.model = make_reader(self.tokenizer, args.d, args.layers, args.layers)
        if args.start == "wired":
            wire(self.model, self.tokenizer, [p["text"] for p in passages])
        elif args.start == "matching":
            match(self.model)
        self.optimizer = make_optimizer(self.model, args.lr)
        if self.file.exists():
            self.resume()

    def resume(self):
        kept = torch.load(self.file, weights_only=False)
        if kept["recipe"] != self.recipe:
            raise SystemExit(f"{self.file} was made by another recipe, {kept['recipe']}; delete it, or give another --work")
        self.model.load_state_dict(kept["model"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.rng.setstate(kept["rng"])
        self.step, self.curve, self.seconds = kept["step"], kept["curve"], kept["seconds"]
        print(f"going on from step {self.step}", flush=True)

    def save(self, seconds):
        """Save a checkpoint. If the program is stopped while saving, the file is the complete old or the complete new checkpoint."""
        kept = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "rng": self.rng.getstate()}
        with replacing(self.file) as part:
            torch.save({**kept, "recipe": self.recipe, "step": self.step, "curve": self.curve, "seconds": seconds}, part)


def pretrain(args):
    torch.set_num_threads(args.threads)
    passages, watched = load_passages(args.passages), load_samples(args.watched)[:200]
    stages = schedule(args.stages)
    total = stages[-1][0]
    run = Run(args, passages)
    examples = Examples(passages, run.tokenizer, run.rng)
    begun, sums = time.process_time() - run.seconds, []
    while run.step < min(total, args.stop_at or total):
        stage = next(s for s in stages if run.step < s[0])
        rate = args.lr * min((run.step + 1) / args.warmup, max(LEAST_RATE, 1 - run.step / total))
        sums.append(step_of(run.model, run.optimizer, examples, stage, rate))
        run.step += 1
        if run.step % args.every == 0 or run.step == total:
            loss, first, whole = (round(sum(x) / len(sums), 3) for x in zip(*sums))
            line = {"step": run.step, "passages": stage[1], "loss": loss, "first": first, "whole": whole}
            line["minutes"], sums = round((time.process_time() - begun) / 60, 2), []
            if run.step % args.watch == 0 or run.step == total:
                line["zero_shot"] = zero_shot(run.model, run.tokenizer, watched)
            run.curve.append(line)
            print(json.dumps(line), flush=True)
            run.save(time.process_time() - begun)
    if run.step == total:
        write(run, args.out)


def write(run, out):
    """Save the run's reader, in half precision, and its tokenizer to the folder `out`, with its recipe in pretraining.json."""
    run.model.half().save_pretrained(out)
    save_tokenizer(run.tokenizer, out)
    log = {"recipe": run.recipe, "torch": torch.__version__, "curve": run.curve}
    (out / "pretraining.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    print(f"{sum(p.numel() for p in run.model.parameters()) / 1e6:.2f} M parameters, written to {out}")


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    ap.add_argument(
        "--passages", type=Path, default=TOY_NQ / "passages.jsonl", help="file of passages with title, text, family and domain"
    )
    ap.add_argument(
        "--watched", type=Path, default=TOY_NQ / "train.jsonl", help="file of questions, of which the first 200 are watched"
    )
    ap.add_argument("--out", type=Path, default=ASSETS / "toy_reader", help="folder to write to")
    ap.add_argument("--work", type=Path, default="pretraining_reader", help="folder of the checkpoint")
    ap.add_argument("--stages", default=STAGES, help="last step,passages,batch,tokens of a passage,share renamed;…")
    ap.add_argument("--lr", type=float, default=1e-3, help="highest learning rate")
    ap.add_argument("--warmup", type=int, default=60, help="steps until then")
    ap.add_argument(
        "--vocabulary", type=int, default=7000, help="number of lower-case word pieces; their capitalised twins are added to these"
    )
    ap.add_argument("--d", type=int, default=192, help="size of a vector")
    ap.add_argument("--layers", type=int, default=2, help="number of layers of the encoder, and also of the decoder")
    ap.add_argument(
        "--start",
        choices=("wired", "matching", "plain"),
        default="wired",
        help="initial weights: set by rule, set only to attend to equal words and to copy, or T5's own random ones",
    )
    ap.add_argument("--seed", type=int, default=1, help="seed of weights, questions and passages")
    ap.add_argument("--threads", type=int, default=1, help="processor cores")
    ap.add_argument("--every", type=int, default=50, help="steps between two lines and checkpoints")
    ap.add_argument("--watch", type=int, default=200, help="steps between two evaluations on the watched questions")
    ap.add_argument("--stop-at", type=int, help="stop after this step, with a checkpoint if it is one of --every")
    pretrain(ap.parse_args())


if __name__ == "__main__":
    main()
