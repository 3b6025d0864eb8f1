# %% [markdown]
# # 10 · Distillation
#
# A retriever needs to be told which passage is right. Somebody must label it, for 500 questions here and about 59,000
# in DPR. A reader that was trained on questions and answers alone already looks at some passages more than at others.
# Can it **teach** the retriever, without one label? You will build that loop, and then ask whether it was the reader
# who taught.

# %% [markdown]
# ## The goal
#
# | step | who | what comes out |
# |---|---|---|
# | 1. read | reader, the **teacher** | a score for each passage that was found: where the reader looks |
# | 2. learn | retriever, the **pupil** | weights with which it scores these passages as the reader does |
# | 3. retrieve | retriever | new passages for each question |
#
# Then again from 1. ([Izacard and Grave 2021](https://arxiv.org/abs/2012.04584).) No step needs to know the gold passage.

# %%
import random

import torch
from previous import (
    fuse, get_topk_candidates, make_dual_encoder, reader_batch, tokenizer, topk_retrieval_accuracy, track
)  # fmt: skip

from dpr_course.reader.model import load_reader
from dpr_course.reader.samples import with_passages
from dpr_course.runtime import best_device

device = best_device()
train_samples, val_samples, knowledge_base = track.load_data()
reader_tokenizer, reader = load_reader(track.reader)
reader = reader.to(device)

# %% [markdown]
# ## Where does a reader look?
#
# Before it writes its first piece, the decoder compares one **query** with the **key** of every token of every passage: the
# cross-attention. Each head of each layer does so. The products are the **logits**; a softmax over all n·L tokens turns
# them into weights. `first_token_logits` returns the logits: (B, layers, heads, n·L).

# %%
from dpr_course.reader.attention import first_token_logits
from dpr_course.worked_example import PASSAGES, print_toy, toy_samples

print_toy()
toy = [{**s, "ctxs": PASSAGES} for s in toy_samples()]
ids, mask, _ = reader_batch(reader_tokenizer, toy, 4)
with torch.inference_mode():
    logits = first_token_logits(reader, *fuse(reader, ids.to(device), mask.to(device))).cpu()
print(f"\nlogits {tuple(logits.shape)}, mask {tuple(mask.shape)}")

# %% [markdown]
# The score of a passage is the plain **mean** of the logits over layers, heads and the passage's real tokens: with
# $a_{\ell h t}$ for the logit of layer $\ell$, head $h$ and token $t$ of passage $p$,
#
# $$G_p = \frac{1}{\text{layers} \cdot \text{heads} \cdot |p|} \sum_{\ell, h} \sum_{t \in p} a_{\ell h t}$$

# %% [markdown]
# ### ✏️ Exercise 10.1 · A passage's score
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 20 minutes | 5 |
#
# Complete `passage_scores`. Tokens of padding have logits too; they mean nothing and must not count, neither in the sum
# nor in the number of tokens.
#
# <details><summary>Hint 1</summary>Bring the logits to (B, layers, heads, n, L). The passages come first in n·L: token t
# of passage p is at p·L + t.</details>
# <details><summary>Hint 2</summary>Average over layers and heads, set padding to 0 with masked_fill, sum over L, and
# divide by mask.sum(2). Where that is 0, the result is nan: masked_fill again, with float("-inf").</details>

# %% exercise="passage_scores"
def passage_scores(logits, mask):
    """The score of each passage, (B, n), from logits (B, layers, heads, n·L) and mask (B, n, L): the mean over its tokens.

    Only tokens with mask 1 count. A passage without any gets -inf.
    """
    ### BEGIN SOLUTION
    B, n, L = mask.shape
    #? `logits.mean(dim=(1, 2)).view(B, n, L)` the mean over layers and over heads, with one axis for passages and one for their tokens
    #? `mask == 0` which tokens must not count in a sum
    A = logits.mean(dim=(1, 2)).view(B, n, L).masked_fill(mask == 0, 0.0)  # (B, n, L)
    #? the number of tokens of each passage that count
    tokens = mask.sum(2)  # (B, n)
    #? `A.sum(2) / tokens` the mean over a passage's own tokens
    #? `tokens == 0, float("-inf")` two arguments: for which passages that is no number, and what their score is instead
    return (A.sum(2) / tokens).masked_fill(tokens == 0, float("-inf"))
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="passage_scores"
check("10.1", passage_scores)

# %% [markdown]
# **Yours.** The scores of the toy's passages, as a softmax over the four.

# %%
from dpr_course.plots import score_matrix
from dpr_course.worked_example import LABELS, QUESTIONS

G = passage_scores(logits, mask)
score_matrix(G.softmax(1), labels=LABELS, questions=QUESTIONS, passages=[p["title"] for p in PASSAGES],
             title="The reader's share for each passage", name="10_toy_shares")  # fmt: skip

# %% [markdown]
# ## A teacher
#
# As in stage 09, we train the reader for a short while: on 300 questions, their answers and three passages each that BM25
# found. The reader is not told which passage is gold; only the spelling of the answer is taken from that passage.

# %% slow=true
from dpr_course.kept_models import kept
from dpr_course.train import train


def answer_loss(model, batch):
    """The loss of a batch (ids, mask, labels), and the number of answers in which every token is the most likely one."""
    ids, mask, labels = batch
    encoded, mask = fuse(model, ids, mask)
    out = model(encoder_outputs=encoded, attention_mask=mask, labels=labels)
    right = (out.logits.argmax(2) == labels) | (labels == -100)  # (B, T)
    return out.loss, right.all(1).sum()


def fit():
    lessons = with_passages(train_samples[:300], knowledge_base, k=3)
    return train(reader, lessons, lambda samples: reader_batch(reader_tokenizer, samples, 3), answer_loss,
                 epochs=1, batch_size=4, learning_rate=5e-4, desc="reader")  # fmt: skip


history = kept("10_reader", reader, fit)
print(f"loss of the last 25 steps: {sum(s['loss'] for s in history.steps[-25:]) / 25:.2f}")

# %% [markdown]
# ## Is that a good teacher?
#
# For each of 100 validation questions, BM25 finds ten passages. How often does each way of scoring put the gold one first? Labels
# are used here to *judge* the teacher; it never sees them. The weights after the softmax give another score: of each passage,
# only the token with the largest weight counts.

# %% slow=true
def attention(samples, size=8):
    """Yield the logits and the mask of `size` samples at a time."""
    n = max(len(s["ctxs"]) for s in samples)
    for a in range(0, len(samples), size):
        ids, mask, _ = (t.to(device) for t in reader_batch(reader_tokenizer, samples[a : a + size], n))
        with torch.inference_mode():
            yield first_token_logits(reader, *fuse(reader, ids, mask)), mask


def read(samples):
    """The reader's scores of the passages in each sample's ctxs: (N, n)."""
    return torch.cat([passage_scores(logits, mask).cpu() for logits, mask in attention(samples)])


def largest_weight(logits, mask):
    """The largest weight that a token of each passage gets from the softmax: (B, n)."""
    weights = logits.masked_fill(mask.flatten(1)[:, None, None] == 0, float("-inf")).softmax(3)
    return weights.mean((1, 2)).view(mask.shape).amax(2)


# %% slow=true
asked = with_passages(random.Random(0).sample(val_samples, min(100, len(val_samples))), knowledge_base, k=10)
asked = [s for s in asked if any(p["id"] == s["gold_context"]["id"] for p in s["ctxs"])]
parts = list(attention(asked))
scores, weights = (torch.cat([score(*part).cpu() for part in parts]) for score in (passage_scores, largest_weight))
gold_row = torch.tensor([[p["id"] for p in s["ctxs"]].index(s["gold_context"]["id"]) for s in asked])
first = {"BM25": gold_row == 0, "the reader's logits": scores.argmax(1) == gold_row, "the reader's weights": weights.argmax(1) == gold_row}
print(f"{len(asked)} questions whose gold passage is among BM25's ten. It comes first with")
for way, hit in first.items():
    print(f"  {way:<22} {100 * hit.float().mean():5.1f} %")

# %% [markdown]
# Keep these numbers in mind. A pupil may become better than its teacher, but what the teacher does not know, it cannot
# teach.

# %% [markdown]
# ## The pupil's lesson
#
# Teacher and pupil both score the n passages of a question. A softmax turns the scores into shares. The pupil should learn
# the teacher's shares, so its loss is the **Kullback-Leibler divergence** between them, summed over the passages and
# averaged over the questions. The pupil's score is $s_p = \frac{x \cdot y_p}{\sqrt d}$.
#
# $$\text{KL} = \sum_p T_p \,(\log T_p - \log S_p) \qquad T = \text{softmax}(G) \quad S = \text{softmax}(s)$$

# %% [markdown]
# There is a trap in PyTorch: `F.kl_div` averages by default over all B·n *elements*, which makes the loss n times too small.
# The published code of this method does that. With Adam it hardly matters; with gradient clipping it does.

# %%
import torch.nn.functional as F

T = torch.tensor([[0.7, 0.2, 0.1, 0.0]])
log_S = torch.tensor([[0.25, 0.25, 0.25, 0.25]]).log()
print(f"summed over passages and averaged over questions  {F.kl_div(log_S, T, reduction='batchmean'):.4f}")
print(f"averaged over all elements, kl_div's default      {F.kl_div(log_S, T, reduction='none').mean():.4f}")

# %% carry=true
import math

import torch.nn.functional as F

# %% [markdown]
# ### ✏️ Exercise 10.2 · The loss of the pupil
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 25 minutes | 6 |
#
# Complete `distillation_loss`. P holds n passages for each question, those of question 0 first, so a pupil scores only a
# question's **own** passages: there are no in-batch negatives here.
#
# <details><summary>Hint 1</summary>View Y as (B, n, d), multiply it by X as (B, 1, d), and sum over d. Divide by the root
# of d, which is X.size(1).</details>
# <details><summary>Hint 2</summary>F.kl_div(log S, T, reduction="batchmean"), both softmaxes over dim=1, with
# log_softmax for the pupil (softmax().log() would give -inf when scores lie far apart).</details>

# %% exercise="distillation_loss"
def distillation_loss(model, batch):
    """model: DualEncoder. batch: Q, Q_mask (B, T), P, P_mask (B·n, T'), scores (B, n) of the reader. Returns loss, num_correct.

    num_correct: how many questions have the same best passage for both. A score of -inf is a share of 0.
    """
    ### BEGIN SOLUTION
    Q, Q_mask, P, P_mask, scores = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (B·n, d)
    #? the passages with an axis for the questions that they belong to
    Y = Y.view(*scores.shape, -1)  # (B, n, d)
    #? `(X.unsqueeze(1) * Y).sum(2)` the inner product of each question with its own passages, and with no others
    #? `math.sqrt(X.size(1))` what the scores are divided by
    S = (X.unsqueeze(1) * Y).sum(2) / math.sqrt(X.size(1))  # (B, n)
    #? `F.log_softmax(S, dim=1), F.softmax(scores, dim=1)` two arguments: the pupil's shares and the teacher's; F.kl_div expects the logarithm of one of the two
    loss = F.kl_div(F.log_softmax(S, dim=1), F.softmax(scores, dim=1), reduction="batchmean")
    #? `S.argmax(1) == scores.argmax(1)` for each question, whether both put the same passage first
    return loss, (S.argmax(1) == scores.argmax(1)).sum()
    ### END SOLUTION

# %% check="distillation_loss"
check("10.2", distillation_loss)

# %% [markdown]
# **Yours.** An untrained pupil's shares beside the teacher's, for the toy.

# %%
from dpr_course.reader.distill import tensorize_candidates

pupil = make_dual_encoder().to(device)


def shares(model, samples):
    """The pupil's shares for the passages in each sample's ctxs: (B, n)."""
    Q, Q_mask, P, P_mask, scores = (t.to(device) for t in tensorize_candidates(samples, tokenizer, track.max_length))
    with torch.inference_mode():
        X, Y = model(Q, Q_mask, P, P_mask)
    return ((X[:, None] * Y.view(*scores.shape, -1)).sum(2) / math.sqrt(X.size(1))).softmax(1).cpu()


scored = [{**s, "ctxs": [{**p, "score": g} for p, g in zip(s["ctxs"], row.tolist())]} for s, row in zip(toy, G)]
score_matrix({"Teacher": G.softmax(1), "Untrained pupil": shares(pupil.eval(), scored)}, labels=LABELS, questions=QUESTIONS,
             passages=[p["title"] for p in PASSAGES], unit="share", title="Before the lesson", name="10_shares")  # fmt: skip

# %% [markdown]
# ## Does the pupil rank as the teacher does?
#
# Three measures for one question's passages, without any label. Number them in the teacher's order: 0 is its best. The
# pupil's order is then a list such as 2, 0, 1, 3.
#
# | measure | for 2, 0, 1, 3 and k = 2 |
# |---|---|
# | **inversions**: pairs in opposite order | 2 before 0, 2 before 1: **2** |
# | **average top-k**: the share of the pupil's first k among the teacher's first k | of 2, 0 only 0: **0.5** |
# | **index top-k**: passages to take until the teacher's first k are all there | 0 and 1 are there after **3** |

# %% [markdown]
# ### ✏️ Exercise 10.3 · Compare two rankings
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 25 minutes | 6 |
#
# Complete `compare_rankings` for one question.
#
# <details><summary>Hint 1</summary>order = teacher.argsort(descending=True, stable=True) lists the passages, best first. You
# need the reverse: the teacher's number of each passage. Then go through the pupil's order and write down these
# numbers.</details>
# <details><summary>Hint 2</summary>With x the list of numbers: inversions are the pairs i &lt; j with x[i] > x[j]; for the
# others, look where the numbers below k are in x.</details>

# %% exercise="compare_rankings"
def compare_rankings(teacher, student, k):
    """Compare the scores of n passages by two models, both (n,), highest is best, 1 <= k <= n; of equal scores the first is better.

    Returns inversions, average top-k and index top-k, as plain numbers.
    """
    ### BEGIN SOLUTION
    #? `teacher.argsort(descending=True, stable=True).argsort()` the reverse of an order: sorting tells which passage is at each place, and this is each passage's place
    place = teacher.argsort(descending=True, stable=True).argsort().tolist()  # each passage's number in the teacher's order
    #? `student.argsort(descending=True, stable=True)` the passages in the pupil's order, best first; of equals the first is better
    x = [place[i] for i in student.argsort(descending=True, stable=True).tolist()]
    #? `x[i] > x[j]` when two passages, i before j, are the other way round for the teacher
    inversions = sum(x[i] > x[j] for j in range(len(x)) for i in range(j))
    #? the share of the pupil's first k that are among the teacher's first k
    average = sum(number < k for number in x[:k]) / k
    #? how many of the pupil's best one must read to have seen all of the teacher's first k
    index = 1 + max(i for i, number in enumerate(x) if number < k)
    return inversions, average, index
    ### END SOLUTION

# %% check="compare_rankings"
check("10.3", compare_rankings)

# %% [markdown]
# **Yours.** The example of the table, and chance: what two random orders of five passages give.

# %%
print(compare_rankings(torch.tensor([4.0, 3.0, 2.0, 1.0]), torch.tensor([3.0, 2.0, 4.0, 1.0]), k=2))
pairs = [compare_rankings(torch.rand(5), torch.rand(5), k=2) for _ in range(2000)]
print("chance, n = 5, k = 2:", *(f"{sum(v) / len(v):.2f}" for v in zip(*pairs)))

# %% [markdown]
# ## One round
#
# Now the loop. Three functions do the work: the reader reads, the retriever learns, the retriever retrieves. You put
# them together. The published code keeps a question's passages sorted by the teacher's score, best first.

# %% [markdown]
# ### ✏️ Exercise 10.4 · One round
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 20 minutes | 6 |
#
# Complete `one_round`. Neither `gold_context` nor `answers` is needed, and neither may be used.
#
# <details><summary>Hint 1</summary>Pair each sample with its row of scores, and each passage with its score. Make new
# dicts, {**p, "score": score}: the old ones belong to the caller.</details>
# <details><summary>Hint 2</summary>read, then sort each ctxs with key=lambda p: p["score"], reverse=True, then learn, then
# retrieve. The result has the new passages in ctxs, whose scores nobody knows yet.</details>

# %% exercise="one_round"
def one_round(model, samples, read, learn, retrieve):
    """Read, learn, retrieve. samples: a list of dicts with "question" and "ctxs", a list of passages. Samples may share a passage
    (the same dict), and nothing in them is changed.

    read(samples)            returns the reader's scores, (N, n), one row per sample; what a row has beyond its ctxs is no score
    learn(model, samples)    trains model in place, on samples whose ctxs have their "score" (a float) and are sorted, best first
    retrieve(model, samples) returns a list of passages for each sample
    Returns new samples with the passages just retrieved as "ctxs".
    """
    ### BEGIN SOLUTION
    taught = []
    for s, row in zip(samples, read(samples).tolist()):
        #: row may be longer than the passages of its sample: zip stops at the shorter one.
        #? `{**p, "score": score}` a new dict with all of the passage and with its score
        ctxs = [{**p, "score": score} for p, score in zip(s["ctxs"], row)]
        #? `sorted(ctxs, key=lambda p: p["score"], reverse=True)` these passages, best first
        taught.append({**s, "ctxs": sorted(ctxs, key=lambda p: p["score"], reverse=True)})
    #: learn changes the model itself, so what is retrieved now comes from the taught one.
    learn(model, taught)
    #? `retrieve(model, samples)` the new passages, one list for each sample
    return [{**s, "ctxs": ctxs} for s, ctxs in zip(samples, retrieve(model, samples))]
    ### END SOLUTION

# %% check="one_round"
check("10.4", one_round)

# %% [markdown]
# ## Two rounds, without a label
#
# The first passages are BM25's. The pupil starts untrained, learns for two epochs, and then finds five passages for each
# question by itself. With those the second round begins. To save time, 200 questions must do.

# %% slow=true
from dpr_course.embed import embed_passages, embed_questions
from dpr_course.results import K_VALUES, results_table

N, noted = 5, []  # passages per question; R@k of each search
questions = with_passages(train_samples[:200], knowledge_base, k=N)


def learn(model, samples, loss_fn=distillation_loss):
    train(model, samples, lambda batch: tensorize_candidates(batch, tokenizer, track.max_length), loss_fn,
          epochs=2, batch_size=track.batch_size, learning_rate=track.learning_rate, desc="pupil")  # fmt: skip


def retrieve(model, samples):
    """N passages for each sample. On the way, R@k of the validation questions is noted, to watch what is learned."""
    Y = embed_passages(model, knowledge_base, tokenizer)  # the index
    found = [get_topk_candidates(embed_questions(model, part, tokenizer), Y, part, knowledge_base, 100) for part in (samples, val_samples)]
    noted.append(topk_retrieval_accuracy(found[1], K_VALUES))
    return [[knowledge_base[i] for i in c["topk_indices"][:N]] for c in found[0]]

# %% slow=true
pupil = make_dual_encoder().to(device)
retrieve(pupil, questions)
samples = questions
for _ in range(2):
    samples = one_round(pupil, samples, read, learn, retrieve)
rows = dict(zip(("untrained", "round 1", "round 2"), noted))
print(results_table(rows))

# %% [markdown]
# Without one label, the pupil finds more after two rounds than the untrained encoder; more questions and more epochs would widen
# the gap. It is tempting to say: *the reader has taught it*. Has it?

# %% [markdown]
# ## The control
#
# The passages came from **BM25**: perhaps BM25 was the teacher. Two other teachers read nothing. One gives every passage
# the same share; the other gives BM25's own scores. The next cell repeats the first round with one of them:

# %% slow=true
from dpr_course.bm25 import bm25_candidates


def uniform(samples):
    return torch.zeros(len(samples), N)


def bm25(samples):
    return torch.tensor([c["topk_values"] for c in bm25_candidates(samples, knowledge_base, k=N)])


control = bm25  # or uniform
rival = make_dual_encoder().to(device)
one_round(rival, questions, control, learn, retrieve)
print(results_table(rows | {f"round 1, {control.__name__}": noted[-1]}))

# %% [markdown]
# One run proves little. These are recorded runs over several seeds, all with two epochs on the same passages: R@1 by teacher.
# **In the batch** means another loss: there, the passages of the other questions are negatives too, as in stage 04.

# %%
from dpr_course.bands import interval, load_distillation
from dpr_course.plots import bands

recorded = load_distillation()
shown = {"uniform": "uniform", "bm25": "BM25's scores", "reader": "reader", "uniform_in_batch": "uniform, in the batch",
         "bm25_in_batch": "BM25's scores, in the batch", "reader_in_batch": "reader, in the batch"}  # fmt: skip
bands({label: recorded[key] for key, label in shown.items()}, title="Who taught the pupil?", name="10_bands")
for key, label in shown.items():
    print(f"{label:<28} R@1 {interval(recorded[key])[0]:5.1f}")

# %% [markdown]
# Compare runs with the same loss in pairs. Over a question's **own** passages, equal shares make all scores alike, so the
# pupil even loses what the untrained encoder could do. With this loss the teacher matters: BM25's own scores teach more
# than the reader's.

# %% [markdown]
# **In the batch**, equal shares already say something: *what BM25 found for me is right, what it found for others is wrong*. That
# is worth more than all that the reader adds; with either teacher R@1 is lower than without one.

# %% [markdown]
# So the gain was BM25's. Whoever reports that "distillation lifts R@1" has shown nothing about the reader until equal shares were
# tried, on the same passages with the same loss. Why does this reader teach so little? It puts the gold passage first less often
# than BM25 does:

# %%
for name, label in (("bm25", "BM25"), ("reader", "the reader")):
    mean, low, high = interval(recorded[f"gold_first_{name}"])
    print(f"of the training questions with the gold among the five passages, {label} puts it first for {mean:.1f} % ({low:.1f} to {high:.1f})")

# %% [markdown]
# In the published work the reader has 220 million parameters and reads 100 passages per question. The loop is the same: run it
# with `DPR_READER=t5-base` on a GPU, and look at the control first.

# %% [markdown]
# ## With labels, and then without
#
# Where there are labels, the loop can go on from them: the pupil begins as the retriever of stage 04 (NCE) and learns from the
# reader for two epochs. For the comparison, NCE too is trained for two epochs more, with a separate warm-up.

# %%
after = {"nce": "NCE", "nce_longer": "NCE, two epochs more", "nce_then_reader": "NCE, then the reader"}
bands({label: recorded[key] for key, label in after.items()}, title="After training with labels", name="10_after_nce")
gain = [b - a for a, b in zip(recorded["nce_longer"], recorded["nce_then_reader"])]
mean, low, high = interval(gain)
print(f"NCE, then the reader, minus longer NCE, seed by seed: {mean:+.2f} (95 % interval {low:+.2f} to {high:+.2f})")

# %% [markdown]
# A weak teacher does harm: the pupil unlearns what the labels had taught it.

# %% [markdown]
# ## Does it rank as its teacher does?
#
# The measures of 10.3, over the questions that it learned from.

# %% slow=true
def agreement(model, samples, k=2):
    """The means of inversions, average top-k and index top-k over the samples, whose ctxs have the reader's score."""
    rows = []
    for a in range(0, len(samples), 32):
        Q, Q_mask, P, P_mask, scores = (t.to(device) for t in tensorize_candidates(samples[a : a + 32], tokenizer, track.max_length))
        with torch.inference_mode():
            X, Y = model(Q, Q_mask, P, P_mask)
        S = (X[:, None] * Y.view(*scores.shape, -1)).sum(2)  # (B, n)
        rows += [compare_rankings(teacher.cpu(), student.cpu(), k) for teacher, student in zip(scores, S)]
    return [sum(column) / len(rows) for column in zip(*rows)]


part = questions[:100]
judged = [{**s, "ctxs": [{**p, "score": g} for p, g in zip(s["ctxs"], row)]} for s, row in zip(part, read(part).tolist())]
print(f"{'':<12}{'inversions':>12}{'average top-2':>16}{'index top-2':>14}")
for name, model in (("untrained", make_dual_encoder().to(device).eval()), ("pupil", pupil), (control.__name__, rival)):
    print(f"{name:<12}{{:12.2f}}{{:16.2f}}{{:14.2f}}".format(*agreement(model, judged)))

# %% [markdown]
# ## 🎛 A knob to turn
#
# Set `control = uniform` above and run on from there. What happens to R@1, and why? Then give `learn` the loss
# `in_batch_distillation_loss` of `dpr_course.reader.distill`, and compare all three teachers again.

# %% [markdown]
# ## One question
#
# The reader's scores for a question's passages come from the first decoding step, before a word is written. Why not use the
# probability that the reader gives to the right answer?
#
# <details><summary>An answer</summary>That needs one run of the decoder per passage, each with that passage alone, so the passages
# would no longer be read together. It also needs the right answer, which the cross-attention does not. Others have done it: it is
# the idea of likelihood-based distillation in Atlas ([Izacard et al. 2022](https://arxiv.org/abs/2208.03299)).</details>
#
# **Read on:** [Izacard and Grave 2021](https://arxiv.org/abs/2012.04584) (Distilling Knowledge from Reader to Retriever);
# [Hofstätter et al. 2020](https://arxiv.org/abs/2010.02666) (distillation from cross-encoders);
# [Izacard et al. 2022](https://arxiv.org/abs/2208.03299) (Atlas).
