# %% [markdown]
# # 08 · At scale
#
# More negatives make a better retriever, but a batch must fit into memory, and an index must fit on one machine.
# Production systems such as Tevatron get around both limits. You will rebuild their methods: gradient cache, negatives
# across devices, and a search in shards whose result is *equal* to that of a search in the whole corpus.

# %% [markdown]
# ## The goal
#
# | limit | way around it | promise |
# |---|---|---|
# | memory of one device | gradient cache | the same gradient |
# | one device | negatives across devices | the same loss, the same gradient |
# | one index | encode, search and reduce in shards | the same passages, ties included |
#
# Each promise is an equality, so each can be tested.

# %%
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from previous import get_in_batch_contrastive_loss, make_dual_encoder, tensorize_contrastive, tokenizer, track

train_samples, val_samples, knowledge_base = track.load_data()
folder = Path(tempfile.mkdtemp())  # for the files that this notebook writes

# %% [markdown]
# ## Where the memory goes
#
# Until `backward`, PyTorch keeps the output of every layer for every text: the **graph**. The vectors themselves are
# small. So we encode texts in chunks, keep the vectors, and discard the graphs. Here is the toy in chunks of two.

# %% carry=true
from dpr_course.pipeline.large_batch import encode, split_batch
from dpr_course.runtime import RandomState

# %%
from dpr_course.worked_example import print_toy, toy_samples

print_toy()
toy_batch = tensorize_contrastive(toy_samples(), True)
for Q, _, P, _ in split_batch(toy_batch, chunk_size=2):
    print("\nquestions" if P is None else "\npassages")
    print(*tokenizer.batch_decode(Q if P is None else P, skip_special_tokens=True), sep="\n")

# %% [markdown]
# ## Three passes
#
# 1. Encode each chunk **without a graph**. Only the vectors are kept.
# 2. Compute the loss of the whole batch from the vectors, and run `backward` down to the vectors. Their gradient is the
#    **cache**.
# 3. Encode each chunk again, **with** a graph, and run `backward` from its part of the cache.
#
# ([Gao et al. 2021](https://arxiv.org/abs/2101.06983).)

# %% [markdown]
# There is one trap: dropout. A chunk's second encoding must drop the same numbers as the first, or the cached gradient
# is that of different vectors. `RandomState` remembers the state of the random generators.

# %%
state = RandomState()
print(torch.rand(3))
with state.replayed():
    print(torch.rand(3), "the same again")
print(torch.rand(3), "and on")

# %% [markdown]
# ### ✏️ Exercise 8.1 · Gradient cache
#
# | difficulty | time | points |
# |---|---|---|
# | ●●● | 30 minutes | 6 |
#
# Complete `gradient_cache_step`. `encode(model, chunk)` returns the vectors of a chunk, (n, d). `loss_fn(model, batch)`
# is any loss from stage 04. It calls its model once, so pass it a stand-in that returns the vectors you already have.
#
# <details><summary>Hint 1</summary>split_batch gives the question chunks, then the passage chunks: the rows of your
# vectors are B questions, then N passages. loss_fn(lambda *texts: (X, Y), batch) computes the loss from X and Y.</details>
# <details><summary>Hint 2</summary>Pass 1, under no_grad: for each chunk, make a RandomState, then call encode(model,
# chunk). Pass 2: torch.cat(...).requires_grad_(), loss.backward(). Pass 3: go through chunks, states and pieces of the
# gradient together: replay, encode, v.backward(piece). Each piece has as many rows as its chunk, and a chunk may have
# fewer than chunk_size rows.</details>

# %% exercise="gradient_cache_step"
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    """Add the gradient of loss_fn over the whole batch to the gradients of the model's parameters, as loss.backward() would.

    batch: (Q, Q_mask, P, P_mask, labels). At most chunk_size texts have a graph at any time.
    Returns the loss (without a graph) and num_correct.
    """
    ### BEGIN SOLUTION
    chunks, B = split_batch(batch, chunk_size), len(batch[0])
    states, vectors = [], []
    #: Pass 1: all vectors, without graphs. Each RandomState remembers the dropout of its chunk for pass 3.
    with torch.no_grad():
        for chunk in chunks:
            states.append(RandomState())
            vectors.append(encode(model, chunk))
    #: Pass 2: the loss, from the vectors alone.
    #? all vectors in one tensor without a history, which is to collect a gradient
    V = torch.cat(vectors).requires_grad_()  # (B + N, d)
    #? `(V[:B], V[B:])` what the model would return for the whole batch: the rows of the questions, then those of the passages
    loss, num_correct = loss_fn(lambda *texts: (V[:B], V[B:]), batch)
    loss.backward()
    #: Pass 3: encode each chunk once more, now with a graph, and send its part of the gradient on.
    #? `V.grad.split([len(v) for v in vectors])` the gradient of V in pieces, each as long as its chunk
    for chunk, state, cached in zip(chunks, states, V.grad.split([len(v) for v in vectors])):
        with state.replayed():
            v = encode(model, chunk)  # (n, d)
        #? `v.backward(cached)` the step from this chunk's vectors back to the parameters, with the piece that belongs to it
        v.backward(cached)
    return loss.detach(), num_correct
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="gradient_cache_step"
check("8.1", gradient_cache_step)

# %% [markdown]
# **Yours.** With dropout on, the next cell compares your function, on 32 questions in chunks of 8, with the same chunks
# when all graphs are kept.

# %% slow=true
def gradient(model):
    """Return all gradients of the model as one vector. The model's own gradients are then set to zero."""
    g = torch.cat([p.grad.flatten() for p in model.parameters()])
    model.zero_grad()
    return g


model = make_dual_encoder().train()
batch = tensorize_contrastive(train_samples[:32])

torch.manual_seed(0)
loss, _ = gradient_cache_step(model, batch, get_in_batch_contrastive_loss, chunk_size=8)
cached = gradient(model)

torch.manual_seed(0)
V = torch.cat([encode(model, chunk) for chunk in split_batch(batch, 8)])  # (64, d), with all graphs
whole_loss, _ = get_in_batch_contrastive_loss(lambda *texts: (V[:32], V[32:]), batch)
whole_loss.backward()
whole = gradient(model)
print(f"loss {loss:.6f} and {whole_loss:.6f}")
print(f"relative difference of the gradients: {(cached - whole).norm() / whole.norm():.1e}")

# %% [markdown]
# ## Gradient accumulation is something else
#
# Adding up the gradients of small batches saves memory too. But each batch has only **its own** passages as negatives:
# in a piece of 4, a question has 3, not 31. Dropout is off here, so nothing else differs.

# %% slow=true
from dpr_course.pipeline.plots import agreement

model.eval()
get_in_batch_contrastive_loss(model, batch)[0].backward()
whole = gradient(model)
cosines = {"gradient cache": {}, "gradient accumulation": {}}
for n in (2, 4, 8, 16):
    gradient_cache_step(model, batch, get_in_batch_contrastive_loss, chunk_size=n)
    cosines["gradient cache"][n] = float(torch.cosine_similarity(gradient(model), whole, dim=0))
    for i in range(0, 32, n):
        piece = tensorize_contrastive(train_samples[i : i + n])
        (get_in_batch_contrastive_loss(model, piece)[0] * n / 32).backward()
    cosines["gradient accumulation"][n] = float(torch.cosine_similarity(gradient(model), whole, dim=0))
agreement(cosines, title="Pieces of a batch of 32", name="08_accumulation")

# %% [markdown]
# ## Memory against batch size
#
# Your function runs in a separate process, whose peak memory the operating system records. To save time, texts have 8
# tokens. The score matrix of 4,096 questions is large, so `loss_in_blocks` computes it 256 rows at a time.

# %% slow=true
from dpr_course.pipeline.programs import cell_source, run_program

program = f"""
import json, sys
import torch
from previous import make_dual_encoder, tokenizer, track
from dpr_course.pipeline.large_batch import encode, loss_in_blocks, split_batch
from dpr_course.pipeline.peak import peak_memory
from dpr_course.runtime import RandomState

{cell_source(gradient_cache_step)}

words = [p["text"].split() for p in track.load_data()[2]]
model, peaks = make_dual_encoder().train(), {{}}
for B in map(int, sys.argv[2:]):
    # Pairs of neighbouring crops from the passages: a made-up question, and what answers it.
    crops = [words[i % len(words)][15 * (i // len(words)):] for i in range(B)]
    Q, P = (tokenizer([" ".join(c) for c in some], max_length=8, truncation=True, padding="max_length", return_tensors="pt")
            for some in ([c[:6] for c in crops], [c[6:12] for c in crops]))
    batch = Q.input_ids, Q.attention_mask, P.input_ids, P.attention_mask, torch.arange(B)
    gradient_cache_step(model, batch, loss_in_blocks, int(sys.argv[1]))
    peaks[B] = peak_memory()
print(json.dumps(peaks))
"""

# %% slow=true
def peaks_of(chunk_size, *batch_sizes):
    """Peak memory in MB after a step with each batch size, the smallest first: {B: MB}."""
    printed = run_program(program, chunk_size, *batch_sizes)
    return {int(B): mb for B, mb in json.loads(printed.splitlines()[-1]).items()}


peaks = {"one graph": peaks_of(100_000, 64, 256, 1024), "gradient cache, chunks of 64": peaks_of(64, 64, 512, 4096)}

# %% slow=true
from dpr_course.pipeline.plots import memory_curves

memory_curves(peaks, name="08_memory")
few, many = (peaks["gradient cache, chunks of 64"][B] for B in (64, 4096))
print(f"64 times the batch takes {many / few:.2f} times the memory. The price is time: every text is encoded twice.")

# %% [markdown]
# ## Negatives across devices
#
# Each of W devices, called *ranks*, encodes its own part of the batch. Then the ranks exchange their vectors, and every
# question is compared with the passages of **all** ranks. `gather(v)` returns the list of every rank's `v`, without graphs.

# %% [markdown]
# ### ✏️ Exercise 8.2 · Negatives across devices
#
# | difficulty | time | points |
# |---|---|---|
# | ●●● | 25 minutes | 6 |
#
# Complete `cross_device_loss`. Every rank runs it at the same time with its own X, Y and labels, and computes the loss
# of the **joint** batch. Afterwards PyTorch's `DistributedDataParallel` **averages** the gradients of the W ranks. The
# average must be the gradient of the joint loss, so return the loss times the right factor.
#
# <details><summary>Hint 1</summary>Gather X, Y and labels. Put your own X and Y, which have graphs, in the place of
# their gathered copies. A label is the position of a passage among the passages of its own rank.</details>
# <details><summary>Hint 2</summary>Add to rank r's labels the number of passages on ranks 0 to r - 1. Each rank computes
# only the part of the gradient that flows through its own vectors. The parts should be summed, but the average divides
# their sum by W.</details>

# %% carry=true
import torch.nn.functional as F

# %% exercise="cross_device_loss"
def cross_device_loss(X, Y, labels, rank, gather):
    """X: (B, d), Y: (N, d), labels: (B,) rows of this rank's Y. B and N may differ from rank to rank.

    gather: tensor -> list of that tensor on every rank, without graphs; all ranks must call it the same number of times.
    Returns W times the mean loss over all ranks' questions, each against all ranks' passages.
    """
    ### BEGIN SOLUTION
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    #: What was gathered has no graph, so no gradient would flow.
    #? what takes the place of this rank's gathered copies
    Xs[rank], Ys[rank] = X, Y  # these have graphs
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        #: A label is a position among the passages of its own rank, but S will hold the passages of all ranks.
        #? `own + offset` the labels of this rank as columns of S
        joint_labels.append(own + offset)
        #? `len(block)` how many columns this rank takes up
        offset += len(block)
    #? the score of every question of all ranks with every passage of all ranks
    S = torch.cat(Xs) @ torch.cat(Ys).T  # (sum of B, sum of N)
    #? `len(Xs)` the factor that makes up for the average, which divides a sum of parts
    #? `F.cross_entropy(S, torch.cat(joint_labels))` the mean loss of the joint batch
    return len(Xs) * F.cross_entropy(S, torch.cat(joint_labels))
    ### END SOLUTION

# %% check="cross_device_loss"
check("8.2", cross_device_loss)

# %% [markdown]
# **Yours.** The next cell runs your loss on four simulated ranks, each with its own dropout, and compares it with one
# process that has the same 32 vectors.

# %% slow=true
from dpr_course.pipeline.distributed import simulate

W, model = 4, make_dual_encoder().train()
parts = [tensorize_contrastive(train_samples[8 * r : 8 * r + 8]) for r in range(W)]
vectors = []  # each rank's X and Y, (8, d) each
for r, (*texts, _) in enumerate(parts):
    torch.manual_seed(r)
    vectors.append([v.detach().requires_grad_() for v in model(*texts)])
losses = simulate(lambda r, gather: cross_device_loss(*vectors[r], parts[r][4], r, gather), W)
sum(losses).backward()  # every rank's own backward
ranks = torch.cat([v.grad.flatten() for pair in vectors for v in pair])

joint = [torch.cat(side).detach().requires_grad_() for side in zip(*vectors)]  # (32, d) each
loss = F.cross_entropy(joint[0] @ joint[1].T, torch.arange(32))
loss.backward()
whole = torch.cat([g for x, y in zip(joint[0].grad.split(8), joint[1].grad.split(8)) for g in (x.flatten(), y.flatten())])
print(f"loss on each rank / W: {losses[0].item() / W:.6f}, in one process: {loss.item():.6f}")
print(f"gradient, averaged over ranks, against one process: {(ranks / W - whole).norm() / whole.norm():.1e}")

# %% [markdown]
# ## Two real processes
#
# Now `torchrun` starts the same function in two processes. A library carries the vectors from one process to the other:
# gloo between CPUs, NCCL between GPUs. Dropout is off, so that the result can be compared with one process.
# `dpr-course train --nproc 2` works in the same way.

# %% slow=true
program = f"""
import sys
import torch, torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel
from previous import make_dual_encoder, tensorize_contrastive, track
from dpr_course.pipeline.distributed import gather, process_group, rank, world
from dpr_course.runtime import best_device

{cell_source(cross_device_loss)}

with process_group():
    own = track.load_data()[0][8 * rank() : 8 * rank() + 8]
    Q, Q_mask, P, P_mask, labels = (t.to(best_device()) for t in tensorize_contrastive(own))
    model = DistributedDataParallel(make_dual_encoder().to(best_device()).eval())
    X, Y = model(Q, Q_mask, P, P_mask)
    loss = cross_device_loss(X, Y, labels, rank(), gather)
    loss.backward()  # here DistributedDataParallel averages
    print(f"rank {{rank()}} of {{world()}}: loss {{loss.item() / world():.6f}}", flush=True)
    if rank() == 0:
        torch.save(torch.cat([p.grad.flatten().cpu() for p in model.parameters()]), sys.argv[1])
"""
print(run_program(program, folder / "gradient.pt", nproc=2))

# %% slow=true
model = make_dual_encoder().eval()
loss, _ = get_in_batch_contrastive_loss(model, tensorize_contrastive(train_samples[:16]))
loss.backward()
whole, ranks = gradient(model), torch.load(folder / "gradient.pt")
print(f"one process:   loss {loss.item():.6f}")
print(f"relative difference of the gradients: {(ranks - whole).norm() / whole.norm():.1e}")

# %% [markdown]
# ## Tied or untied?
#
# Tevatron ties both encoders by default, which halves the parameters and the optimiser's memory. What does it cost in
# recall? The picture shows the course's recorded runs, with the same recipe and the same number of steps.

# %%
from dpr_course.bands import load_bands, paired_gain
from dpr_course.plots import bands

seeds = load_bands()
bands({"untied": seeds["nce"], "tied": seeds["tied"]}, title="R@1 over seeds, NCE", name="08_tied")
print("tied minus untied: {mean:+.2f}, 95 % interval {low:+.2f} to {high:+.2f}".format(**paired_gain(seeds, "nce", "tied")))

# %% [markdown]
# ## Shards
#
# The vectors of DPR's 21 million passages, with 768 numbers each, take 65 GB. So they are divided into **shards**. Each
# shard is searched separately and returns its k best passages. The k best of *all* are among them: any other passage
# has k better ones in its own shard.

# %% [markdown]
# ### ✏️ Exercise 8.3 · Reduce
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 4 |
#
# Complete `merge_shards`. It merges the results of the shards, which come in order, into one result. This must equal a
# search in the whole corpus, whose passages are those of shard 0, then those of shard 1, and so on. If scores are
# equal, a search puts the earlier passage first.
#
# <details><summary>Hint 1</summary>Put all results of a question side by side, scores and ids, and sort.</details>
# <details><summary>Hint 2</summary>Use np.concatenate along axis 1, np.argsort of the negative scores with
# kind="stable", and np.take_along_axis for both scores and ids.</details>

# %% carry=true
import numpy as np

# %% exercise="merge_shards"
def merge_shards(results, k):
    """results: for each shard (scores (B, n), ids (B, n)), best first; n may be less than k, or 0, and may differ by shard.

    Returns scores (B, K), ids (B, K), best first, as arrays; K is k, or less if there are fewer passages.
    """
    ### BEGIN SOLUTION
    #? the scores of all shards side by side, one row for each question
    scores = np.concatenate([s for s, _ in results], axis=1)  # (B, sum of n)
    #? the ids in the same order
    ids = np.concatenate([i for _, i in results], axis=1)  # (B, sum of n)
    #: Columns in order, best first, and only as many as are wanted.
    #? `-scores, axis=1, kind="stable"` three arguments: what to sort (argsort puts the lowest first), along which axis, and how, so that equals keep their order
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
    ### END SOLUTION

# %% check="merge_shards"
check("8.3", merge_shards)

# %% [markdown]
# ## The whole pipeline, as commands
#
# Tevatron needs nine commands for this pipeline; five are enough here. These five train in two processes with gradient
# cache, and encode and search the passages in four shards. On a cluster each shard is a separate job: `--shard 0/4`,
# and so on.

# %% slow=true
(folder / "run.yaml").write_text("""
model: {max_length: 48}
data: {held_out: 0}
schedule: {epochs: 2, batch_size: 128, max_tokens: 4096}
""")


def command(line):
    """Run `dpr-course LINE` in this notebook's scratch folder and print its output."""
    print(f"$ dpr-course {line}")
    done = subprocess.run(
        [sys.executable, "-m", "dpr_course.cli", *line.split()], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "DPR_NO_PROGRESS": "1"},
    )
    print(done.stdout if done.returncode == 0 else done.stderr)


command("train run.yaml --out model --nproc 2")

# %% slow=true
passages = " ".join(f"vectors/passages-{i}-of-4.npz" for i in range(4))
hits = " ".join(f"hits/hits-{i}-of-4.npz" for i in range(4))
command("encode model --shards 4 --out vectors")
command(f"search vectors/questions.npz {passages} --k 100 --out hits")
command(f"reduce {hits} --out run.trec")

# %% [markdown]
# **Yours.** The next cell compares your merge of the same four files with one search in all passages.

# %% slow=true
from dpr_course.pipeline.search import load_hits, search
from dpr_course.pipeline.vectors import load_vectors

results = [load_hits(folder / path) for path in hits.split()]
scores, ids = merge_shards([(h.scores, h.ids) for h in results], 100)

shards = [load_vectors(folder / path) for path in passages.split()]
Y, names = np.concatenate([s.embeddings for s in shards]), np.array([i for s in shards for i in s.ids])
flat_scores, places = search(load_vectors(folder / "vectors/questions.npz").embeddings, Y, 100)
print("passages: ", "all the same" if (names[places] == ids).all() else "NOT the same")
print("scores:   ", "all the same" if np.array_equal(flat_scores, scores) else "NOT the same")

# %% [markdown]
# ## What counts as right?
#
# Counted by **id**, only the gold passage is right; by **title**, any passage of its article is; by **answer**, any
# passage that holds an answer is. Look at the questions on which these counts differ: which count would you believe?

# %% slow=true
command("evaluate run.trec --topk 1 5 20 100 --show 8")

# %% [markdown]
# ### ✏️ Exercise 8.4 · Accuracy by answer
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 4 |
#
# For real questions nobody knows every right passage, so DPR counts a hit when a passage's text **holds an answer**.
# Complete `answer_accuracy`: the percentage of questions for which at least one of the run's k best passages holds an
# answer. Titles do not count. You may assume that no two scores of a question are equal.
#
# <details><summary>Hint 1</summary>For each sample, sort its passages by score and find the rank of the first passage
# whose text holds an answer. A sample that is missing from the run has no such rank.</details>
# <details><summary>Hint 2</summary>sorted(scores, key=scores.get, reverse=True) gives the ids. If ranks are counted from
# 0, a hit at rank r counts for every k > r.</details>

# %% carry=true
from dpr_course.text import has_answer

# %% exercise="answer_accuracy"
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    """run: {question id: {passage id: score}}, in any order. Returns {k: percent of samples}."""
    ### BEGIN SOLUTION
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        #? the passages of this question with their scores; nothing, if the run lacks the question
        scores = run.get(s["id"], {})
        #? the ids of these passages, best first
        ranked = sorted(scores, key=scores.get, reverse=True)
        #: The ranks, from 0, at which a passage holds an answer.
        #? `has_answer(texts[i], s["answers"])` what must be true of the passage at rank n
        places = [n for n, i in enumerate(ranked) if has_answer(texts[i], s["answers"])]
        for k in k_values:
            #? `bool(places) and places[0] < k` whether this question is a hit at k
            hits[k] += bool(places) and places[0] < k
    return {k: 100 * n / len(samples) for k, n in hits.items()}
    ### END SOLUTION

# %% check="answer_accuracy"
check("8.4", answer_accuracy)

# %% [markdown]
# **Yours.** On the same run, your function gives the same numbers as the last line of the table.

# %% slow=true
from dpr_course.pipeline.trec import read_run

run = {question: dict(found) for question, found in read_run(folder / "run.trec").items()}
print({k: round(v, 2) for k, v in answer_accuracy(run, val_samples, knowledge_base).items()})

# %% [markdown]
# ## 🎛 A knob to turn
#
# Tevatron's example takes 100 passages from each shard. How few are enough, if you want the best 100 of all? And if you want
# the best 5?

# %% slow=true
depth, k = 25, 100
shallow = merge_shards([(h.scores[:, :depth], h.ids[:, :depth]) for h in results], k)[1]
kept = np.mean([len(set(a) & set(b[:k])) / k for a, b in zip(shallow, ids)])
print(f"{depth} from each of {len(results)} shards: {kept:.1%} of the true best {k}")

# %% [markdown]
# ## One question
#
# With gradient cache the whole training set could be one batch. Why does nobody train like that?
#
# <details><summary>An answer</summary>An epoch would then be a single step. Small batches take many steps for the same
# work, each with a gradient that is noisy but points in nearly the right direction. And the larger the batch, the more
# passages in it answer a question without being its gold passage: there are more false negatives.</details>
#
# **Read on:** [Gao et al. 2021](https://arxiv.org/abs/2101.06983) (gradient cache);
# [Qu et al. 2021](https://arxiv.org/abs/2010.08191) (RocketQA: negatives across devices);
# [Gao et al. 2023](https://arxiv.org/abs/2203.05765) (Tevatron).
