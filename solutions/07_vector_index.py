# %% [markdown]
# # 07 · A vector index
#
# A production system keeps training data in fixed arrays, runs in configuration files, and millions of passage vectors in
# an index that does *not* look at all of them. You build each piece, measure what the index costs in recall, and then
# ask it your own questions.

# %% [markdown]
# ## The goal
#
# 1. Samples become a **features dictionary**: fixed shapes, one file.
# 2. A **YAML file** describes the run; you add a loss in both directions.
# 3. Passage vectors go into a **FAISS index**, exact and approximate.
# 4. A typed question gets its passages.
#
# This is the road of DPR in the [Cerebras Model Zoo](https://github.com/Cerebras/modelzoo).

# %% carry=true
import numpy as np

# %%
import torch
from previous import get_topk_candidates, tokenizer, topk_retrieval_accuracy, track

from dpr_course.runtime import best_device

device = best_device()

# %% [markdown]
# FAISS does the searching later on. In Colab, or wherever the next cell says so, run `%pip install faiss-cpu` in a cell of
# its own.

# %%
from dpr_course.pipeline.index import load_faiss

try:
    print("FAISS", load_faiss().__version__)
except ImportError as e:
    print(e)

# %% [markdown]
# ## A worked example, on the toy
#
# Three questions, each with a positive in slot 0 and a hard negative in slot 1. Only question 0 brought a negative: the
# converter says so, and gives the others the gold passage of another question.

# %%
from dpr_course.pipeline.features import make_features
from dpr_course.toy import print_toy, toy_samples

print_toy()
features, report = make_features(toy_samples(), tokenizer, max_sequence_length=20)
print(f"\n{report}\n")
for key, value in features.items():
    print(f"{key:<26} {str(value.shape):<11} {value.dtype}")

# %%
for question, context in zip(features["questions_input_ids"], features["ctx_input_ids"]):
    for ids in (question, *context):
        print(tokenizer.decode(ids))
    print()

# %% [markdown]
# Everything is padded to `max_sequence_length`, whatever the batch: an accelerator compiles one shape and keeps it. Token
# types are **all zeros**. BERT's own habit for a (title, text) pair is 0 and 1, but DPR was trained with zeros, and its
# checkpoints get worse with anything else.

# %% [markdown]
# An encoder reads one passage a row, so the (B, 2, L) tensors are flattened to (2B, L), sample by sample:

# %%
from dpr_course.plots import layout

layout([["Io", "Europa"], ["Hamlet", "Canberra"], ["Canberra", "Hamlet"]], title="The flattened contexts", name="07_layout")

# %% [markdown]
# ### ✏️ Exercise 7.1 · From features to a batch
#
# | difficulty | time | points |
# |---|---|---|
# | ●○○ | 10 minutes | 4 |
#
# Complete `flatten_features`. It gets the six tensors of a batch (ids, masks, types) and returns the tuple that your
# losses know. The dictionary's own labels count over the whole file, so a batch needs new ones, of type int64. Read the
# number of passages a question from the shape.
#
# <details><summary>Hint 1</summary>The first two dimensions of ctx_input_ids and ctx_attention_mask become one: see
# torch.flatten or reshape.</details>
# <details><summary>Hint 2</summary>B, C, L from the shape of ctx_input_ids. Positives stand in every C-th row, beginning
# with row 0.</details>

# %% exercise="flatten_features"
def flatten_features(features):
    """Features of B questions to Q (B, L), Q_mask (B, L), P (C*B, L), P_mask (C*B, L), labels (B,). ctx tensors are (B, C, L)."""
    ### BEGIN SOLUTION
    ids, mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    B, C, L = ids.shape
    labels = torch.arange(B) * C  # (B,)
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    return Q, Q_mask, ids.reshape(B * C, L), mask.reshape(B * C, L), labels
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="flatten_features"
check("7.1", flatten_features)

# %% [markdown]
# ## A run in a file
#
# What is trained, on what, and how, stands in a YAML file. The command `dpr-course train` reads the same file as this
# notebook, but for data and encoder, which are those of your track.

# %%
from dpr_course.pipeline.config import CONFIGS, ConfigError, load_config

path = CONFIGS / f"{track.name}.yaml"
print(path.read_text())
run = load_config(path)

# %% [markdown]
# A misspelt key that is silently ignored costs a night of training. Here each mistake is named, with its line:

# %%
import tempfile
from pathlib import Path

scratch = Path(tempfile.mkdtemp())
(scratch / "run.yaml").write_text("schedule:\n  epoch: 5\n  warmup: 10\ndata:\n  format: csv\n")
try:
    load_config(scratch / "run.yaml")
except ConfigError as e:
    print(str(e).replace(f"{scratch}/", ""))

# %% [markdown]
# **Yours.** The training set as features. Hard negatives come from BM25, as in DPR's own training.

# %%
from dpr_course.data import hold_out
from dpr_course.pipeline.features import take

train_samples, val_samples, knowledge_base = track.load_data()
fit_samples, _ = hold_out(train_samples, run.data.held_out)
features, report = make_features(fit_samples, tokenizer, run.model.max_length, run.data.missing_negative)
print(report)
Q, Q_mask, P, P_mask, labels = flatten_features(take(features, [0, 1, 2]))
for row in range(len(P)):
    kind = "gold" if row in labels else "hard"
    print(f"row {row}  {kind}  {tokenizer.decode(P[row][P_mask[row].bool()])[:90]}")

# %% [markdown]
# One passage can be gold here and a hard negative there. Are two of the rows above equal? Such copies are the false
# negatives of exercise 4.2. `dpr-course train` masks them; your next loss, to stay short, does not.

# %% [markdown]
# ## Both directions
#
# A question chooses among passages. A positive passage can choose among *questions* too, with the same scores:
#
# $$ L = (1 - f)\, L_{q \to c} + f\, L_{c \to q} $$
#
# Cerebras calls it mutual information, and sets $f = 1/(1 + C)$ with C passages a question: here 1/3.

# %% [markdown]
# ### ✏️ Exercise 7.2 · Both directions
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 5 |
#
# Complete `get_symmetric_contrastive_loss`. The first direction is your loss of exercise 4.1. In the second each
# question's **positive** (not the hard negatives) is classified: which of the B questions is it for?
#
# <details><summary>Hint 1</summary>The scores of the positives are B columns of S. Which ones, and what must be
# transposed, so that the softmax runs over questions?</details>
# <details><summary>Hint 2</summary>backward = cross-entropy of (B positives, B questions), and the right answer of row i
# is i. Then weigh the two with 1 - f and f. num_correct is as in stage 04.</details>

# %% carry=true
import torch.nn.functional as F

# %% exercise="get_symmetric_contrastive_loss"
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    """model: DualEncoder. batch: (Q, Q_mask, P, P_mask, labels). f: share of passage to question. Returns loss, num_correct."""
    ### BEGIN SOLUTION
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    S = X @ Y.T  # (B, N)
    forward = F.cross_entropy(S, labels)
    backward = F.cross_entropy(S[:, labels].T, torch.arange(len(labels), device=S.device))
    return (1 - f) * forward + f * backward, (S.argmax(dim=1) == labels).sum()
    ### END SOLUTION

# %% check="get_symmetric_contrastive_loss"
check("7.2", get_symmetric_contrastive_loss)

# %% [markdown]
# ## Train, with and without
#
# Same seed, batches and steps; only `f` differs. `Retriever` is the packaged form of your dual encoder: the same vectors,
# and it can be saved. Two epochs save time; the file says how many the full run has.

# %%
from dpr_course.pipeline.retriever import Retriever
from dpr_course.train import train

epochs = min(2, run.schedule.epochs)


def train_model(f):
    """A retriever trained as the file says, with the share `f` of the passage-to-question loss."""
    model = Retriever.from_pretrained(track.encoder, run.model.tied, run.model.max_length).to(device)
    train(
        model, range(len(fit_samples)), lambda rows: flatten_features(take(features, rows)),
        lambda m, batch: get_symmetric_contrastive_loss(m, batch, f), epochs=epochs, batch_size=run.schedule.batch_size,
        learning_rate=run.optimiser.learning_rate, warmup=run.schedule.warmup, seed=run.schedule.seed, desc=f"f = {f:.2f}",
    )
    return model

# %% slow=true
models = {"f = 0": train_model(0.0), "f = 1/3": train_model(1 / 3)}

# %% [markdown]
# What does it change? Search passages for questions, as always; and the other way round: does a gold passage find its own
# question among the 1,000 of validation?

# %% slow=true
from dpr_course.results import results_table

questions = [s["question"] for s in val_samples]
place = {p["id"]: row for row, p in enumerate(knowledge_base)}
golds = [place[s["gold_context"]["id"]] for s in val_samples]
vectors, rows, back = {}, {}, {}
for name, m in models.items():
    X, Y = vectors[name] = m.encode_questions(questions), m.encode_passages(knowledge_base)  # (B, d), (N, d)
    rows[name] = topk_retrieval_accuracy(get_topk_candidates(X, Y, val_samples, knowledge_base, 100))
    back[name] = 100 * float(((Y[golds] @ X.T).argmax(1) == torch.arange(len(X))).float().mean())
print(results_table(rows))
print("\nits question first, from the passage: " + ", ".join(f"{name} {value:.1f} %" for name, value in back.items()))

# %% [markdown]
# The first softmax compares passages *within* a question, so a question may add the same number to all its scores, and
# the loss does not see it. Across questions such scores cannot be compared. The second loss makes them comparable: look
# at the last line. The usual recall, in the table, hardly moves.

# %% [markdown]
# ## The index
#
# A flat index compares the question with every vector: exact, like `X @ Y.T`. Here it holds the toy's four passages. It
# keeps their ids, and can keep the **fingerprint** of the encoder that made the vectors.

# %% slow=true
from dpr_course.pipeline.index import PassageIndex
from dpr_course.toy import PASSAGES, QUESTIONS

model = models["f = 1/3"]
toy_index = PassageIndex.build(model.encode_passages(PASSAGES), [p["id"] for p in PASSAGES])
scores, found = toy_index.search(model.encode_questions(QUESTIONS), k=2)
for question, row, score in zip(QUESTIONS, found, scores):
    print(f"{question:<46} {[(toy_index.ids[i], round(float(s), 1)) for i, s in zip(row, score)]}")

# %% [markdown]
# Ask FAISS itself for more passages than there are, and see what comes back behind the four:

# %% slow=true
scores, found = toy_index.faiss.search(model.encode_questions(QUESTIONS[:1]).numpy(), 6)
print("scores", *(f"{s:.4g}" for s in scores[0]))
print("rows  ", found[0], "  and in Python PASSAGES[-1] is", PASSAGES[-1]["title"])

# %% [markdown]
# Row **-1** means *nothing*; Python takes it for the last passage, with no error. At least four published systems index
# their passages with it. `PassageIndex.search` never returns one.

# %% [markdown]
# ## Not looking everywhere
#
# **HNSW** is a graph: each passage is linked to 32 near ones. A question walks along the links towards higher scores, with
# the `ef_search` best in hand. Of 50,000 passages it meets some 2,500 with `ef_search` 64, and can miss a good one. How many
# does it miss?

# %% [markdown]
# ### ✏️ Exercise 7.3 · What the approximate index misses
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 5 |
#
# Complete `index_recall`: of the passages that exact search returns for a question, how many did the index find, in
# whatever order? The mean over the questions, in percent. A -1 is no passage, in either array.
#
# <details><summary>Hint 1</summary>Question by question: two sets, what both hold, divided by what there was to find.</details>
# <details><summary>Hint 2</summary>Take -1 out of the exact row first. Its length is then the denominator, also where
# found has fewer.</details>

# %% exercise="index_recall"
def index_recall(found, exact):
    """found, exact: (B, k) arrays of rows, -1 for nothing. Returns the share of exact that is in found, in percent."""
    ### BEGIN SOLUTION
    shares = []
    for a, b in zip(found, exact):
        wanted = set(b.tolist()) - {-1}
        shares.append(len(wanted & set(a.tolist())) / len(wanted))
    return 100 * sum(shares) / len(shares)
    ### END SOLUTION

# %% check="index_recall"
check("7.3", index_recall)

# %% [markdown]
# **Yours.** How it goes as the index grows. The knowledge base is too small to tell, so these vectors are made: 64
# components, in topics of 20 that lie near each other, as passages do.

# %%
import os
import time


def made_up_vectors(n, d=64, seed=0):
    """n passage vectors (n, d) around n / 20 topics, and 200 question vectors (200, d) near some of them."""
    rng = np.random.default_rng(seed)
    topics = rng.standard_normal((n // 20, d), dtype=np.float32)
    Y = topics[rng.integers(len(topics), size=n)] + 0.8 * rng.standard_normal((n, d), dtype=np.float32)
    return Y, Y[:200] + 0.8 * rng.standard_normal((200, d), dtype=np.float32)


def measure(system, index, X, exact):
    """One row of the plot: recall against exact search, milliseconds a question on one core, megabytes."""
    start = time.perf_counter()
    for x in X:  # one at a time, as users ask
        index.search(x[None], 10)
    ms = 1000 * (time.perf_counter() - start) / len(X)
    recall = index_recall(index.search(X, 10)[1], exact)
    return {"system": system, "n": len(index), "recall": recall, "ms": ms, "mb": index.to_bytes().nbytes / 1e6}

# %% [markdown]
# Up to 50,000 vectors here. With the environment variable `DPR_FULL=1` the sizes go up to a million, which takes some
# minutes and 2 GB of memory.

# %% slow=true
from dpr_course.pipeline.plots_scale import growth
from dpr_course.runtime import progress

sizes = [1_000, 3_000, 10_000, 50_000] + [100_000, 300_000, 1_000_000] * bool(os.environ.get("DPR_FULL"))
threads = load_faiss().omp_get_max_threads()
measured, built = [], {}
for n in progress(sizes, desc="building and searching"):
    Y, X = made_up_vectors(n)
    load_faiss().omp_set_num_threads(threads)
    start = time.perf_counter()
    flat, graph = (PassageIndex.build(Y, range(n), kind) for kind in ("flat", "hnsw"))
    built[n] = time.perf_counter() - start
    load_faiss().omp_set_num_threads(1)
    exact = flat.search(X, 10)[1]
    measured.append(measure("flat (exact)", flat, X, exact))
    for graph.ef_search in (16, 64, 256):
        measured.append(measure(f"HNSW, ef_search {graph.ef_search}", graph, X, exact))
load_faiss().omp_set_num_threads(threads)

# %% slow=true
growth(measured, name="07_growth")
print(f"{'vectors':<21}" + "".join(f"{n:>10,}" for n in sizes))
for system in dict.fromkeys(r["system"] for r in measured):
    own = [r for r in measured if r["system"] == system]
    for key, unit, places in (("recall", "% found", 1), ("ms", "ms a question", 3)):
        print(f"{system:<21}" + "".join(f"{r[key]:10.{places}f}" for r in own) + f"  {unit}")
print(f"{'seconds to build':<21}" + "".join(f"{built[n]:10.1f}" for n in sizes))

# %% [markdown]
# Flat search slows down in step with the vectors, the graph far less. It pays in three coins: passages missed (the more
# vectors, the more), memory for its links, and time to build. Below some thousands exact search is as fast: take it.

# %% [markdown]
# ## Saved, and refused
#
# An index outlives the model that made it. Load it with a retrained encoder and every score is noise, without an error:
# so the file knows its encoder.

# %% slow=true
from dpr_course.pipeline.index import VectorIndexError

index = PassageIndex.build(vectors["f = 1/3"][1], [p["id"] for p in knowledge_base], "flat", model.fingerprint())
index.save(scratch / "passages.npz")
print(len(PassageIndex.load(scratch / "passages.npz", model.fingerprint())), "passages loaded\n")
try:
    PassageIndex.load(scratch / "passages.npz", models["f = 0"].fingerprint())
except VectorIndexError as e:
    print(str(e).replace(f"{scratch}/", ""))

# %% [markdown]
# ## Ask it
#
# Type a question of your own, and run the cell again.

# %% slow=true
import textwrap

question = "who cured scurvy with lemon juice"

scores, found = index.search(model.encode_questions([question]), k=5)
for score, row in zip(scores[0], found[0]):
    p = knowledge_base[place[index.ids[row]]]
    print(f"{score:6.1f}  {p['title']}\n{textwrap.indent(textwrap.fill(p['text'], 100), ' ' * 8)}\n")

# %% [markdown]
# The same misspelt, then in German, then a question that no passage answers. What comes first, and with which score?

# %% slow=true
others = ["who cured scurvvy with lemmon juice", "wer heilte skorbut mit zitronensaft", "how do i reset my router password"]
for other, score, row in zip(others, *(r[:, 0] for r in index.search(model.encode_questions(others), k=1))):
    print(f"{score:6.1f}  {other:<38} {knowledge_base[place[index.ids[row]]]['title']}")

# %% [markdown]
# An answer comes every time, with scores much like those of the good question. A score ranks the passages of *one* question; it
# is no probability, and does not say "I do not know".

# %% [markdown]
# ## 🎛 A knob to turn
#
# Your real passages in a graph. How long must the walk be until R@10 is that of exact search?

# %% slow=true
ef_search = 4
X, Y = vectors["f = 1/3"]
graph = PassageIndex.build(Y, index.ids, "hnsw", ef_search=ef_search)
found, exact = graph.search(X, 10)[1], index.search(X, 10)[1]
print(f"ef_search {ef_search}: {index_recall(found, exact):.1f} % of exact search's top 10")
for k in (1, 10):
    hits = [100 * np.mean([gold in row[:k] for gold, row in zip(golds, result)]) for result in (found, exact)]
    print(f"R@{k:<3} {hits[0]:.1f} in the graph, {hits[1]:.1f} exact")

# %% [markdown]
# ## One question
#
# Of exact search's ten passages the graph misses a larger share than it loses of R@10. Why is missing some passage not the
# same as missing the gold one? And when would it matter?
#
# <details><summary>An answer</summary>The gold passage is one of the ten, and most often near the top, where the graph's walk ends.
# What it misses is mostly further down, and nobody's answer. It matters where all ten are used: a reader that reads
# them all, a search for duplicates, or the mining of hard negatives.</details>
#
# **Read on:** [Malkov and Yashunin 2018](https://arxiv.org/abs/1603.09320) (HNSW);
# [Johnson, Douze and Jégou 2019](https://arxiv.org/abs/1702.08734) (FAISS);
# [Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), section 3.3.
