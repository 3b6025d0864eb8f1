"""Pre-train the toy encoder on the passages alone: no question, no label.

    python data_scripts/train_tokenizer.py
    python data_scripts/pretrain_encoder.py           # about 20 minutes on 2 CPU cores, 1 minute on a GPU

A small transformer that starts from random weights learns nothing from 500 question-passage pairs. This
script pre-trains it on the toy passages, as DistilBERT was pre-trained on Wikipedia. Each step draws a batch of
passages and cuts two random crops out of each, a short one (a pseudo-question) and a long one (a pseudo-passage).
The model has two objectives. The vectors of a passage's two crops must be nearer to each other than to those of any other
passage in the batch (the independent cropping of Contriever, Izacard et al. 2022, section 3.1). And the model must predict
masked words of the long crop (Devlin et al. 2019). The vector of a crop is here the *mean* over its words. The course
later fine-tunes the [CLS] vector instead. Before that, the [CLS] vector says almost nothing about the text (see
`blank_cls`), so the untrained encoder's recall is low, as DistilBERT's is.

The script may be stopped at any time. If it is started again, it continues from the last checkpoint in --work.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tqdm.auto import tqdm
from train_tokenizer import ASSETS, SPECIAL, read_passages
from transformers import AutoTokenizer, DistilBertConfig, DistilBertForMaskedLM

from dpr_course.encoders import save_tokenizer
from dpr_course.files import replacing
from dpr_course.quiet import quiet

QUESTION_CROP, PASSAGE_CROP = (4, 14), (24, 64)  # tokens
MASKED, MLM_WEIGHT = 0.15, 0.3
SEP = SPECIAL.index("[SEP]")  # ids up to SEP are [PAD], [UNK], [CLS], [SEP]; higher ids are words, or [MASK] in place of a word


def make_model(tokenizer, dim, layers, heads, ffn):
    config = DistilBertConfig(
        vocab_size=len(tokenizer), dim=dim, n_layers=layers, n_heads=heads, hidden_dim=ffn,
        max_position_embeddings=128, dropout=0.0, attention_dropout=0.0, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    model = DistilBertForMaskedLM(config)
    # Embeddings of positions and special tokens start at zero, so that those that no crop ever uses add no noise later.
    with torch.no_grad():
        model.distilbert.embeddings.position_embeddings.weight.zero_()
        model.distilbert.embeddings.word_embeddings.weight[: len(SPECIAL)] = 0
    return model


def crop(ids, low, high, rng):
    """Return a random run of `low` to `high` consecutive tokens of the list `ids`, or all tokens if there are fewer."""
    n = min(len(ids), rng.randint(low, high))
    start = rng.randint(0, len(ids) - n)
    return ids[start : start + n]


def pad(crops, tokenizer):
    """Return (ids, mask), both (B, T), for B crops. [CLS] is put before each crop, and all are padded to the longest.

    The mask is 0 on [CLS] and on padding. No word attends to [CLS], so pre-training leaves its vector for the course to train.
    """
    rows = [[tokenizer.cls_token_id, *c] for c in crops]
    T = max(map(len, rows))
    ids = torch.tensor([r + [tokenizer.pad_token_id] * (T - len(r)) for r in rows])
    mask = torch.tensor([[0] + [1] * (len(r) - 1) + [0] * (T - len(r)) for r in rows])
    return ids, mask


def make_batch(passages, size, tokenizer, rng):
    """Return (Q, Q_mask, P, P_mask, targets) for B = `size` random passages. `passages` holds the token ids of each passage.

    Q        (B, T) ids of the short crops
    P        (B, L) ids of the long crops, in which some words are replaced by [MASK]
    targets  (B, L) ids of the replaced words, and -100 elsewhere
    """
    chosen = [rng.choice(passages) for _ in range(size)]
    Q, Q_mask = pad([crop(ids, *QUESTION_CROP, rng) for ids in chosen], tokenizer)
    P, P_mask = pad([crop(ids, *PASSAGE_CROP, rng) for ids in chosen], tokenizer)
    hidden = (torch.rand(P.shape) < MASKED) & (tokenizer.mask_token_id < P)  # never a special token
    targets = P.masked_fill(~hidden, -100)
    return Q, Q_mask, P.masked_fill(hidden, tokenizer.mask_token_id), P_mask, targets


def mean_pool(H, ids):
    """Return the mean over words (B, d) of the hidden states H (B, T, d).

    ids (B, T) are the token ids. Positions with special tokens or padding are left out of the mean.
    """
    m = (ids > SEP).unsqueeze(-1).to(H.dtype)
    return (H * m).sum(1) / m.sum(1)


def loss_of(model, batch):
    """Return (contrastive loss, masked-word loss, share of the short crops whose nearest long crop is of the same passage)."""
    Q, Q_mask, P, P_mask, targets = batch
    encoder = model.distilbert
    X = mean_pool(encoder(Q, Q_mask).last_hidden_state, Q)  # (B, d)
    H = encoder(P, P_mask).last_hidden_state  # (B, T, d)
    Y = mean_pool(H, P)  # (B, d)
    S = X @ Y.T * 4 / math.sqrt(X.size(1))  # (B, B)
    labels = torch.arange(len(S), device=S.device)
    picked = targets != -100
    # Only the masked positions go through the vocabulary layer, the costly part of the head.
    h = model.vocab_layer_norm(model.activation(model.vocab_transform(H[picked])))
    mlm = F.cross_entropy(model.vocab_projector(h), targets[picked])
    return F.cross_entropy(S, labels), mlm, (S.argmax(1) == labels).float().mean()


def blank_cls(encoder, passages, tokenizer, rng, device, steps=100):
    """Change the input embedding of [CLS] so that the encoder's output at [CLS] says as little as possible about the text.

    All other weights are frozen, and this embedding is trained so that the outputs at [CLS] differ as little as possible between
    texts. Everything that they say about a text later therefore comes from the training in the course. (DistilBERT's output at
    [CLS] says little for another reason: its pre-training does not use it.)
    """
    encoder.eval().requires_grad_(False)
    W = encoder.embeddings.word_embeddings.weight
    cls = W[tokenizer.cls_token_id].clone().requires_grad_()  # (d,)
    optimizer = torch.optim.Adam([cls], lr=0.02)
    for _ in tqdm(range(steps), desc="blank [CLS]", unit="step"):
        texts = [rng.choice(passages) for i in range(64)]
        limits = [(64, 96) if i % 2 else QUESTION_CROP for i in range(64)]  # passages and pseudo-questions
        ids, _ = pad([crop(t, *limit, rng) + [tokenizer.sep_token_id] for t, limit in zip(texts, limits)], tokenizer)
        ids = ids.to(device)
        E = W[ids]  # (B, T, d)
        E = torch.cat([cls.expand(len(E), 1, -1), E[:, 1:]], dim=1)
        vectors = encoder(inputs_embeds=E, attention_mask=(ids != tokenizer.pad_token_id).long()).last_hidden_state[:, 0]
        optimizer.zero_grad()
        vectors.var(0).sum().backward()
        optimizer.step()
    W[tokenizer.cls_token_id] = cls.detach()


def parameter_groups(model):
    """Return two groups of parameters for AdamW: matrices have weight decay; biases, norms and embeddings have none."""
    matrices = [p for n, p in model.named_parameters() if p.ndim > 1 and "embeddings" not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim <= 1 or "embeddings" in n]
    return [{"params": matrices, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}]


def pretrain(args):
    quiet()
    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer or args.out)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    passages = [tokenizer(f"{t} {x}", add_special_tokens=False).input_ids for t, x in read_passages(args.passages)]

    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    model = make_model(tokenizer, args.dim, args.layers, args.heads, args.ffn).to(device)
    optimizer = torch.optim.AdamW(parameter_groups(model), lr=args.lr)
    warmup = max(1, args.steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warmup, max(0.0, (args.steps - s) / (args.steps - warmup)))
    )
    recipe = {k: str(v) for k, v in vars(args).items() if k not in ("work", "save_every", "stop_at")}
    checkpoint = Path(args.work) / "checkpoint.pt"
    start, curve, seconds = 0, [], 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        if saved["recipe"] != recipe:
            raise SystemExit(f"{checkpoint} belongs to another recipe: {saved['recipe']}. Remove it or use another --work.")
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        start, curve, seconds = saved["step"], saved["curve"], saved["seconds"]
        rng.setstate(saved["rng"])
        torch.set_rng_state(saved["torch_rng"])
        print(f"going on from step {start}")

    model.train()
    begun = time.perf_counter() - seconds
    bar = tqdm(range(start, args.steps), initial=start, total=args.steps, desc="pre-training", unit="step")
    for step in bar:
        batch = [t.to(device) for t in make_batch(passages, args.batch_size, tokenizer, rng)]
        contrastive, mlm, accuracy = loss_of(model, batch)
        optimizer.zero_grad(set_to_none=True)
        (contrastive + MLM_WEIGHT * mlm).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        point = {"step": step + 1, "contrastive": contrastive.item(), "mlm": mlm.item(), "accuracy": accuracy.item()}
        if (step + 1) % 20 == 0:
            curve.append({k: round(v, 4) for k, v in point.items()})
            bar.set_postfix({k: f"{v:.2f}" for k, v in point.items() if k != "step"})
        last = step + 1 in (args.steps, args.stop_at)
        if (step + 1) % args.save_every == 0 or last:
            seconds = time.perf_counter() - begun
            state = {
                "recipe": recipe, "model": model.state_dict(), "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(), "step": step + 1, "curve": curve, "seconds": seconds,
                "rng": rng.getstate(), "torch_rng": torch.get_rng_state(),
            }  # fmt: skip
            with replacing(checkpoint) as part:
                torch.save(state, part)
        if last and step + 1 < args.steps:
            print(f"stopped at step {step + 1}; run the same command without --stop-at to continue")
            return
    blank_cls(model.distilbert, passages, tokenizer, rng, device)
    save(model.distilbert, args, tokenizer, curve, seconds)


def save(encoder, args, tokenizer, curve, seconds):
    """Save the encoder in half precision with its tokenizer, and the recipe and the loss curve in pretraining.json.

    The saved configuration has dropout for fine-tuning, except in attention: dropout there changes no result of the course, and
    makes a training step a fifth slower on a CPU.
    """
    encoder.config.dropout, encoder.config.attention_dropout = 0.1, 0.0
    encoder = encoder.to("cpu", torch.float16)
    encoder.save_pretrained(args.out)
    save_tokenizer(tokenizer, args.out)
    recipe = {k: getattr(args, k) for k in ("dim", "layers", "heads", "ffn", "steps", "batch_size", "lr", "seed")}
    parameters = sum(p.numel() for p in encoder.parameters())
    log = {"recipe": recipe, "parameters": parameters, "seconds": round(seconds), "torch": torch.__version__, "curve": curve}
    (Path(args.out) / "pretraining.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    print(f"{parameters / 1e6:.2f} M parameters, {seconds / 60:.1f} minutes, written to {args.out}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument(
        "--passages", default=ASSETS / "toy_nq" / "passages.jsonl", help="file of passages or questions, or folder of real NQ"
    )
    parser.add_argument("--out", default=ASSETS / "toy_encoder", type=Path, help="folder to write to")
    parser.add_argument("--tokenizer", help="folder of the tokenizer, if it is not in --out")
    parser.add_argument("--work", default="pretraining", help="folder for the checkpoint")
    parser.add_argument("--dim", type=int, default=256, help="size of a vector")
    parser.add_argument("--layers", type=int, default=2, help="transformer layers")
    parser.add_argument("--heads", type=int, default=4, help="attention heads")
    parser.add_argument("--ffn", type=int, default=512, help="size of the feed-forward layer")
    parser.add_argument("--steps", type=int, default=1500, help="optimiser steps")
    parser.add_argument("--batch-size", type=int, default=128, help="passages in a batch")
    parser.add_argument("--lr", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0, help="seed of the weights, the crops and the masks")
    parser.add_argument("--save-every", type=int, default=100, help="steps between two checkpoints")
    parser.add_argument("--stop-at", type=int, help="stop after this step, with a checkpoint, to continue later")
    pretrain(parser.parse_args())


if __name__ == "__main__":
    main()
