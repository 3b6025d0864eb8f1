# %% [markdown]
# # 09 · The reader
#
# A retriever finds passages; people want an answer. A **reader** reads the passages and writes it. One passage can be the
# wrong one, so a good reader reads many at once. You will build Fusion-in-Decoder (FiD), whose cost grows only linearly
# with the number of passages. Then you train it and measure how often it is right.

# %% [markdown]
# ## The goal
#
# | step | shape |
# |---|---|
# | B questions with n passages each, as texts of at most L tokens | (B, n, L) |
# | each text goes through the encoder by itself | (B·n, L) → (B·n, L, d) |
# | the vectors of a question are put in a row | (B, n·L, d) |
# | the decoder attends to all of them and writes one answer | (B, T) |
#
# The **encoder** never sees two passages together; the **decoder** sees all. That is the fusion in the decoder.

# %% carry=true
import torch
from transformers.modeling_outputs import BaseModelOutput

# %%
import json
import random
import textwrap

from previous import track

from dpr_course.reader.model import load_reader
from dpr_course.runtime import best_device

device = best_device()
train_samples, val_samples, knowledge_base = track.load_data()
tokenizer, model = load_reader(track.reader)
model = model.to(device)
print(f"{type(model).__name__}, {sum(p.numel() for p in model.parameters()):,} weights")

# %% [markdown]
# The reader is a T5, an encoder and a decoder. That of the toy track is small. It was trained on the passages
# alone, without any question of the course. `DPR_READER` names another: `t5-base`, or the folder of any T5.

# %% [markdown]
# ## A worked example, on the toy
#
# As in FiD's data files, a sample's passages are the list `ctxs`, best first, and `target` is the answer to learn. The
# words `question:`, `title:` and `context:` tell the reader what is what.

# %%
from dpr_course.worked_example import PASSAGES, print_toy, toy_samples

print_toy()
found = [[0, 3], [1, 0], [2, 3]]  # the two passages that a retriever found for each question
toy = [{**s, "ctxs": [PASSAGES[i] for i in rows]} for s, rows in zip(toy_samples(), found)]
for s in toy[:2]:
    print()
    for p in s["ctxs"]:
        print(f"question: {s['question']} title: {p['title']} context: {p['text']}")
    print("to write:", s["answers"][0])

# %% [markdown]
# A reader cuts words into pieces, and the end-of-sequence token `</s>` ends every text and every answer. The tokenizer adds it by itself: a
# second one, written into the text, would be a mistake.

# %%
print(*tokenizer.convert_ids_to_tokens(tokenizer("question: which moon is covered with volcanoes").input_ids))
print(*tokenizer.convert_ids_to_tokens(tokenizer(["Io", "William Shakespeare"], padding=True).input_ids[0]))

# %% [markdown]
# ### ✏️ Exercise 9.1 · The reader's batch
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 20 minutes | 6 |
#
# Complete `reader_batch`. Passages and answers are tokenized separately. The labels are the token ids of the answers,
# with -100 in place of padding: the loss ignores that value. Search may return fewer than `n_context` passages; each
# missing passage becomes a row whose mask is 0 throughout, so nothing attends to it.
#
# <details><summary>Hint 1</summary>Make one flat list of B * n_context texts, an empty one for each missing passage, and
# give it to the tokenizer in a single call, with padding, truncation, max_length and return_tensors="pt". Then view the
# result as (B, n_context, L).</details>
# <details><summary>Hint 2</summary>For an empty text too, the tokenizer adds the end-of-sequence token
# <code>&lt;/s&gt;</code>, so set the mask of those rows to 0. The labels are <code>encoded.input_ids.masked_fill(…, -100)</code>, where <code>encoded</code> is what the tokenizer returns for the targets; its
# attention_mask says where padding is.</details>

# %% exercise="reader_batch"
def reader_batch(tokenizer, samples, n_context, text_maxlength=200, answer_maxlength=32):
    """Make the batch of B samples, each with its first n_context passages in "ctxs".

    A text is "question: … title: … context: …"; L is at most text_maxlength. The target is "target", or the first answer
    if a sample has none. Returns ids (B, n, L), mask (B, n, L), labels (B, T); the mask of a missing passage is 0.
    """
    ### BEGIN SOLUTION
    texts, targets = [], []
    for s in samples:
        #? `f"question: {s['question']} title: {p['title']} context: {p['text']}"` the text for passage p, in the form that the docstring gives
        found = [f"question: {s['question']} title: {p['title']} context: {p['text']}" for p in s["ctxs"][:n_context]]
        #? `[""] * (n_context - len(found))` an empty text for each passage that is missing
        texts += found + [""] * (n_context - len(found))
        #? `s.get("target") or s["answers"][0]` what the reader should write for this sample
        targets.append(s.get("target") or s["answers"][0])
    read = tokenizer(texts, padding=True, truncation=True, max_length=text_maxlength, return_tensors="pt")
    written = tokenizer(targets, padding=True, truncation=True, max_length=answer_maxlength, return_tensors="pt")
    #: The tokenizer adds an end-of-sequence token even to an empty text, and nothing may attend to it.
    #? `torch.tensor([[text != ""] for text in texts])` a column (B * n, 1): 1 for a text that is there, 0 for an empty one
    mask = read.attention_mask * torch.tensor([[text != ""] for text in texts])  # (B * n, L)
    shape = len(samples), n_context, -1
    #? `written.attention_mask == 0, -100` two arguments: which ids to replace, and with what, since the loss ignores one value
    labels = written.input_ids.masked_fill(written.attention_mask == 0, -100)
    return read.input_ids.view(shape), mask.view(shape), labels
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="reader_batch"
check("9.1", reader_batch)

# %% [markdown]
# **Yours.** The toy's batch, with three rows per question where only two passages were found; below it, the labels.

# %%
from dpr_course.plots import token_map

ids, mask, labels = reader_batch(tokenizer, toy, 3)
print(f"ids {tuple(ids.shape)}, mask {tuple(mask.shape)}, labels {tuple(labels.shape)}\n{labels}")
token_map(mask.view(-1, mask.shape[2]), title="Rows of three questions, three each", name="09_batch")

# %% [markdown]
# ## Why not one long text?
#
# Every token of a text attends to every other: a text of n·L tokens costs n²·L² products, n texts of L tokens only n·L². So
# FiD encodes the passages **one by one**. Only the decoder looks at all of them, and it writes just a few tokens.

# %% [markdown]
# ### ✏️ Exercise 9.2 · Fusion in the decoder
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 20 minutes | 6 |
#
# Complete `fuse`: the encoder's part of the table at the top. `model.encoder` is T5's encoder. Return what T5 takes as
# `encoder_outputs` and `attention_mask`. The vectors must be packed in a `BaseModelOutput`: with a plain tuple,
# `generate` fails with a misleading error. Without the mask, the decoder attends to padding, and no error is raised.
#
# <details><summary>Hint 1</summary>B, n, L = ids.shape. Flatten ids and mask to (B·n, L), encode, and take
# last_hidden_state.</details>
# <details><summary>Hint 2</summary>Both reshapes keep the order of the rows: (B·n, L, d) to (B, n·L, d), and the mask to
# (B, n·L). Nothing needs a transpose or a loop.</details>

# %% exercise="fuse"
def fuse(model, ids, mask):
    """Encode ids (B, n, L) with their mask, as B·n separate texts.

    Returns a BaseModelOutput with last_hidden_state (B, n·L, d), and its mask (B, n·L), for model(encoder_outputs=…,
    attention_mask=…, labels=…) and model.generate(encoder_outputs=…, attention_mask=…).
    """
    ### BEGIN SOLUTION
    B, n, L = ids.shape
    #: The encoder reads every passage on its own.
    #? `ids.reshape(B * n, L)` all passages of all questions as separate rows
    #? `mask.reshape(B * n, L)` their masks
    H = model.encoder(input_ids=ids.reshape(B * n, L), attention_mask=mask.reshape(B * n, L)).last_hidden_state  # (B*n, L, d)
    #: The decoder reads them together.
    #? `H.reshape(B, n * L, -1)` the vectors of a question's passages in one long row, whose order stays the same
    #? `mask.reshape(B, n * L)` the mask of that row
    return BaseModelOutput(last_hidden_state=H.reshape(B, n * L, -1)), mask.reshape(B, n * L)
    ### END SOLUTION

# %% check="fuse"
check("9.2", fuse)

# %% [markdown]
# **Yours.** Who sees whom? The next cell changes a word in one passage and measures how far the vectors of each passage
# move: with your function, and with the same tokens as one long text, (B, 1, n·L).

# %%
from dpr_course.reader.plots import who_sees_whom


def moved(ids, mask, whole):
    """Return how far the vectors of each passage (column) move when a token of another (row) changes: (n, n)."""
    _, n, L = ids.shape
    shape = (1, 1, n * L) if whole else (1, n, L)
    rows = []
    for changed in [None, *range(n)]:
        other = ids.clone()
        if changed is not None:
            other[0, changed, 4] = ids[0, changed, 5]  # the fifth token becomes the sixth
        with torch.no_grad():
            rows.append(fuse(model, other.view(shape).to(device), mask.view(shape).to(device))[0].last_hidden_state.view(n, L, -1))
    return torch.stack([((row - rows[0]).norm(dim=2) * mask[0].to(device)).sum(1) for row in rows[1:]])


ids, mask, _ = reader_batch(tokenizer, [{**toy[0], "ctxs": PASSAGES}], 4)
seen = {"Fused": moved(ids, mask, False), "One long text": moved(ids, mask, True)}
who_sees_whom(seen, [p["title"] for p in PASSAGES], name="09_who_sees_whom")

# %% [markdown]
# The two ways are equal only where there is one passage. The zeros elsewhere show what makes fusion cheap: no passage
# influences another's vectors. So these vectors can also be kept.

# %% [markdown]
# ## What it costs
#
# Time and memory for one question, measured in a separate process, with the passages fused and as one long text.

# %% slow=true
from dpr_course.pipeline.programs import cell_source, run_program

program = f"""
import json, sys, time
import torch
from previous import track
from transformers.modeling_outputs import BaseModelOutput
from dpr_course.pipeline.peak import peak_memory
from dpr_course.reader.model import load_reader

{cell_source(fuse)}

tokenizer, model = load_reader(track.reader)
costs = {{}}
for n in (1, 4, 8, 12):
    ids = torch.full((1, n, 160), 9) if sys.argv[1] == "fused" else torch.full((1, 1, n * 160), 9)
    with torch.inference_mode():
        fuse(model, ids, torch.ones_like(ids))
        start = time.perf_counter()
        fuse(model, ids, torch.ones_like(ids))
    costs[n] = time.perf_counter() - start, peak_memory()
print(json.dumps(costs))
"""

# %% slow=true
from dpr_course.reader.plots import cost_curves

costs = {}
for way, name in (("fused", "fused"), ("long", "one long text")):
    costs[name] = {int(n): tuple(v) for n, v in json.loads(run_program(program, way).splitlines()[-1]).items()}
cost_curves(costs, title="Encoding n passages of 160 tokens", name="09_cost")
slower, larger = (costs["one long text"][12][k] / costs["fused"][12][k] for k in (0, 1))
print(f"12 passages as one long text take {slower:.1f} times the time and {larger:.1f} times the memory of the fused ones.")

# %% [markdown]
# ## Is an answer right?
#
# Readers are measured by **exact match** (EM): the answer must *equal* one of the right ones, once both are **normalised**
# ([Rajpurkar et al. 2016](https://arxiv.org/abs/1606.05250)). With another normalisation, the numbers cannot be compared. The four
# steps, in this order:
#
# 1. lower case;
# 2. the signs of Python's `string.punctuation` are deleted;
# 3. the words *a*, *an* and *the* are left out;
# 4. each run of blanks becomes one blank, and none stays at the ends.

# %% carry=true
import re
import string

# %% [markdown]
# ### ✏️ Exercise 9.3 · Exact match
#
# | difficulty | time | points |
# |---|---|---|
# | ●○○ | 15 minutes | 5 |
#
# Complete `exact_match`. A question may have several right answers: the prediction must match at least one. Articles are
# whole words.
#
# <details><summary>Hint 1</summary>Write a function inside yours that normalises one string, and use it on both
# sides.</details>
# <details><summary>Hint 2</summary>text.translate(str.maketrans("", "", string.punctuation)) deletes signs; in a regular
# expression, \b stands for the edge of a word; " ".join(text.split()) is the fourth step.</details>

# %% exercise="exact_match"
def exact_match(prediction, answers):
    """Return True if the string `prediction` has the same normalised form as one of `answers`, a list of strings."""
    ### BEGIN SOLUTION
    def normalised(text):
        #? the first two steps: case, then punctuation
        text = text.lower().translate(str.maketrans("", "", string.punctuation))
        #? `re.sub(r"\b(a|an|the)\b", " ", text)` the third step: a space for each article that is a whole word; split and join are the fourth
        return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())

    #? `normalised(prediction) == normalised(answer)` when the prediction matches this answer
    return any(normalised(prediction) == normalised(answer) for answer in answers)
    ### END SOLUTION

# %% check="exact_match"
check("9.3", exact_match)

# %% [markdown]
# **Yours.** Which of these would you have counted as right?

# %%
for prediction, answer in (
    ("the Beatles", "Beatles"), ("6,400 km", "6400 km"), ("J.R.R. Tolkien", "JRR Tolkien"), ("Tolkien", "J.R.R. Tolkien"),
    ("São Paulo", "Sao Paulo"), ("23", "twenty-three"), ("rock ’n’ roll", "rock 'n' roll"),
):  # fmt: skip
    print(f"{'right' if exact_match(prediction, [answer]) else 'wrong':<7}{prediction:<16} for {answer}")

# %% [markdown]
# Exact match is strict: it wants the words, not the sense. So data sets list several spellings of an answer, and a
# reader whose wording is not among them loses points.

# %% [markdown]
# ## Train it
#
# The reader has never seen a question. To save time, we train it here for **one epoch** on half of the training questions,
# with the five passages that BM25 found for each. The loss is the usual cross-entropy of the answer's tokens.

# %%
def answer_loss(model, batch):
    """The loss of a batch (ids, mask, labels), and the number of answers in which every token is the most likely one."""
    ids, mask, labels = batch
    encoded, mask = fuse(model, ids, mask)
    out = model(encoder_outputs=encoded, attention_mask=mask, labels=labels)
    right = (out.logits.argmax(2) == labels) | (labels == -100)  # (B, T)
    return out.loss, right.all(1).sum()

# %% slow=true
from dpr_course.kept_models import kept
from dpr_course.reader.samples import BLANK, with_passages
from dpr_course.train import train

half = random.Random(0).sample(train_samples, len(train_samples) // 2)
fit_samples = with_passages(half, knowledge_base, k=5)


def fit():
    return train(model, fit_samples, lambda samples: reader_batch(tokenizer, samples, 5), answer_loss,
                 epochs=1, batch_size=4, learning_rate=1e-4, desc="reader")  # fmt: skip


history = kept("09_reader", model, fit)
first, last = (sum(s["loss"] for s in part) / len(part) for part in (history.steps[:25], history.steps[-25:]))
print(f"{len(history.steps)} steps; mean loss of the first 25: {first:.2f}, of the last 25: {last:.2f}")

# %% [markdown]
# ## Read once, answer many times
#
# What does reading more passages bring? No passage sees another, so the vectors of the first n passages are the same
# whatever follows them. We encode 20 passages **once** and let the decoder read the first n·L vectors of them.

# %% [markdown]
# The decoder may write any piece after any other. To make fewer slips, `write` with `spans` allows only runs of
# words that are in one of the passages: a small reader copies better than it spells. Without anything to read, it
# writes freely.

# %% slow=true
from dpr_course.reader.decode import spans_of, word_starts, write

starts = word_starts(tokenizer)


def read(samples, n_values, copied=True, batch_size=4):
    """The answers from the first n passages, for each n of n_values: {n: list of strings}. Passages are encoded once."""
    answers = {n: [] for n in n_values}
    for a in range(0, len(samples), batch_size):
        batch = samples[a : a + batch_size]
        ids, mask, _ = reader_batch(tokenizer, batch, max(n_values))
        with torch.inference_mode():
            encoded, mask = fuse(model, ids.to(device), mask.to(device))
        for n in n_values:
            end = n * ids.shape[2]
            part = BaseModelOutput(last_hidden_state=encoded.last_hidden_state[:, :end])
            spans = [spans_of(tokenizer, s["ctxs"][:n], starts) for s in batch] if copied else None
            answers[n] += write(model, tokenizer, part, mask[:, :end], spans)
    return answers


def right(answers, samples):
    """Return a list of bools: for each answer, whether it is right."""
    return [exact_match(answer, s["answers"]) for answer, s in zip(answers, samples)]

# %% [markdown]
# ## The rest of the training
#
# One epoch is a beginning. The course ships the same reader after six epochs on all 500 questions, which take several
# minutes: `data_scripts/finetune_reader.py` made it. It read pseudo-questions too, made from the passages by rule, and
# its weights are the mean of three such runs ([Wortsman et al. 2022](https://arxiv.org/abs/2203.05482)). A reader that
# you named yourself stays as you trained it.

# %% slow=true
from dpr_course.reader.measure import band, ceiling, save_reader
from dpr_course.reader.model import load_finetuned

asked = with_passages(random.Random(0).sample(val_samples, min(150, len(val_samples))), knowledge_base, k=20)
epoch = read(asked[:60], [5])[5]
finetuned = load_finetuned(model, track.reader)
if finetuned:
    more = read(asked[:60], [5])[5]
    print(f"{min(60, len(asked))} questions, five passages: exact match {band(right(epoch, asked))[0]:.1f} after one epoch here,")
    print(f"{band(right(more, asked))[0]:.1f} with the weights that the course ships")

# %% [markdown]
# Now each question is answered from nothing, and from 1 to 20 passages. The last line is the exact match if the gold
# passage is all that the reader gets.

# %% slow=true
N = (1, 2, 5, 10, 20)
written = read(asked, N)
hits = {n: right(answers, asked) for n, answers in written.items()}
nothing = [{**s, "ctxs": [BLANK]} for s in asked]
hits = {0: right(read(nothing, [1], copied=False)[1], asked)} | hits
golds = [{**s, "ctxs": [s["gold_context"]]} for s in asked]
gold = band(right(read(golds, [1])[1], asked))

# %% slow=true
from dpr_course.reader.plots import answers_against_n

em = {n: band(h) for n, h in hits.items()}
ceilings = {n: ceiling(asked, n) for n in em}
answers_against_n(em, ceilings, gold[0], title=f"{len(asked)} validation questions, passages from BM25", name="09_em")
save_reader(em, gold, len(asked))
for n in em:
    print(f"{n:>2} passages: exact match {em[n][0]:5.1f} ({em[n][1]:.1f} to {em[n][2]:.1f}), an answer is there for {ceilings[n]:5.1f}")
print(f"gold passage alone: {gold[0]:.1f} ({gold[1]:.1f} to {gold[2]:.1f})")

# %% [markdown]
# The **ceiling** is the retriever's: an answer that was not found cannot be read. Below it everything is the reader's
# doing. With nothing to read, hardly any answer is right: the reader has no knowledge of its own, it reads.

# %% [markdown]
# The band is the 95 % interval that comes from asking these questions and no others. Another training run would move
# the curve too. Do your bands for 1 and 10 passages overlap? Then nothing was shown about which is better.

# %% [markdown]
# ## Two sources
#
# Some questions have a second passage that answers them in other words: the ids in `also`. Reading both should help
# *there*. As a control, other questions get their gold passage and BM25's best passage that is not gold.

# %% slow=true
place = {p["id"]: p for p in knowledge_base}
draw = random.Random(1)
groups = {True: [], False: []}
for s in draw.sample(val_samples, len(val_samples)):
    if len(groups["also" in s]) < 60:
        groups["also" in s].append(s)
sources = {"two sources": [{**s, "ctxs": [s["gold_context"], place[s["also"][0]]]} for s in groups[True]]}
sources["one source, one other"] = [
    {**s, "ctxs": [s["gold_context"], next(p for p in s["ctxs"] if p["id"] != s["gold_context"]["id"])]}
    for s in with_passages(groups[False], knowledge_base, k=2)
]  # fmt: skip

# %% slow=true
print(f"{'exact match':<24}{'gold alone':>12}{'other alone':>13}{'both':>8}   changed by the second passage")
for label, samples in sources.items():
    if samples:
        both = read(samples, (1, 2))
        other = right(read([{**s, "ctxs": s["ctxs"][1:]} for s in samples], [1])[1], samples)
        first, together = right(both[1], samples), right(both[2], samples)
        won, lost = (sum(a and not b for a, b in zip(x, y)) for x, y in ((together, first), (first, together)))
        rates = "".join(f"{band(h)[0]:{w}.1f}" for h, w in ((first, 12), (other, 13), (together, 8)))
        print(f"{label:<24}{rates}   {won} right that were wrong, {lost} wrong that were right, of {len(samples)}")

# %% [markdown]
# Exact match is a coarse measure. The next cell looks at the **probability** that the reader gives to a right answer, from
# either passage alone and from both, and shows the question that gains most by having both passages.

# %% slow=true
def probability(sample, n):
    """The probability that the reader writes the sample's first answer, from its first n passages."""
    ids, mask, labels = (t.to(device) for t in reader_batch(tokenizer, [sample], n))
    with torch.inference_mode():
        loss, _ = answer_loss(model, (ids, mask, labels))  # the mean over the answer's tokens
    return float(torch.exp(-loss * (labels != -100).sum()))


chances = []
for s in sources["two sources"]:
    turned = {**s, "ctxs": s["ctxs"][::-1]}
    chances.append((probability(s, 1), probability(turned, 1), probability(s, 2)))
if chances:
    best = max(range(len(chances)), key=lambda i: chances[i][2] - max(chances[i][:2]))
    s = sources["two sources"][best]
    print(f"{s['question']} -> {s['answers'][0]}: {chances[best][2]:.0%} from both\n")
    for p, chance in zip(s["ctxs"], chances[best]):
        print(textwrap.fill(f"{chance:4.0%} from {p['title']}: {p['text']}", 100, subsequent_indent=" " * 10))
    gained = sum(both > max(a, b) for a, b, both in chances)
    print(f"\nmore probable from both than from the better one alone: {gained} of {len(chances)} questions")

# %% [markdown]
# ## Where did it look?
#
# While the decoder writes, its **cross-attention** distributes a weight of 1 over all n·L vectors. The sum of the
# weights over a passage's vectors tells how much the reader looked at the passage. The weights exist with `eager`
# attention only: with T5's default the list that comes back is empty, without a warning.

# %% slow=true
def looked_at(sample, answer, n):
    """The share of the cross-attention that each of n passages got while `answer` was written: (n,)."""
    ids, mask, labels = (t.to(device) for t in reader_batch(tokenizer, [{**sample, "target": answer}], n))
    with torch.inference_mode():
        encoded, mask = fuse(model, ids, mask)
        out = model(encoder_outputs=encoded, attention_mask=mask, labels=labels, output_attentions=True)
    A = torch.stack(out.cross_attentions)  # (layers, 1, heads, T, n*L)
    return A.mean(dim=(0, 1, 2, 3)).view(n, -1).sum(1).cpu()


def answer(sample, n=5):
    """Print the reader's answer to one sample, and its n passages, each with its share of the reader's attention."""
    [text] = read([sample], [n])[n]
    print(f"{sample['question']}\n  -> {text}   (right: {' or '.join(sample['answers'])})" if sample["answers"][0] else f"  -> {text}")
    for share, p in zip(looked_at(sample, text, n), sample["ctxs"]):
        print(f"  {share:5.0%} {'█' * round(20 * float(share)):<20} {p['title']}: {textwrap.shorten(p['text'], 60, placeholder=' …')}")
    print()


for sample in asked[:4]:
    answer(sample)

# %% [markdown]
# ## Ask it
#
# Type a question of your own, and run the cell again. Is the passage that got most attention the one that holds the
# answer?

# %% slow=true
question = "who cured scurvy with lemon juice"

answer(with_passages([{"id": "own", "question": question, "answers": [""], "gold_context": BLANK}], knowledge_base, k=5)[0])

# %% [markdown]
# ## Less memory for the same gradient
#
# Until `backward`, every layer keeps what it computed for all n·L tokens. **Gradient checkpointing** (`--use_checkpoint` in
# FiD) keeps only the input of each layer and computes the inside again. With dropout on, the same numbers must be dropped:
# PyTorch replays the random state for you.

# %% slow=true
from dpr_course.reader.model import checkpoint_layers


def step(model):
    """The loss of one batch and its gradient as one vector, after the same seed."""
    model.train().zero_grad()
    torch.manual_seed(0)
    loss, _ = answer_loss(model, reader_batch(tokenizer, fit_samples[:4], 5))
    loss.backward()
    return loss.item(), torch.cat([p.grad.flatten() for p in model.parameters()])


_, dropping = load_reader(track.reader, dropout=0.1)
(loss, g), (other_loss, other_g) = step(dropping), step(checkpoint_layers(dropping))
print(f"loss {loss:.6f} and {other_loss:.6f} with checkpointing")
print(f"relative difference of the gradients: {(g - other_g).norm() / g.norm():.1e}")

# %% slow=true
program = f"""
import json, time
import torch
from previous import track
from transformers.modeling_outputs import BaseModelOutput
from dpr_course.pipeline.peak import peak_memory
from dpr_course.reader.model import checkpoint_layers, load_reader

{cell_source(fuse)}

{cell_source(answer_loss)}

told = {{}}
for way in ("with checkpointing", "without"):  # the one that takes less comes first: a peak never falls
    model = load_reader(track.reader, dropout=0.1)[1].train()
    model = checkpoint_layers(model) if way != "without" else model
    ids = torch.full((4, 10, 160), 9)
    start = time.perf_counter()
    answer_loss(model, (ids, torch.ones_like(ids), torch.full((4, 4), 9)))[0].backward()
    told[way] = f"{{time.perf_counter() - start:.1f}} s, {{peak_memory():,.0f}} MB"
print(json.dumps(told))
"""
for way, cost in json.loads(run_program(program).splitlines()[-1]).items():
    print(f"a step with 4 questions of 10 passages, {way}: {cost}")

# %% [markdown]
# ## 🎛 A knob to turn
#
# Let the reader write freely, with `copied = False`. What does it lose, and what kind of mistakes does it make?

# %% slow=true
copied = False
free = read(asked[:60], [5], copied=copied)[5]
print(f"copied = {copied}: exact match {band(right(free, asked[:60]))[0]:.1f}; the same questions, copied: {band(hits[5][:60])[0]:.1f}")
for s, a, b in zip(asked, free, written[5]):
    if a != b:
        print(f"  {s['question']:<60} {a}   | {b}")

# %% [markdown]
# ## One question
#
# The decoder sees all passages together, but the encoder reads each passage alone. What kind of question can FiD therefore not answer well, however
# many passages it reads?
#
# <details><summary>An answer</summary>Questions for which one passage must be read in the light of another.
# For "where was the director of this film born", only the film's passage says whom to look for in the director's passage.
# But the encoder has read the director's passage without knowing that name. Only the few layers of the decoder can put the two together. Comparing and counting
# across passages are hard for the same reason.</details>
#
# **Read on:** [Izacard and Grave 2021](https://arxiv.org/abs/2007.01282) (Fusion-in-Decoder);
# [Rajpurkar et al. 2016](https://arxiv.org/abs/1606.05250) (exact match);
# [Chen et al. 2016](https://arxiv.org/abs/1604.06174) (gradient checkpointing).
