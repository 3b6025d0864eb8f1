# %% [markdown]
# # 05 · Hard negatives
#
# Most in-batch negatives are easy: nobody confuses a moon with a play. The passages worth learning from are **hard
# negatives**: wrong passages that your *own model* ranks high. You mine them, train on them, and measure fairly whether
# that helped.

# %% [markdown]
# ## The goal
#
# 1. Train with in-batch negatives (NCE), as in stage 04.
# 2. Let that model search for every **training** question, among the training questions' gold passages.
# 3. Take its best *wrong* passage as the question's hard negative.
# 4. Train a new model from scratch, with the hard negatives in the batch.

# %%
import math
from collections import Counter

from previous import (
    get_masked_contrastive_loss,
    get_topk_candidates,
    make_dual_encoder,
    tensorize_contrastive,
    tokenizer,
    topk_retrieval_accuracy,
    track,
)

from dpr_course.data import gold_passages, hold_out
from dpr_course.embed import embed_passages, embed_questions
from dpr_course.kept_models import kept
from dpr_course.runtime import best_device
from dpr_course.train import train

train_samples, val_samples, knowledge_base = track.load_data()
fit_samples, dev_samples = hold_out(train_samples, 50)
dev_passages = gold_passages(dev_samples + fit_samples[:150])  # the development questions search only these, to save time
device = best_device()

# %% [markdown]
# The next cell defines how to search and how to train one model. Everything that could differ between two runs is an
# argument. As in stage 04, a trained model is kept on your disk, and loaded after a restart if nothing has changed.

# %%
def search(model, samples, k=100, passages=knowledge_base):
    """The k best of `passages` for each sample."""
    X, Y = embed_questions(model, samples, tokenizer), embed_passages(model, passages, tokenizer)
    return get_topk_candidates(X, Y, samples, passages, k)


def train_model(samples, use_hard_negative, seed=0):
    """A new model, trained on `samples`; the epoch is chosen on the development questions."""
    model = make_dual_encoder().to(device)
    name = "nce_hard" if use_hard_negative else "nce"
    fit = lambda: train(
        model, samples, lambda batch: tensorize_contrastive(batch, use_hard_negative), get_masked_contrastive_loss,
        epochs=track.epochs, batch_size=track.batch_size, learning_rate=track.learning_rate, seed=seed, desc=name,
        evaluate=lambda m: topk_retrieval_accuracy(search(m, dev_samples, 5, dev_passages), (5,))[5],
    )
    return model, kept(f"05_{name}", model, fit)

# %% slow=true
nce, nce_history = train_model(fit_samples, use_hard_negative=False)

# %% [markdown]
# ## A worked example, on the toy
#
# What does the NCE model return for the three toy questions, among the four toy passages?

# %% slow=true
from dpr_course.worked_example import PASSAGES, print_toy, toy_samples

print_toy()
X, Y = embed_questions(nce, toy_samples(), tokenizer), embed_passages(nce, PASSAGES, tokenizer)
for c in get_topk_candidates(X, Y, toy_samples(), PASSAGES, k=4):
    print(f"\n{c['question']}   (gold: {c['gold_title']})")
    print("  ", ", ".join(f"{t} {v:.1f}" for t, v in zip(c["topk_titles"], c["topk_values"])))

# %% [markdown]
# Which passage would make the best negative for each question? There are three traps:
#
# - the **gold passage** itself may be at any rank, not only the first;
# - another passage from the gold passage's *article* is a good negative, so compare ids, not titles;
# - a passage that **holds the answer** may be right as well, and must not be a negative.

# %% [markdown]
# ### ✏️ Exercise 5.1 · Mining
#
# | difficulty | time | points |
# |---|---|---|
# | ●●● | 20 minutes | 6 |
#
# Complete `mine_hard_negatives`. The hard negative of a sample is its first candidate, from the best down, that is not
# the gold passage and does not hold an answer. `has_answer(text, answers)` tests for an answer. Return **new** dicts
# that keep the rest of the sample. A sample without a usable candidate comes back without `"hard_negative"`, even if it
# had an old one.
#
# <details><summary>Hint 1</summary>candidates[i]["topk_indices"] holds positions in `passages`, best first.</details>
# <details><summary>Hint 2</summary>Go through samples and candidates together. Copy the sample without an old
# "hard_negative". For each index, get the passage; if its id is not the gold's and it does not hold an answer, keep it
# and stop.</details>

# %% carry=true
from dpr_course.text import has_answer

# %% exercise="mine_hard_negatives"
def mine_hard_negatives(samples, candidates, passages):
    """Add the key "hard_negative" (a passage) to each sample with a usable candidate. candidates[i] belongs to samples[i].

    Returns new dicts. The inputs are not changed, and the passage is put into the sample unchanged, with all its keys.
    """
    ### BEGIN SOLUTION
    mined = []
    for s, c in zip(samples, candidates):
        #? `key != "hard_negative"` what the copy keeps: everything but the negative of an earlier round
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        #: The candidates are sorted best first, so the first usable one is the hardest.
        for index in c["topk_indices"]:
            p = passages[index]
            #? `p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"])` both conditions that a usable passage meets
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
                #? `break` one negative is enough: what happens to the search?
                break
        mined.append(s)
    return mined
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="mine_hard_negatives"
check("5.1", mine_hard_negatives)

# %% [markdown]
# ## Where to mine
#
# If a passage is only ever used as a negative, the model learns to rank it low for *every* question, even for a
# validation question that it answers. Among millions of passages nobody notices; among 1,500 it costs recall. So we
# mine among the training questions' gold passages, each of which is also trained as a positive.

# %% [markdown]
# **Yours.** The next cell mines negatives for the training questions with the NCE model. A negative's **margin** is the
# gold passage's score minus the negative's own. The list shows the negatives with the smallest margin, which are the
# hardest, and, below each negative, the one that BM25 would have chosen. Would they fool *you*?

# %% slow=true
from dpr_course.bm25 import bm25_candidates

pool = gold_passages(fit_samples)
candidates = search(nce, fit_samples, k=len(pool), passages=pool)
mined = mine_hard_negatives(fit_samples, candidates, pool)
by_words = mine_hard_negatives(fit_samples, bm25_candidates(fit_samples, pool, k=20), pool)  # as DPR did

margin = {}  # position in `mined`: the gold passage's score minus the negative's
for i, (s, c) in enumerate(zip(mined, candidates)):
    score = dict(zip(c["topk_ids"], c["topk_values"]))
    if "hard_negative" in s:
        margin[i] = score[c["gold_id"]] - score[s["hard_negative"]["id"]]
hardest = sorted(margin, key=margin.get)
print(f"{len(margin)} of {len(mined)} samples have a hard negative, median margin {margin[hardest[len(margin) // 2]]:.1f}\n")
for i in hardest[:8]:
    print(f"{margin[i]:5.1f}  {mined[i]['question']}\n       gold   {mined[i]['gold_context']['title']}")
    for name, some in (("dense", mined), ("BM25", by_words)):
        print(f"       {name:<6} {some[i].get('hard_negative', {}).get('title')}")

# %% [markdown]
# ## How many mined passages are siblings?
#
# The passages come in **families** whose members are easily confused: the moons of a planet, the novels of an author.
# How often does the mined passage belong to the gold passage's family? And if each question had only its gold and
# its mined passage, how would the gradient's **pull** be divided among the questions?

# %% slow=true
family = {p["id"]: p.get("family", p["id"]) for p in knowledge_base}  # a passage without one is a family of its own
members = Counter(family[p["id"]] for p in pool)


def share_near(samples):
    """Percentage of the hard negatives that belong to the gold passage's family."""
    near = [family[s["gold_context"]["id"]] == family[s["hard_negative"]["id"]] for s in samples if "hard_negative" in s]
    return 100 * sum(near) / len(near)


tenth = len(hardest) // 10
pull = [1 / (1 + math.exp(margin[i])) for i in hardest]  # the negative's probability in a softmax of two
siblings = sum(members[family[s["gold_context"]["id"]]] > 1 for s in fit_samples)
print(f"golds with a sibling in the pool      {100 * siblings / len(fit_samples):5.1f} %")
print(f"mined by the model, of gold's family  {share_near(mined):5.1f} %")
print(f"mined by BM25, of gold's family       {share_near(by_words):5.1f} %")
print(f"the model's hardest tenth             {share_near([mined[i] for i in hardest[:tenth]]):5.1f} %")
print(f"pull of the hardest tenth             {100 * sum(pull[:tenth]) / sum(pull):5.1f} % of the pull of all")

# %% [markdown]
# Most gold passages have a sibling, a member of the same family, in the pool. Yet few mined passages are siblings. A
# question names something that only its gold passage has, so the second best is far behind (see the median margin), and
# chance decides which one it is. BM25's negatives are siblings about as often.

# %% [markdown]
# The hardest tenth is different: it holds more siblings and gets most of the pull. The gradient weighs each
# negative by its probability (stage 04), so the many negatives that do not fool the model hardly count. Do not expect
# much from hard negatives here.

# %% [markdown]
# ## What a careless rule would do
#
# The original assignment had this rule: "if the first candidate has the gold's title, take the second, else the first".
# When another passage of the gold passage's article comes first, the second can be the **gold passage itself**.

# %% slow=true
careless = [c["topk_ids"][1] if c["topk_titles"][0] == c["gold_title"] else c["topk_ids"][0] for c in candidates]
hit = [c for c, chosen in zip(candidates, careless) if chosen == c["gold_id"]]
print(f"{len(hit)} of {len(candidates)} questions would be trained against their own gold passage")
for c in hit[:2]:
    print("  ", c["question"], "->", c["gold_title"])

# %% [markdown]
# ## False negatives
#
# Some questions name a second passage that answers them: its id is in `also`. As a hard negative it would be a **false
# negative**: the model would be trained to rank a right passage low. How many would be mined from the whole knowledge
# base, and how many remain with your rule about answers?

# %% slow=true
def false_negatives(samples, chosen):
    """The number of samples whose chosen passage, an id, answers the question."""
    return sum(i in s.get("also", ()) for s, i in zip(samples, chosen))


from_all = {"model": search(nce, fit_samples), "BM25": bm25_candidates(fit_samples, knowledge_base, k=20)}
for name, ranked in from_all.items():
    first = [next(i for i in c["topk_ids"] if i != c["gold_id"]) for c in ranked]  # only the gold passage is left out
    yours = [s.get("hard_negative", {}).get("id") for s in mine_hard_negatives(fit_samples, ranked, knowledge_base)]
    counts = false_negatives(fit_samples, first), false_negatives(fit_samples, yours)
    print(f"{name:<5} {counts[0]:3} of {len(fit_samples)} without your rule, {counts[1]} with it")

# %% [markdown]
# ## Train on them
#
# We train from scratch, with the **same seed, batch size and number of steps** as NCE. Only the negatives differ. (The
# assignment also halved the batch size, which doubled the number of steps. This mixes two causes, and the table cannot
# tell them apart.)

# %% slow=true
hard, hard_history = train_model(mined, use_hard_negative=True)

# %% slow=true
from dpr_course.plots import learning_curves

histories = {"NCE": nce_history, "NCE + hard negatives": hard_history}
learning_curves(histories, title="With and without hard negatives", name="05_learning_curves")

# %% [markdown]
# Do not compare the two losses: one softmax is over the gold passages of a batch, the other over twice as many
# passages, half of them hard negatives. Losses over different sets of negatives cannot be compared, but recall can.

# %% [markdown]
# ## The results table

# %% slow=true
from dpr_course.results import results_table, save_rows

models = {"untrained": make_dual_encoder().to(device), "nce": nce, "nce_hard": hard}
found = {"bm25": bm25_candidates(val_samples, knowledge_base)} | {name: search(m, val_samples) for name, m in models.items()}
rows = {name: topk_retrieval_accuracy(c) for name, c in found.items()}
print(results_table(rows))

# %% [markdown]
# R@k counts the gold passage only. For the questions with a second passage that answers them, this is too strict:

# %% slow=true
def first_is_right(candidates, samples):
    """Percentage of the questions whose first passage is the gold one, or another one that answers."""
    right = [c["topk_ids"][0] in (c["gold_id"], *s.get("also", ())) for c, s in zip(candidates, samples)]
    return 100 * sum(right) / len(right)


two = sum("also" in s for s in val_samples)
print(f"{two} of {len(val_samples)} questions have a second passage that answers; R@1 by the gold passage, and by either:")
for name, c in found.items():
    print(f"{name:<9} {rows[name][1]:5.1f} {first_is_right(c, val_samples):5.1f}")

# %% [markdown]
# ## Both together
#
# BM25 is ahead. Is it right wherever your model is right?

# %% slow=true
words, dense = ({i for i, c in enumerate(found[name]) if c["topk_ids"][0] == c["gold_id"]} for name in ("bm25", "nce_hard"))
print(f"first passage right: both {len(words & dense)}, BM25 alone {len(words - dense)}, your model alone {len(dense - words)}")

# %% [markdown]
# Your model is right on some questions where BM25 is not. **Fusion** combines two rankings into one. *Reciprocal rank
# fusion* ([Cormack et al. 2009](https://doi.org/10.1145/1571941.1572114)) gives a passage 1/(60 + its rank) points from
# each system, and ranks the passages by their sums.

# %% slow=true
from dpr_course.candidates import make_candidates


def fuse(samples, *systems, k=100):
    """Fuse the results of several systems. Each is a pair (candidates, points); points turns a question's scores into points."""
    best = []
    for i in range(len(samples)):
        total = Counter()  # {index of a passage: sum of its points}
        for found, points in systems:
            total.update(dict(zip(found[i]["topk_indices"], points(found[i]["topk_values"]))))
        best.append(total.most_common(k))
    return make_candidates(samples, knowledge_base, [[p for p, _ in b] for b in best], [[v for _, v in b] for b in best])


by_rank = lambda scores: [1 / (60 + place) for place in range(1, len(scores) + 1)]
rrf = topk_retrieval_accuracy(fuse(val_samples, (found["bm25"], by_rank), (found["nce_hard"], by_rank)))
print(results_table({"bm25": rows["bm25"], "nce_hard": rows["nce_hard"], "rank fusion": rrf}))

# %% [markdown]
# With rank fusion, R@100 is as good as BM25's, but R@1 is worse. A rank does not show how *sure* a system is, and the
# weaker system counts as much as the stronger one. DPR fused **scores** instead: BM25's score plus a weight times the
# dense score. The weight is chosen on the development questions.

# %% slow=true
def hybrid(samples, words, dense, weight):
    """BM25's score plus weight times the dense score.

    The last score of each list is subtracted first, so that a passage which is missing from a list counts as zero.
    """
    above_last = lambda scores: [v - scores[-1] for v in scores]
    return fuse(samples, (words, above_last), (dense, lambda scores: [weight * v for v in above_last(scores)]))


dev = bm25_candidates(dev_samples, knowledge_base), search(hard, dev_samples)
tried = {w: topk_retrieval_accuracy(hybrid(dev_samples, *dev, w), (1,))[1] for w in (0, 0.1, 0.3, 1)}
weight = max(tried, key=tried.get)
print("R@1 on the development questions by weight:", {w: round(float(r), 1) for w, r in tried.items()}, "\n")
found["hybrid"] = hybrid(val_samples, found["bm25"], found["nce_hard"], weight)
rows["hybrid"] = topk_retrieval_accuracy(found["hybrid"])
print(results_table(rows))
save_rows(rows)

# %% [markdown]
# The hybrid beats both of its parts. That is why search systems keep BM25 beside a dense retriever
# ([Bruch et al. 2023](https://arxiv.org/abs/2210.11934) compare the ways to fuse).

# %% slow=true
from dpr_course.plots import recall_curves

recall_curves(rows, title=f"Recall@k on {len(val_samples):,} validation questions", name="05_recall")

# %% [markdown]
# ## What was mined, before and after
#
# For both models, the plot shows the gold passage's score minus the mined negative's score. Left of zero, the model
# ranks the negative above the gold passage.

# %% slow=true
from dpr_course.plots import margins

with_negative = [s for s in mined if "hard_negative" in s][:120]
gaps = {}
for name, m in (("NCE", nce), ("NCE + hard negatives", hard)):
    X = embed_questions(m, with_negative, tokenizer)  # (n, d)
    gold = embed_passages(m, [s["gold_context"] for s in with_negative], tokenizer)
    negative = embed_passages(m, [s["hard_negative"] for s in with_negative], tokenizer)
    gaps[name] = (X * gold).sum(1) - (X * negative).sum(1)
margins(gaps, title="Gold score minus mined negative's score (training)", name="05_margins")

# %% [markdown]
# ## One run is an anecdote
#
# Two runs of the same recipe with different seeds can differ by more than the gain. The course ships the same
# comparison over many seeds; the diamond is your run.

# %% slow=true
from dpr_course.bands import load_bands
from dpr_course.plots import bands

seeds = load_bands()
fresh = {"NCE": rows["nce"][1], "NCE + hard": rows["nce_hard"][1]}
recorded = {"NCE": seeds["nce"], "NCE + hard": seeds["nce_hard"]}
bands(recorded, fresh if track.is_recorded else None, title="R@1 over seeds, toy NQ", name="05_bands")

# %% [markdown]
# A fair test uses the **difference within each pair** of runs with the same seed. If the 95 % interval of its mean
# included zero, these seeds could not tell whether hard negatives help. With a batch of 64 the interval did include
# zero (−0.1, from −2.8 to +2.5): a larger batch often holds a sibling of the gold passage even without mining.

# %% slow=true
from dpr_course.bands import paired_gain

print("gain in R@1, seed by seed:", " ".join(f"{b - a:+.1f}" for a, b in zip(seeds["nce"], seeds["nce_hard"])))
print("mean {mean:+.2f}, 95 % interval {low:+.2f} to {high:+.2f}, {seeds} seeds".format(**paired_gain(seeds)))
print(f"this run: {rows['nce_hard'][1] - rows['nce'][1]:+.1f}")

# %% [markdown]
# ## 🎛 A knob to turn
#
# How hard should a negative be? Skip the first few candidates of each question and see what is mined then. With
# `skip = 0` you get the negatives that you trained on.

# %% slow=true
skip = 5
later = [{**c, "topk_indices": c["topk_indices"][skip:]} for c in candidates]
easier = mine_hard_negatives(fit_samples, later, pool)
print(f"of the gold's family: {share_near(easier):.1f} %\n")
for i in hardest[:5]:
    print(f"{easier[i]['question']}\n   gold: {easier[i]['gold_context']['title']}   mined: {easier[i].get('hard_negative', {}).get('title')}")

# %% [markdown]
# ## Both models on a page
#
# The page of stage 04, now with both of your models. Press "one where they disagree" a few times: which of the two would
# you rather ask?

# %% slow=true
from dpr_course.page import show

show({"NCE": nce, "NCE + hard negatives": hard}, tokenizer)

# %% [markdown]
# ## One question
#
# BM25 does not use the training questions at all. Look at the table: where is BM25 ahead? What would you try in order
# to close the gap: more questions, a better encoder, or more negatives?
#
# <details><summary>An answer</summary>It is ahead at every k. When question and passage share a rare word, such as a name, BM25
# counts exactly that word, while a small encoder has hardly seen it. In the tables above, more negatives made little difference.
# More questions teach more: DPR had about 59,000 questions and an encoder thirty times as large, and it was ahead of BM25. The
# hybrid uses the strengths of both.</details>
#
# **Read on:** [Xiong et al. 2021](https://arxiv.org/abs/2007.00808) (ANCE: the hard negatives are mined again during training);
# [Qu et al. 2021](https://arxiv.org/abs/2010.08191) (RocketQA: false negatives among the mined negatives);
# [Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), table 3. Stage 07 trains with hard negatives from BM25, as DPR did.
