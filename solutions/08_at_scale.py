# %% [markdown]
# # 08 · At scale
#
# More negatives make a better retriever, but a batch must fit into memory, and an index on one machine. Production systems
# such as Tevatron get around both walls. You rebuild how: gradient cache, negatives across devices, and a search in shards
# whose result is *equal* to a search in the whole.

# %% [markdown]
# ## The goal
#
# | wall | way around | promise |
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
folder = Path(tempfile.mkdtemp())  # what this notebook writes

# %% [markdown]
# ## Where the memory goes
#
# Until `backward`, PyTorch keeps every layer's output of every text: the **graph**. The vectors themselves are small. So
# encode the texts in chunks, keep the vectors, and forget the graphs. Here are the toy's chunks of two texts.

# %% carry=true
from dpr_course.pipeline.large_batch import encode, split_batch
from dpr_course.runtime import RandomState

# %%
from dpr_course.toy import print_toy, toy_samples

print_toy()
toy_batch = tensorize_contrastive(toy_samples(), True)
for Q, _, P, _ in split_batch(toy_batch, chunk_size=2):
    print("\nquestions" if P is None else "\npassages")
    print(*tokenizer.batch_decode(Q if P is None else P, skip_special_tokens=True), sep="\n")

# %% [markdown]
# ## Three passes
#
# 1. Encode each chunk **without a graph**. Only the vectors stay.
# 2. Compute the loss of the whole batch from the vectors, and go backwards as far as the vectors: their gradient is the
#    **cache**.
# 3. Encode each chunk again, **with** a graph, and send its part of the cache through it.
#
# ([Gao et al. 2021](https://arxiv.org/abs/2101.06983).)

# %% [markdown]
# One trap: dropout. A chunk's second encoding must drop what the first dropped, or the cache belongs to other vectors.
# `RandomState` remembers where the random generators stand.

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
# Complete `gradient_cache_step`. `encode(model, chunk)` gives the vectors of a chunk, (n, d). `loss_fn(model, batch)` is any
# loss of stage 04. It calls its model once, so hand it a stand-in that returns vectors which you have already.
#
# <details><summary>Hint 1</summary>split_batch gives the question chunks, then the passage chunks: the rows of your
# vectors are B questions, then N passages. loss_fn(lambda *texts: (X, Y), batch) computes the loss from X and Y.</details>
# <details><summary>Hint 2</summary>Pass 1, under no_grad: for each chunk a RandomState, then encode(model, chunk). Pass 2:
# torch.cat(...).requires_grad_(), loss.backward(). Pass 3: for each chunk, state and piece of the gradient: replay, encode,
# v.backward(piece). The pieces are as long as the chunks, which need not be chunk_size.</details>

# %% exercise="gradient_cache_step"
def gradient_cache_step(model, batch, loss_fn, chunk_size):
    """Add the gradient of loss_fn's loss over the whole batch to what the model's parameters have, as loss.backward() would.

    batch: (Q, Q_mask, P, P_mask, labels). At most chunk_size texts are under a graph at a time.
    Returns the loss (without a graph) and num_correct.
    """
    ### BEGIN SOLUTION
    chunks, B = split_batch(batch, chunk_size), len(batch[0])
    states, vectors = [], []
    with torch.no_grad():
        for chunk in chunks:
            states.append(RandomState())
            vectors.append(encode(model, chunk))
    V = torch.cat(vectors).requires_grad_()  # (B + N, d)
    loss, num_correct = loss_fn(lambda *texts: (V[:B], V[B:]), batch)
    loss.backward()
    for chunk, state, cached in zip(chunks, states, V.grad.split([len(v) for v in vectors])):
        with state.replayed():
            v = encode(model, chunk)  # (n, d)
        v.backward(cached)
    return loss.detach(), num_correct
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="gradient_cache_step"
check("8.1", gradient_cache_step)

# %% [markdown]
# **Yours.** 32 questions in chunks of 8, dropout on, against the same chunks with all graphs held.

# %% slow=true
def gradient(model):
    """All gradients of the model as one vector, which is then set to zero."""
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
# Adding up the gradients of small batches saves memory too. But each has only **its own** passages as negatives: in a
# piece of 4 a question meets 3, not 31. Dropout is off here, so that only that differs.

# %% slow=true
from dpr_course.pipeline.plots_scale import agreement

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
# Your function in a process of its own, whose peak the operating system records. Texts have 8 tokens, to be quick. One
# more trap at 4,096: the score matrix itself. `loss_in_blocks` makes it 256 rows at a time.

# %% slow=true
from dpr_course.pipeline.programs import cell_source, run_program

program = f"""
import json, sys
import torch
from previous import make_dual_encoder, tokenizer, track
from dpr_course.pipeline.large_batch import encode, loss_in_blocks, split_batch
from dpr_course.pipeline.programs import peak_memory
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
from dpr_course.pipeline.plots_scale import memory_curves

memory_curves(peaks, name="08_memory")
few, many = (peaks["gradient cache, chunks of 64"][B] for B in (64, 4096))
print(f"64 times the batch takes {many / few:.2f} times the memory. The price is time: every text is encoded twice.")

# %% [markdown]
# ## Negatives across devices
#
# Each of W devices, called *ranks*, encodes its own part of the batch. Then all exchange their vectors, and every question
# meets the passages of **all** ranks. `gather(v)` returns the list of every rank's `v`, without graphs.

# %% [markdown]
# ### ✏️ Exercise 8.2 · Negatives across devices
#
# | difficulty | time | points |
# |---|---|---|
# | ●●● | 25 minutes | 6 |
#
# Every rank runs `cross_device_loss` at the same time, each with its own X, Y and labels, and computes the loss of the
# **joint** batch. Afterwards PyTorch's `DistributedDataParallel` **averages** the gradients of the W ranks. The average
# must be the gradient of the joint loss, so return the loss times the right factor.
#
# <details><summary>Hint 1</summary>Gather X, Y and labels. Put your own X and Y, which have graphs, back in their place.
# A label counts from the first passage of its own rank.</details>
# <details><summary>Hint 2</summary>Rank r's labels move by the number of passages on ranks 0 to r - 1. Each rank's gradient
# is only its own vectors' part of the whole: the parts should be summed, the average divides the sum by W.</details>

# %% carry=true
import torch.nn.functional as F

# %% exercise="cross_device_loss"
def cross_device_loss(X, Y, labels, rank, gather):
    """X: (B, d), Y: (N, d), labels: (B,) rows of this rank's Y. B and N may differ from rank to rank.

    gather: tensor -> list of that tensor on every rank, without graph; all ranks must call it equally often.
    Returns W times the mean loss over all ranks' questions, each against all ranks' passages.
    """
    ### BEGIN SOLUTION
    Xs, Ys, all_labels = gather(X), gather(Y), gather(labels)
    Xs[rank], Ys[rank] = X, Y  # these have graphs
    offset, joint_labels = 0, []
    for block, own in zip(Ys, all_labels):
        joint_labels.append(own + offset)
        offset += len(block)
    S = torch.cat(Xs) @ torch.cat(Ys).T  # (sum of B, sum of N)
    return len(Xs) * F.cross_entropy(S, torch.cat(joint_labels))
    ### END SOLUTION

# %% check="cross_device_loss"
check("8.2", cross_device_loss)

# %% [markdown]
# **Yours**, on four simulated ranks, each under dropout of its own, against one process with the same 32 vectors.

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
# The same function, started twice by `torchrun`. A library carries the vectors from one process to the other: gloo between
# CPUs, NCCL between GPUs. Dropout is off, so that one process can be compared. `dpr-course train --nproc 2` does the same.

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
# Tevatron ties both encoders unless told otherwise: half the parameters, half the optimiser's memory. What does it cost
# in recall? The course's recorded seeds, same recipe, same steps.

# %%
from dpr_course.bands import load_bands, paired_gain
from dpr_course.plots import bands

seeds = load_bands()
bands({"untied": seeds["nce"], "tied": seeds["tied"]}, title="R@1 over seeds, NCE", name="08_tied")
print("tied minus untied: {mean:+.2f}, 95 % interval {low:+.2f} to {high:+.2f}".format(**paired_gain(seeds, "nce", "tied")))

# %% [markdown]
# ## Shards
#
# The 21 million passages of DPR, 768 numbers each, take 65 GB. So they are cut into **shards**. Each is searched by itself
# and gives its k best. The k best of *all* are among them: any other passage has k better ones in its own shard.

# %% [markdown]
# ### ✏️ Exercise 8.3 · Reduce
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 4 |
#
# Complete `merge_shards`: one result from the results of the shards, which come in order. It must equal a search in the
# whole corpus, whose passages are those of shard 0, then of shard 1, and so on. Of equal scores a search puts the earlier
# passage first.
#
# <details><summary>Hint 1</summary>Put all results of a question side by side, scores and ids, and sort.</details>
# <details><summary>Hint 2</summary>np.concatenate along axis 1, np.argsort of the negative scores with kind="stable", and
# np.take_along_axis for scores and ids alike.</details>

# %% carry=true
import numpy as np

# %% exercise="merge_shards"
def merge_shards(results, k):
    """results: for each shard (scores (B, n), ids (B, n)), best first; n may be less than k, or 0, and differs.

    Returns scores (B, K), ids (B, K), best first, as arrays; K is k, or less if there are fewer passages.
    """
    ### BEGIN SOLUTION
    scores = np.concatenate([s for s, _ in results], axis=1)  # (B, sum of n)
    ids = np.concatenate([i for _, i in results], axis=1)  # (B, sum of n)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
    ### END SOLUTION

# %% check="merge_shards"
check("8.3", merge_shards)

# %% [markdown]
# ## The whole walk, as commands
#
# What Tevatron does in nine commands takes five here: training in two processes with gradient cache, passages encoded
# and searched in four shards. On a cluster each shard is a job of its own: `--shard 0/4`, and so on.

# %% slow=true
(folder / "run.yaml").write_text("""
model: {max_length: 48}
data: {held_out: 0}
schedule: {epochs: 2, batch_size: 128, max_tokens: 4096}
""")


def command(line):
    """Run `dpr-course LINE` in this notebook's scratch folder and show what it says."""
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
# **Yours**: your merge of the same four files, against one search in all passages.

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
# By **id** only the gold passage is right; by **title** any passage of its article; by **answer** any passage that holds
# one. Look at the questions on which they differ: which count would you believe?

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
# Complete `answer_accuracy`: the percentage of questions for which one of the k best passages of the run does. Titles do not
# count, and no two scores of a question are equal.
#
# <details><summary>Hint 1</summary>For each sample: sort its passages by score, find the first place whose text holds an
# answer. A sample that the run lacks has no such place.</details>
# <details><summary>Hint 2</summary>sorted(scores, key=scores.get, reverse=True) gives the ids. A place counted from 0 is a
# hit at every k above it.</details>

# %% carry=true
from dpr_course.text import has_answer

# %% exercise="answer_accuracy"
def answer_accuracy(run, samples, passages, k_values=(1, 5, 20, 100)):
    """run: {question id: {passage id: score}}, in any order. Returns {k: percent of samples}."""
    ### BEGIN SOLUTION
    texts = {p["id"]: p["text"] for p in passages}
    hits = dict.fromkeys(k_values, 0)
    for s in samples:
        scores = run.get(s["id"], {})
        ranked = sorted(scores, key=scores.get, reverse=True)
        places = [n for n, i in enumerate(ranked) if has_answer(texts[i], s["answers"])]
        for k in k_values:
            hits[k] += bool(places) and places[0] < k
    return {k: 100 * n / len(samples) for k, n in hits.items()}
    ### END SOLUTION

# %% check="answer_accuracy"
check("8.4", answer_accuracy)

# %% [markdown]
# **Yours**, on the run of above: the same numbers as in the last line of the table.

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
# <details><summary>An answer</summary>One batch is one step an epoch. Small batches take many steps for the same work, each with a
# gradient that is noisy but points nearly the right way. And the larger the batch, the more passages in it answer a
# question without being its gold: more false negatives.</details>
#
# **Read on:** [Gao et al. 2021](https://arxiv.org/abs/2101.06983) (gradient cache);
# [Qu et al. 2021](https://arxiv.org/abs/2010.08191) (RocketQA: negatives across devices);
# [Gao et al. 2023](https://arxiv.org/abs/2203.05765) (Tevatron).
