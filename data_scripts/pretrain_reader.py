"""Pre-train the toy reader on the passages alone: no question, no label."""

import argparse
import json
import random
import time
from pathlib import Path

import torch
from pseudo_questions import WORD, Asker, plain
from train_reader_tokenizer import train_tokenizer
from wired_reader import make_reader, wire

from dpr_course.data import load_toy_nq
from dpr_course.reader.batch import pad_rows
from dpr_course.reader.decode import answer_all
from dpr_course.reader.exact_match import exact_match_rate
from dpr_course.reader.fusion import fused_loss


class Examples:
    """Draws batches of pseudo-questions with their passage and distractors."""

    def __init__(self, passages, tokenizer, rng):
        self.passages, self.tokenizer, self.rng = passages, tokenizer, rng
        self.asker = Asker(passages, rng)
        ids = lambda texts: tokenizer(texts, add_special_tokens=False).input_ids  # noqa: E731
        self.head = ids(["question:"])[0]
        self.titles = ids([f"title: {p['title']} context:" for p in passages])
        self.texts = ids([p["text"] for p in passages])
        self.families, self.domains, self.holders = {}, {}, {}
        for i, p in enumerate(passages):
            self.families.setdefault(p["family"], []).append(i)
            self.domains.setdefault(p["domain"], []).append(i)
            for w in {plain(w) for w in WORD.findall(f"{p['title']} {p['text']}")}:
                self.holders.setdefault(w, []).append(i)
        pieces = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
        names = [i for i, t in enumerate(pieces) if t[:1] == "▁" and t[1:2].isupper() and len(t) > 3]
        number = {t: i for i, t in enumerate(pieces)}
        # Names of renamed examples: a capital piece and its small twin go the same way.
        self.names = [(i, number.get(pieces[i].lower(), i)) for i in names]
        self.common = {number.get("▁" + w.capitalize()) for w in "the a an in on at of he she it they his her its when after as by for with from one two".split()}

    def distractors(self, gold, question, n):
        rng, p, chosen = self.rng, self.passages[gold], [gold]
        words = [w for w in question.split() if 1 < len(self.holders.get(w, ())) < 100]
        while len(chosen) < n:
            r = rng.random()
            if r < 0.5 and words:
                k = rng.choice(self.holders[rng.choice(words)])
            else:
                k = rng.choice(self.families[p["family"]] if r < 0.8 else self.domains[p["domain"]])
            if k not in chosen:
                chosen.append(k)
        rng.shuffle(chosen)
        return chosen

    def crop(self, i, length, answer):
        ids = self.texts[i]
        if len(ids) <= length:
            return ids
        at = None
        if answer:
            m = len(answer)
            at = next((k for k in range(len(ids) - m + 1) if ids[k : k + m] == answer), None)
        low, high = (0, len(ids) - length) if at is None else (max(0, at + len(answer) - length), min(at, len(ids) - length))
        a = self.rng.randint(min(low, high), max(low, high))
        return ids[a : a + length]

    def batch(self, size, n, length, rename):
        drawn = [self.asker.draw() for _ in range(size)]
        questions = self.tokenizer([q for _, q, _ in drawn], add_special_tokens=False).input_ids
        targets = self.tokenizer([a for _, _, a in drawn]).input_ids
        rows = []
        for b, ((gold, text, _), q) in enumerate(zip(drawn, questions)):
            part = [
                [*self.head, *q, *self.titles[k], *self.crop(k, length, targets[b][:-1] if k == gold else None), 1]
                for k in self.distractors(gold, text, n)
            ]
            if self.rng.random() < rename:
                to = self.renaming()
                part = [[to.get(t, t) for t in row] for row in part]
                targets[b] = [to.get(t, t) for t in targets[b]]
            rows += part
        ids = pad_rows(rows, 0)
        ids = ids.view(size, n, -1)
        return ids, (ids != 0).long(), pad_rows(targets, -100)

    def renaming(self):
        moved = [pair for pair in self.names if pair[0] not in self.common and self.rng.random() < 0.7]
        other = moved[:]
        self.rng.shuffle(other)
        return {a: b for one, two in zip(moved, other) for a, b in zip(one, two)}


def schedule(text):
    """"300,1,32,50,0.3;..." -> rows of (last step, n, batch, length, rename)."""
    return [tuple(float(x) for x in row.split(",")) for row in text.split(";")]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--stages", default="600,1,32,60,0.3;1500,2,16,110,0.3;2600,4,10,130,0.2")
    ap.add_argument("--lr", type=float, default=8e-4)
    ap.add_argument("--warmup", type=int, default=60)
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--vocab", type=int, default=7000)
    ap.add_argument("--d", type=int, default=192)
    ap.add_argument("--encoder-layers", type=int, default=2)
    ap.add_argument("--every", type=int, default=50)
    ap.add_argument("--watch", type=int, default=200)
    ap.add_argument("--stop-at", type=int)
    args = ap.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    train, _, passages = load_toy_nq()
    tokenizer = train_tokenizer(passages, args.vocab)
    args.out.mkdir(parents=True, exist_ok=True)
    tok_dir = args.out / "tokenizer"
    if (args.out / "state.pt").exists():
        from transformers import PreTrainedTokenizerFast
        tokenizer = PreTrainedTokenizerFast.from_pretrained(tok_dir)
    else:
        tokenizer.save_pretrained(tok_dir)
    model = make_reader(tokenizer, args.d, args.encoder_layers)
    wire(model, tokenizer, [p["text"] for p in passages])
    print(sum(p.numel() for p in model.parameters()) / 1e6, "M", flush=True)
    examples = Examples(passages, tokenizer, rng)
    matrices = [p for n, p in model.named_parameters() if p.ndim > 1 and "shared" not in n and "bias" not in n]
    others = [p for n, p in model.named_parameters() if not (p.ndim > 1 and "shared" not in n and "bias" not in n)]
    opt = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=args.lr, betas=(0.9, 0.98), fused=True)
    stages = schedule(args.stages)
    total, step, log, spent = int(stages[-1][0]), 0, [], 0.0
    if (args.out / "state.pt").exists():
        state = torch.load(args.out / "state.pt", weights_only=False)
        model.load_state_dict(state["model"])
        opt.load_state_dict(state["opt"])
        rng.setstate(state["rng"])
        step, log, spent = state["step"], state["log"], state["spent"]
    begun, sums = time.process_time() - spent, []
    watch = train[:200]
    while step < min(total, args.stop_at or total):
        _, n, size, length, rename = next(s for s in stages if step < s[0])
        for g in opt.param_groups:
            g["lr"] = args.lr * min((step + 1) / args.warmup, max(0.03, 1 - step / total))
        model.train()
        ids, mask, labels = examples.batch(int(size), int(n), int(length), rename)
        loss, logits = fused_loss(model, ids, mask, labels)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        ok = (logits.detach().argmax(-1) == labels) | (labels == -100)
        sums.append((loss.item(), ok[:, 0].float().mean().item(), ok.all(1).float().mean().item()))
        step += 1
        if step % args.every == 0:
            m = [round(sum(x) / len(sums), 3) for x in zip(*sums)]
            line = dict(step=step, n=n, loss=m[0], first=m[1], whole=m[2], cpu_min=round((time.process_time() - begun) / 60, 2))
            sums = []
            if step % args.watch == 0:
                qs, cs = [s["question"] for s in watch], [[s["gold_context"]] for s in watch]
                line["zero_shot"] = exact_match_rate(answer_all(model, tokenizer, qs, cs, copied=True), watch)
                line["free"] = exact_match_rate(answer_all(model, tokenizer, qs, cs, copied=False), watch)
                new = args.out / "state.new"
                torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), rng=rng.getstate(), step=step, log=log, spent=time.process_time() - begun), new)
                new.replace(args.out / "state.pt")
            log.append(line)
            print(json.dumps(line), flush=True)
    model.half().save_pretrained(args.out / "final")
    tokenizer.save_pretrained(args.out / "final")


if __name__ == "__main__":
    main()
