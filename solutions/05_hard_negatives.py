# %% [markdown]
# # 05 · Hard negatives
#
# Most in-batch negatives are easy: nobody confuses a moon with a play. The passages worth learning from are the ones
# your *own model* ranks high and should not. Mine them, train on them, and measure fairly whether it helped.

# %% [markdown]
# ## The goal
#
# 1. Train with in-batch negatives (NCE), as in stage 04.
# 2. Let that model search for every **training** question, among the training questions' gold passages.
# 3. Take its best *wrong* passage as the question's hard negative.
# 4. Train a new model from scratch, with the hard negatives in the batch.

# %%
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
from dpr_course.runtime import best_device
from dpr_course.train import train

train_samples, val_samples, knowledge_base = track.load_data()
fit_samples, dev_samples = hold_out(train_samples, 50)
dev_passages = gold_passages(dev_samples + fit_samples[:150])  # what these search, to be quick
device = best_device()

# %% [markdown]
# Searching, and training one model. Everything that could differ between two runs is an argument.

# %%
def search(model, samples, k=100, passages=knowledge_base):
    """The k best of `passages` for each sample."""
    X, Y = embed_questions(model, samples, tokenizer), embed_passages(model, passages, tokenizer)
    return get_topk_candidates(X, Y, samples, passages, k)


def train_model(samples, use_hard_negative, seed=0):
    """A new model, trained on `samples`; the epoch is chosen on the development questions."""
    model = make_dual_encoder().to(device)
    history = train(
        model, samples, lambda batch: tensorize_contrastive(batch, use_hard_negative), get_masked_contrastive_loss,
        epochs=track.epochs, batch_size=track.batch_size, learning_rate=track.learning_rate, seed=seed,
        evaluate=lambda m: topk_retrieval_accuracy(search(m, dev_samples, 5, dev_passages), (5,))[5],
        desc="NCE + hard" if use_hard_negative else "NCE",
    )
    return model, history

# %% slow=true
nce, nce_history = train_model(fit_samples, use_hard_negative=False)

# %% [markdown]
# ## A worked example, on the toy
#
# What does the NCE model return for the three toy questions, among the four toy passages?

# %% slow=true
from dpr_course.toy import PASSAGES, print_toy, toy_samples

print_toy()
X, Y = embed_questions(nce, toy_samples(), tokenizer), embed_passages(nce, PASSAGES, tokenizer)
for c in get_topk_candidates(X, Y, toy_samples(), PASSAGES, k=4):
    print(f"\n{c['question']}   (gold: {c['gold_title']})")
    print("  ", ", ".join(f"{t} {v:.1f}" for t, v in zip(c["topk_titles"], c["topk_values"])))

# %% [markdown]
# Which passage would make the best negative for each? Three traps:
#
# - the **gold passage** itself may stand at any place, not only the first;
# - another passage of the gold's *article* is a fine negative, so compare ids, not titles;
# - a passage that **holds the answer** may be a second right one, and must not be a negative.

# %% [markdown]
# ### ✏️ Exercise 5.1 · Mining
#
# | difficulty | time | points |
# |---|---|---|
# | ●●● | 20 minutes | 6 |
#
# Complete `mine_hard_negatives`: for each sample the first candidate, from the best down, that is not the gold passage
# and does not hold an answer. `has_answer(text, answers)` tells. Return **new** dicts that keep the rest of the sample; one
# without a usable candidate comes back without `"hard_negative"`, even if it had an old one.
#
# <details><summary>Hint 1</summary>candidates[i]["topk_indices"] are places in `passages`, best first.</details>
# <details><summary>Hint 2</summary>for sample, c together: copy the sample without an old "hard_negative"; for each index:
# get the passage; if its id is not the gold's and it does not hold an answer, keep it and stop.</details>

# %% carry=true
from dpr_course.text import has_answer

# %% exercise="mine_hard_negatives"
def mine_hard_negatives(samples, candidates, passages):
    """Samples with the key "hard_negative" (a passage) where a candidate may serve. candidates[i] belongs to samples[i].

    Returns new dicts. Nothing that comes in is changed, and a passage goes into its sample as it is.
    """
    ### BEGIN SOLUTION
    mined = []
    for s, c in zip(samples, candidates):
        s = {key: value for key, value in s.items() if key != "hard_negative"}
        for index in c["topk_indices"]:
            p = passages[index]
            if p["id"] != c["gold_id"] and not has_answer(p["text"], s["answers"]):
                s["hard_negative"] = p
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
# A passage that is only ever used as a negative learns to be wrong for *every* question, also for a validation question that
# it answers. Among millions of passages nobody notices; among 1,500 it costs recall. So we mine among passages that are
# somebody's gold: each is pulled as well as pushed.

# %% [markdown]
# **Yours.** Mine for the training questions, with the NCE model. Read a few: would they fool *you*?

# %% slow=true
pool = gold_passages(fit_samples)
candidates = search(nce, fit_samples, k=20, passages=pool)
mined = mine_hard_negatives(fit_samples, candidates, pool)
print(f"{sum('hard_negative' in s for s in mined)} of {len(mined)} samples have a hard negative\n")
for s in mined[:200:40]:
    print(f"{s['question']}\n   gold: {s['gold_context']['title']}   hard: {s.get('hard_negative', {}).get('title')}")

# %% [markdown]
# ## What a careless rule would do
#
# The rule of the original assignment: "if the first candidate has the gold's title take the second, else the first". When
# another passage of the gold's article comes first, the second can be the **gold passage itself**.

# %% slow=true
careless = [c["topk_ids"][1] if c["topk_titles"][0] == c["gold_title"] else c["topk_ids"][0] for c in candidates]
hit = [c for c, chosen in zip(candidates, careless) if chosen == c["gold_id"]]
print(f"{len(hit)} of {len(candidates)} questions would be trained against their own gold passage")
for c in hit[:2]:
    print("  ", c["question"], "->", c["gold_title"])

# %% [markdown]
# ## Train on them
#
# From scratch, with the **same seed, batch size and number of steps** as NCE. Only the negatives differ. (The assignment
# also halved the batch, which doubled the steps: then two causes are mixed, and the table cannot tell them apart.)

# %% slow=true
hard, hard_history = train_model(mined, use_hard_negative=True)

# %% slow=true
from dpr_course.plots import learning_curves

histories = {"NCE": nce_history, "NCE + hard negatives": hard_history}
learning_curves(histories, title="With and without hard negatives", name="05_learning_curves")

# %% [markdown]
# Which loss is lower says nothing here: one softmax is over the gold passages of a batch, the other over twice as many, half of them hard.
# Losses over different sets of negatives cannot be compared. Recall can.

# %% [markdown]
# ## The results table

# %% slow=true
from dpr_course.bm25 import bm25_candidates
from dpr_course.results import results_table, save_rows

rows = {"bm25": topk_retrieval_accuracy(bm25_candidates(val_samples, knowledge_base))}
models = {"untrained": make_dual_encoder().to(device), "nce": nce, "nce_hard": hard}
found = {name: search(m, val_samples) for name, m in models.items()}
rows |= {name: topk_retrieval_accuracy(c) for name, c in found.items()}
print(results_table(rows))
save_rows(rows)

# %% slow=true
from dpr_course.plots import recall_curves

recall_curves(rows, title=f"Recall@k on {len(val_samples):,} validation questions", name="05_recall")

# %% [markdown]
# ## What was mined, before and after
#
# The scores of the gold passage minus those of the mined negative. Left of zero the model is fooled.

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
# Two seeds of the same recipe can differ by more than the gain. The course ships the same comparison over many seeds; your
# run is the diamond.

# %% slow=true
from dpr_course.bands import load_bands
from dpr_course.plots import bands

seeds = load_bands()
fresh = {"NCE": rows["nce"][1], "NCE + hard": rows["nce_hard"][1]}
recorded = {"NCE": seeds["nce"], "NCE + hard": seeds["nce_hard"]}
bands(recorded, fresh if track.is_recorded else None, title="R@1 over seeds, toy NQ", name="05_bands")

# %% [markdown]
# The fair test is the **difference of each pair** of runs with the same seed. If its 95 % interval included zero, these seeds
# could not tell whether hard negatives help. That happened with a batch of 64 (−0.1, from −2.8 to +2.5): a larger batch more
# often holds a gold passage's sibling anyway.

# %% slow=true
from dpr_course.bands import paired_gain

print("gain in R@1, seed by seed:", " ".join(f"{b - a:+.1f}" for a, b in zip(seeds["nce"], seeds["nce_hard"])))
print("mean {mean:+.2f}, 95 % interval {low:+.2f} to {high:+.2f}, {seeds} seeds".format(**paired_gain(seeds)))
print(f"this run: {rows['nce_hard'][1] - rows['nce'][1]:+.1f}")

# %% [markdown]
# ## 🎛 A knob to turn
#
# How hard should a negative be? Skip the first few candidates of each question and read what is mined then.

# %% slow=true
skip = 5
later = [{**c, "topk_indices": c["topk_indices"][skip:]} for c in candidates]
for s in mine_hard_negatives(fit_samples, later, pool)[:200:40]:
    print(f"{s['question']}\n   gold: {s['gold_context']['title']}   hard: {s.get('hard_negative', {}).get('title')}")

# %% [markdown]
# ## One question
#
# BM25 sees no training question at all. Look at the table: where is it ahead, and what would you try to close the gap:
# more questions, a better encoder, or both systems together?
#
# **Read on:** Xiong et al. 2021 (ANCE: mine again and again while training); Qu et al. 2021 (RocketQA: false negatives
# among the mined); Karpukhin et al. 2020, table 3. Stage 07 trains with hard negatives from BM25, as DPR did.
