# %% [markdown]
# # 03 · Recall@k
#
# Before you train anything, decide how you will measure it. **Recall@k** asks: for how many questions is the gold
# passage among the first k that the system returns? You will measure an untrained encoder, and BM25, a baseline from
# 1994 that is hard to beat.

# %% [markdown]
# ## The goal
#
# $$ R@k = \frac{100}{|\mathcal{Q}|} \sum_{q} \mathbb{1}\left[\text{gold}(q) \in \text{top-}k(q)\right] $$
#
# With one gold passage per question, R@k is also called *success@k*, *hit@k* or *top-k accuracy*.

# %%
from previous import make_dual_encoder, tokenizer, track

from dpr_course.runtime import best_device

train_samples, val_samples, knowledge_base = track.load_data()
device = best_device()
print(f"{len(val_samples)} validation questions, {len(knowledge_base)} passages, device {device}")

# %% [markdown]
# ## A worked example, on the toy
#
# All passages are embedded once. A question's scores are its dot products with every passage; `torch.topk` gives the k
# best scores and their column indices.

# %%
import torch

from dpr_course.embed import embed_passages, embed_questions
from dpr_course.worked_example import PASSAGES, print_toy, toy_samples

print_toy()
model = make_dual_encoder().to(device)
X = embed_questions(model, toy_samples(), tokenizer)  # (3, d)
Y = embed_passages(model, PASSAGES, tokenizer)  # (4, d)
values, indices = torch.topk(X @ Y.T, k=2, dim=1)  # (3, 2) each
print(indices)

# %% [markdown]
# Row i holds the indices of the two best passages for question i, best first. `make_candidates` turns them into dicts
# that people can read.

# %%
from dpr_course.candidates import make_candidates

for key, value in make_candidates(toy_samples(), PASSAGES, indices, values)[0].items():
    print(f"{key:>12}: {value}")

# %% [markdown]
# ### ✏️ Exercise 3.1 · The k best passages
#
# | difficulty | time | points |
# |---|---|---|
# | ●○○ | 10 minutes | 3 |
#
# Complete `get_topk_candidates`. If k is larger than the number of passages, return them all: production code has
# crashed here, or returned the last passage by mistake.
#
# <details><summary>Hint 1</summary>The worked example contains nearly all of the code.</details>
# <details><summary>Hint 2</summary>torch.topk raises an error if k is larger than the row. Which is the smaller number: k or
# the number of passages?</details>

# %% carry=true
import torch

from dpr_course.candidates import make_candidates

# %% exercise="get_topk_candidates"
def get_topk_candidates(X, Y, samples, passages, k):
    """The k best passages of each sample.

    X (B, d): vectors of the samples' questions. Y (N, d): vectors of the passages. Returns `make_candidates(...)`.
    """
    ### BEGIN SOLUTION
    #? the score of every question, a row, with every passage, a column, in one product
    S = X @ Y.T  # (B, N)
    #? `min(k, len(passages))` how many to take: torch.topk stops with an error if a row has fewer
    #? `dim=1` the axis along which the passages of one question lie
    topk_values, topk_indices = torch.topk(S, min(k, len(passages)), dim=1)  # (B, k) each
    #: make_candidates looks the passages up, so both tensors go on as they are.
    return make_candidates(samples, passages, topk_indices, topk_values)
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="get_topk_candidates"
check("3.1", get_topk_candidates)

# %% [markdown]
# **Yours.** What does the untrained encoder return for the first validation question?

# %% slow=true
X = embed_questions(model, val_samples, tokenizer)  # (1000, d)
Y = embed_passages(model, knowledge_base, tokenizer)  # (1500, d)
candidates = get_topk_candidates(X, Y, val_samples, knowledge_base, k=100)
c = candidates[0]
print(f"{c['question']}   (gold: {c['gold_title']})")
for title, value in zip(c["topk_titles"][:5], c["topk_values"]):
    print(f"  {value:8.2f}  {title}")

# %% [markdown]
# ### ✏️ Exercise 3.2 · Recall@k
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 4 |
#
# Complete `topk_retrieval_accuracy`. It returns `{k: percent, ..., "num_queries": number of questions}`. With `by="title"` a
# candidate counts if its *title* is the gold title. `candidates` has one dict for each question; a question that occurs twice,
# with different gold passages, counts twice.
#
# <details><summary>Hint 1</summary>A candidates dict has gold_id and topk_ids, gold_title and topk_titles. Which two do you
# compare?</details>
# <details><summary>Hint 2</summary>for each k: count the questions whose gold is in the first k of the list, divide by the
# number of questions, times 100.</details>

# %% exercise="topk_retrieval_accuracy"
def topk_retrieval_accuracy(candidates, k_values=(1, 5, 10, 20, 100), by="id"):
    """R@k in percent for each k, and "num_queries". by: "id" or "title"."""
    ### BEGIN SOLUTION
    result = {"num_queries": len(candidates)}
    for k in k_values:
        #: True counts as 1 in a sum, so this is the number of hits.
        #? `c[f"gold_{by}"] in c[f"topk_{by}s"][:k]` whether the gold of c is among its first k candidates; `by` says which two keys to compare
        hits = sum(c[f"gold_{by}"] in c[f"topk_{by}s"][:k] for c in candidates)
        #? the hits as a percentage of the questions
        result[k] = 100 * hits / len(candidates)
    return result
    ### END SOLUTION

# %% check="topk_retrieval_accuracy"
check("3.2", topk_retrieval_accuracy)

# %% [markdown]
# ## BM25: ranking by words
#
# **BM25** adds up the weights of the words that question and passage share. The fewer passages contain a word, the
# larger its weight. Each repetition of a word adds less, and long passages get lower scores.

# %% slow=true
from dpr_course.bm25 import bm25_candidates, word_weights

question = val_samples[0]["question"]
print(question)
for word, (n, weight) in sorted(word_weights(question, knowledge_base).items(), key=lambda item: item[1]):
    print(f"  {word:<10} weight {weight:.1f}, in {n} of {len(knowledge_base)} passages")

# %% [markdown]
# This is why BM25 wins: one rare name nearly decides the ranking, and counting shows that it is rare, without any
# training. The words were prepared as in Lucene, the field's standard search library: 33 **stop words** such as "the"
# are left out, and the other words are cut to their **stems** ("moons" to "moon").

# %% [markdown]
# ## Yours, against BM25
#
# A fair comparison needs the same input. BM25 reads whole passages, while the encoder reads only the text before the
# cut. So the second row shows BM25 on the truncated text.

# %% slow=true
from dpr_course.embed import as_read
from dpr_course.plots import recall_curves
from dpr_course.results import results_table

cut = as_read(knowledge_base, tokenizer, track.max_length)
rows = {
    "bm25": topk_retrieval_accuracy(bm25_candidates(val_samples, knowledge_base)),
    "bm25_cut": topk_retrieval_accuracy(bm25_candidates(val_samples, cut)),
    "untrained": topk_retrieval_accuracy(candidates),
}
print(results_table(rows))
recall_curves(rows, title="Recall@k before any training", name="03_recall")

# %% [markdown]
# The cut costs BM25 a few points of R@1. Even so it is far ahead, and with few training examples it may stay ahead. Sparse
# (by words) and dense (by vectors) retrieval fail on different questions, so real systems often combine them.

# %% [markdown]
# ## What the preparation is worth
#
# These are the values of R@1 with and without each step. Stems help more than Lucene's stop words. But that list lacks
# question words: few passages contain "what", so "what" gets a larger weight than "king". A longer list removes such
# words too, and R@1 rises again.

# %% slow=true
def bm25_recall(**options):
    return topk_retrieval_accuracy(bm25_candidates(val_samples, knowledge_base, k=1, **options), (1,))[1]


print(f"words as they are        {bm25_recall(stop_words='none', stem=False):.1f}")
print(f"without stop words       {bm25_recall(stem=False):.1f}")
print(f"stems                    {bm25_recall(stop_words='none'):.1f}")
print(f"both, as in Lucene       {bm25_recall():.1f}")
print(f"both, more stop words    {bm25_recall(stop_words='more'):.1f}")
print("weights:", {word: round(weight, 1) for word, (_, weight) in word_weights("what king", knowledge_base).items()})

# %% [markdown]
# ## By id or by title?
#
# Several passages may come from one article. By title, *any* passage of the right article is a hit, so recall is higher.

# %% slow=true
by_title = topk_retrieval_accuracy(candidates, by="title")
for k in (1, 5, 20):
    print(f"R@{k:<3} by id {rows['untrained'][k]:5.1f}   by title {by_title[k]:5.1f}")

# %% [markdown]
# On some questions the two disagree at k = 1: the right article, but does the passage hold the answer?

# %% slow=true
texts = {p["id"]: p["text"] for p in knowledge_base}
differ = [c for c in candidates if c["topk_titles"][0] == c["gold_title"] and c["topk_ids"][0] != c["gold_id"]]
print(f"{len(differ)} questions differ")
for c in differ[:2]:
    print(f"\n{c['question']}   answers: {c['answers']}\n  returned: {texts[c['topk_ids'][0]][:110]}...")

# %% [markdown]
# **We report by id.** The original assignment counts titles; papers often count a passage as right if it holds the answer
# string. When you compare numbers, ask first how a hit was counted.

# %% [markdown]
# ## 🎛 A knob to turn
#
# How much of R@k is luck? Set `k`, up to the 100 that were searched for, and compare with a system that returns k passages at
# random.

# %% slow=true
k = 20
random_recall = 100 * k / len(knowledge_base)
found = topk_retrieval_accuracy(candidates, (k,))[k]
print(f"R@{k}: untrained {found:.1f}, random {random_recall:.1f}")

# %% [markdown]
# ## One question
#
# R@100 is near 100 for BM25. For a reader that extracts the answer from the first five passages, R@5 is what counts. Which k would
# you optimise for a system that shows ten results to a person?
#
# <details><summary>An answer</summary>R@10 counts only whether the gold passage is among the first ten. But people look at the first
# results first, and R@10 does not distinguish rank 1 from rank 10. Measures that distinguish them are the mean reciprocal rank
# (MRR@10: 1 for rank 1, 1/2 for rank 2, 1/3 for rank 3) and nDCG@10.</details>
#
# **Read on:** [Robertson and Zaragoza 2009](https://doi.org/10.1561/1500000019), *The Probabilistic Relevance Framework: BM25 and
# Beyond*; [Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), section 5 (dense against BM25);
# [Lin et al. 2021](https://arxiv.org/abs/2102.10073) (Pyserini: baselines that anyone can repeat). Stage 07 searches without comparing the
# question with every passage. In stage 08 a passage is a hit if it holds an answer.
