# %% [markdown]
# # 07 · A vector index
#
# A **vector index** stores passage vectors and finds those that score high for a question. In production it does *not*
# look at all of its millions of vectors. Such systems also keep training data in arrays of fixed shape and describe
# runs in files. You will build each piece, measure how much recall the index costs, and ask it your own questions.

# %% [markdown]
# ## The goal
#
# 1. Samples become a **features dictionary**: arrays of fixed shape in one file.
# 2. A **YAML file** describes the run; you add a loss in both directions.
# 3. Passage vectors go into a **FAISS index**, exact and approximate.
# 4. You type a question and get its passages.
#
# The DPR of the [Cerebras Model Zoo](https://github.com/Cerebras/modelzoo) works in this way.

# %% carry=true
import numpy as np

# %%
import torch
from previous import get_topk_candidates, tokenizer, topk_retrieval_accuracy, track

from dpr_course.runtime import best_device

device = best_device()

# %% [markdown]
# FAISS is the library that will search the vectors. In Colab, or wherever the next cell reports that it is missing, run
# `%pip install faiss-cpu` in a separate cell.

# %%
from dpr_course.pipeline.index import load_faiss

try:
    print("FAISS", load_faiss().__version__)
except ImportError as e:
    print(e)

# %% [markdown]
# ## A worked example, on the toy
#
# Each of the three questions has a positive in slot 0 and a hard negative in slot 1. Only question 0 came with a hard
# negative. The converter reports this, and gives the others the gold passage of another question.

# %%
from dpr_course.pipeline.features import make_features
from dpr_course.worked_example import print_toy, toy_samples

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
# Every text is padded to `max_sequence_length`, whatever the batch, because an accelerator compiles its program for one
# shape. Token types are **all zeros**. For a (title, text) pair BERT itself uses 0 and 1, but DPR was trained with
# zeros, and its checkpoints perform worse with anything else.

# %% [markdown]
# An encoder reads one passage per row, so the (B, 2, L) tensors are flattened to (2B, L), sample by sample:

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
# losses expect. The dictionary's own labels count over the whole file, so a batch needs new ones, of type int64. Read
# the number of passages per question from the shape.
#
# <details><summary>Hint 1</summary>The first two dimensions of ctx_input_ids and ctx_attention_mask become one: see
# torch.flatten or reshape.</details>
# <details><summary>Hint 2</summary>Read B, C and L from the shape of ctx_input_ids. Every C-th row is a positive,
# beginning with row 0.</details>

# %% exercise="flatten_features"
def flatten_features(features):
    """Make a batch from the features of B questions, whose ctx tensors are (B, C, L).

    Returns Q (B, L), Q_mask (B, L), P (C*B, L), P_mask (C*B, L), labels (B,): the row of each question's own positive.
    """
    ### BEGIN SOLUTION
    ids, mask = features["ctx_input_ids"], features["ctx_attention_mask"]
    B, C, L = ids.shape
    #: The passages will be in one long list, C of them for each question, the positive first.
    #? the row of each question's positive in that list
    labels = torch.arange(B) * C  # (B,)
    Q, Q_mask = features["questions_input_ids"], features["questions_attention_mask"]
    #? `ids.reshape(B * C, L)` the ids of all passages, one row each
    #? `mask.reshape(B * C, L)` their masks, in the same shape
    return Q, Q_mask, ids.reshape(B * C, L), mask.reshape(B * C, L), labels
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="flatten_features"
check("7.1", flatten_features)

# %% [markdown]
# ## A run in a file
#
# A YAML file describes the run: the model, the data and the training settings. The command `dpr-course train` reads the
# same file as this notebook. In the notebook, however, the data and the encoder come from your track.

# %%
from dpr_course.pipeline.config import CONFIGS, ConfigError, load_config

path = CONFIGS / f"{track.name}.yaml"
print(path.read_text())
run = load_config(path)

# %% [markdown]
# A misspelt key that is silently ignored can cost a night of training. Here each mistake is reported with its line:

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
# **Yours.** The next cell turns the training set into features. Hard negatives come from BM25, as in DPR's own
# training.

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
# A passage can be gold for one question and a hard negative for another. Are two of the rows above equal? Such copies
# are the false negatives of exercise 4.2. `dpr-course train` masks them. Your next loss does not, to keep it short.

# %% [markdown]
# ## Both directions
#
# A question chooses among passages. A positive passage can choose among *questions* too, with the same scores:
#
# $$ L = (1 - f)\, L_{q \to c} + f\, L_{c \to q} $$
#
# Cerebras calls this loss mutual information, and sets $f = 1/(1 + C)$ with C passages per question: here 1/3.

# %% [markdown]
# ### ✏️ Exercise 7.2 · Both directions
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 5 |
#
# Complete `get_symmetric_contrastive_loss`. The first direction is your loss from exercise 4.1, which masks no copies. The
# second direction takes each question's **positive**, and asks to which of the B questions it belongs. Hard negatives are left out.
# Encode each text once, for both directions: with dropout, a second encoding gives another vector.
#
# <details><summary>Hint 1</summary>The scores of the positives are B columns of S. Which ones, and what must be
# transposed, so that the softmax runs over questions?</details>
# <details><summary>Hint 2</summary>The second direction is the cross-entropy of the scores (B positives, B questions), where the
# right answer of row i is i. Then weight the two losses by 1 - f and f. num_correct is as in stage 04.</details>

# %% carry=true
import torch.nn.functional as F

# %% exercise="get_symmetric_contrastive_loss"
def get_symmetric_contrastive_loss(model, batch, f=1 / 3):
    """model: DualEncoder. batch: (Q, Q_mask, P, P_mask, labels). f: weight of the second direction. Returns loss, num_correct."""
    ### BEGIN SOLUTION
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    #? the scores, as in exercise 4.1
    S = X @ Y.T  # (B, N)
    #: First direction: each question chooses among all passages.
    #? the loss of exercise 4.1
    forward = F.cross_entropy(S, labels)
    #: Second direction: each positive chooses among the B questions.
    #? `S[:, labels].T` the scores of the positives alone, turned so that each row is one positive and each column one question
    #? `torch.arange(len(labels), device=S.device)` the question that each positive belongs to, as a tensor on the device of S
    backward = F.cross_entropy(S[:, labels].T, torch.arange(len(labels), device=S.device))
    #? `(1 - f) * forward + f * backward` both losses in one, so that the second has the weight f
    #? `(S.argmax(dim=1) == labels).sum()` the number of right questions, as in exercise 4.1
    return (1 - f) * forward + f * backward, (S.argmax(dim=1) == labels).sum()
    ### END SOLUTION

# %% check="get_symmetric_contrastive_loss"
check("7.2", get_symmetric_contrastive_loss)

# %% [markdown]
# ## Train with one direction, and with both
#
# Both runs have the same seed, batches and steps; only `f` differs. `Retriever` is the packaged form of your dual
# encoder: it computes the same vectors, and it can be saved. We train for two epochs to save time; the YAML file
# gives the number of epochs of a full run.

# %%
from dpr_course.pipeline.retriever import Retriever
from dpr_course.train import train

epochs = min(2, run.schedule.epochs)


def train_model(f):
    """A retriever trained as the file says, with weight `f` on the passage-to-question loss."""
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
# What does the second direction change? We search passages for questions, as always, and also the other way round: does
# a gold passage find its own question among the 1,000 validation questions?

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
# The first softmax compares passages *within* a question: adding the same number to all scores of a question does not
# change the loss. So scores of different questions cannot be compared. The second loss makes them comparable: look at
# the last line. The usual recall, in the table, hardly moves.

# %% [markdown]
# ## The index
#
# A **flat** index compares the question with every vector, so it is exact, like `X @ Y.T`. Here it holds the toy's four
# passages. It stores their ids, and it can store the **fingerprint** of the encoder that made the vectors.

# %% slow=true
from dpr_course.pipeline.index import PassageIndex
from dpr_course.worked_example import PASSAGES, QUESTIONS

model = models["f = 1/3"]
toy_index = PassageIndex.build(model.encode_passages(PASSAGES), [p["id"] for p in PASSAGES])
scores, found = toy_index.search(model.encode_questions(QUESTIONS), k=2)
for question, row, score in zip(QUESTIONS, found, scores):
    print(f"{question:<46} {[(toy_index.ids[i], round(float(s), 1)) for i, s in zip(row, score)]}")

# %% [markdown]
# Now we ask FAISS itself for more passages than there are. What comes back after the four?

# %% slow=true
scores, found = toy_index.faiss.search(model.encode_questions(QUESTIONS[:1]).numpy(), 6)
print("scores", *(f"{s:.4g}" for s in scores[0]))
print("rows  ", found[0], "  and in Python PASSAGES[-1] is", PASSAGES[-1]["title"])

# %% [markdown]
# Row **-1** means *nothing found*, but Python takes it as the index of the last passage and raises no error. At least
# four published systems use this -1 as a position in their list of passages. `PassageIndex.search` never returns it.

# %% [markdown]
# ## Not looking everywhere
#
# **HNSW** is a graph in which each passage is linked to 32 near ones. The search follows the links towards higher
# scores and keeps the `ef_search` best candidates. Of 50,000 passages it visits about 2,500 with `ef_search` 64, and it
# can miss a good one. How many does it miss?

# %% [markdown]
# ### ✏️ Exercise 7.3 · What the approximate index misses
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 5 |
#
# Complete `index_recall`: of the passages that exact search returns for a question, what percentage did the index find,
# in any order? Return the mean over the questions. In both arrays, -1 stands for no passage.
#
# <details><summary>Hint 1</summary>Make two sets for each question. Divide the number of passages in both sets by the
# number of passages that there were to find.</details>
# <details><summary>Hint 2</summary>Remove -1 from the exact row first. The number of passages left is the denominator,
# even if found has fewer.</details>

# %% exercise="index_recall"
def index_recall(found, exact):
    """found, exact: (B, k) arrays of row numbers, -1 for nothing. Returns the mean percentage of exact that is in found.

    A question for which nothing was found counts as 0. Neither array is changed.
    """
    ### BEGIN SOLUTION
    shares = []
    for a, b in zip(found, exact):
        #? the passages that there were to find; -1 is none of them
        wanted = set(b.tolist()) - {-1}
        #? `len(wanted & set(a.tolist())) / len(wanted)` what part of them the index found, as a number from 0 to 1
        shares.append(len(wanted & set(a.tolist())) / len(wanted))
    return 100 * sum(shares) / len(shares)
    ### END SOLUTION

# %% check="index_recall"
check("7.3", index_recall)

# %% [markdown]
# **Yours.** The next cells measure how recall and time change as the index grows. The knowledge base is too small for that,
# so we make up vectors of 64 components. Like real passages, they come in topics of about 20 vectors that lie near
# each other.

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
    """One row of the plot: recall against exact search, milliseconds per question on one core, megabytes."""
    start = time.perf_counter()
    for x in X:  # one at a time, as users ask
        index.search(x[None], 10)
    ms = 1000 * (time.perf_counter() - start) / len(X)
    recall = index_recall(index.search(X, 10)[1], exact)
    return {"system": system, "n": len(index), "recall": recall, "ms": ms, "mb": index.to_bytes().nbytes / 1e6}

# %% [markdown]
# The sizes here go up to 50,000 vectors. With the environment variable `DPR_FULL=1` the sizes go up to a million, which
# takes some minutes and 2 GB of memory.

# %% slow=true
from dpr_course.pipeline.plots import growth
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
# Flat search reads every vector, so each further vector costs time; the graph slows down far less. The graph has three
# costs: it misses passages (the more vectors, the more it misses), it needs memory for its links, and it takes
# time to build. Below a few thousand vectors exact search is as fast, so use it.

# %% [markdown]
# ## Saved, and refused
#
# An index on disk can outlive the model that made it. With a retrained encoder every score is noise, and no error is
# raised. So the file stores the fingerprint of its encoder, and loading refuses any other.

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
# The next cell asks the same question misspelt, then in German, and then a question that no passage answers. What comes
# first, and with which score?

# %% slow=true
others = ["who cured scurvvy with lemmon juice", "wer heilte skorbut mit zitronensaft", "how do i reset my router password"]
for other, score, row in zip(others, *(r[:, 0] for r in index.search(model.encode_questions(others), k=1))):
    print(f"{score:6.1f}  {other:<38} {knowledge_base[place[index.ids[row]]]['title']}")

# %% [markdown]
# Each question gets a passage, with a score much like that of the good question. A score ranks the passages of *one*
# question. It is not a probability, and it cannot say "I do not know".

# %% [markdown]
# ## 🎛 A knob to turn
#
# The next cell searches the knowledge base with a graph. How large must `ef_search` be until R@10 equals that of exact
# search?

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
# ## On a page
#
# The page of stages 04 and 05 also takes a packaged `Retriever`. `dpr-course page FOLDER --out ask.html` makes it of a
# trained folder.

# %% slow=true
from dpr_course.page import show

show({name.replace("f = ", "symmetric, f = "): m for name, m in models.items()}, model.tokenizer, out="ask_07.html")

# %% [markdown]
# ## One question
#
# The graph misses a certain share of the ten passages that exact search finds, but R@10 falls by less than that share. Why does
# missing one of the ten usually not mean missing the gold passage? And when would it matter?
#
# <details><summary>An answer</summary>The gold passage is only one of the ten, and it is most often near the top of the
# ranking. The search in the graph finds the passages near the top most reliably. Those that it misses are mostly further down and do not
# hold the answer. The missed passages matter where all ten are used: in a reader that reads them all, in a search for duplicates, or in mining hard
# negatives.</details>
#
# **Read on:** [Malkov and Yashunin 2018](https://arxiv.org/abs/1603.09320) (HNSW);
# [Johnson, Douze and Jégou 2019](https://arxiv.org/abs/1702.08734) (FAISS);
# [Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), section 3.3.
