# %% [markdown]
# # 06 · One experiment of your own
#
# You have a working retriever and a table of results. Now ask a question of your own: is a tied encoder worse? Does a
# larger batch help? A **controlled experiment** changes one thing, keeps the rest fixed, repeats each run with several
# seeds, and reports how certain the result is.

# %%
import torch
from previous import (
    get_masked_contrastive_loss,
    get_topk_candidates,
    make_dual_encoder,
    mine_hard_negatives,
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
pool = gold_passages(fit_samples)  # where hard negatives are mined
device = best_device()

# %% [markdown]
# ## Recorded runs, over many seeds
#
# Each dot is one training run of this course's recipe, with one thing changed. The bar shows the mean and its 95 %
# interval.

# %%
from dpr_course.bands import load_bands
from dpr_course.plots import bands

recorded = load_bands()
bands(recorded, title="R@1 of the course's recipes over seeds", name="06_bands")

# %% [markdown]
# ## A worked example: groups for the optimiser
#
# AdamW shrinks the weights a little at every step; this is called *weight decay*. Biases and layer norms should not
# decay. A well-known rule finds them by `"bias"` and `"LayerNorm.weight"` in a parameter's name. On BERT that works.
# The next cell tries it on DistilBERT:

# %%
model = make_dual_encoder()
names = [n for n, _ in model.query_encoder.named_parameters()]
norms = [n for n in names if "norm" in n.lower() and n.endswith("weight")]
missed = [n for n in norms if not any(rule in n for rule in ("bias", "LayerNorm.weight"))]
print(f"{len(norms)} layer norms, {len(missed)} of them missed by the rule:")
print("\n".join(missed))

# %% [markdown]
# ### ✏️ Exercise 6.1 · Groups for the optimiser
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 20 minutes | 5 |
#
# Complete `get_parameter_groups`. It returns a list of dicts for `torch.optim.AdamW`, each with `"params"`, `"lr"` and
# `"weight_decay"`. Weight decay applies to matrices (embeddings too), and not to biases and layer norms, whatever the model calls
# them. The passage encoder learns at `learning_rate * passage_scale`. A parameter that both encoders share (the same object in
# both, not merely equal values) appears exactly once, at `learning_rate`.
#
# <details><summary>Hint 1</summary>Walk over model.named_parameters(). It lists a shared parameter only once. Under which
# name?</details>
# <details><summary>Hint 2</summary>In any model, a matrix differs from a bias or a layer norm in its number of
# dimensions. Names differ from model to model.</details>
# <details><summary>Hint 3</summary>Decide for each parameter: decay or 0? rate or rate * scale? Append a group of one
# parameter, or collect the parameters in a dict by (decay, rate).</details>

# %% exercise="get_parameter_groups"
def get_parameter_groups(model, weight_decay, learning_rate, passage_scale=1.0):
    """Parameter groups for AdamW. model has query_encoder and passage_encoder, which may share parameters or be one module."""
    ### BEGIN SOLUTION
    groups = {}
    for name, p in model.named_parameters():  # a shared parameter is listed once, under the query encoder
        #? `p.ndim > 1` what is true of a matrix and false of a bias or a layer norm, in any model
        decay = weight_decay if p.ndim > 1 else 0.0
        #? `learning_rate * passage_scale` the rate of the passage encoder's own parameters
        #? `name.startswith("passage_encoder.")` how the name of a parameter tells that it is one of these
        rate = learning_rate * passage_scale if name.startswith("passage_encoder.") else learning_rate
        #: Parameters with the same decay and the same rate form one group.
        groups.setdefault((decay, rate), []).append(p)
    return [{"params": ps, "weight_decay": decay, "lr": rate} for (decay, rate), ps in groups.items()]
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="get_parameter_groups"
check("6.1", get_parameter_groups)

# %% [markdown]
# **Yours.** In an untied model whose passage encoder learns at half the rate, which parameters decay, and how fast does
# each group learn?

# %%
groups = get_parameter_groups(model, weight_decay=0.01, learning_rate=1e-3, passage_scale=0.5)
alike = {}  # your groups may be small: those with equal settings are counted together
for g in torch.optim.AdamW(groups).param_groups:
    alike.setdefault((g["lr"], g["weight_decay"]), []).extend(g["params"])
for (rate, decay), tensors in sorted(alike.items(), reverse=True):
    print(f"rate {rate:.4f}, decay {decay:.2f}: {len(tensors):3} tensors, {sum(p.numel() for p in tensors):9,} numbers")

# %% [markdown]
# Nearly all parameters are in matrices, so weight decay applies to nearly all of the model.

# %% [markdown]
# ## Your experiment
#
# One function trains a model and measures it; everything that you may change is an argument. Choose **one** of these
# questions:
#
# 1. **Tied or untied** encoders?
# 2. **Batch size** 16 or 64, at the same number of steps?
# 3. **Temperature** 1 or 2?
# 4. **Negatives**: no hard negative, or one per question?
# 5. **A second mining round**: mine with the model that was trained on hard negatives.

# %%
def search(model, samples, k, passages=knowledge_base):
    X, Y = embed_questions(model, samples, tokenizer), embed_passages(model, passages, tokenizer)
    return get_topk_candidates(X, Y, samples, passages, k)


def run(seed, samples=fit_samples, tied=False, hard=False, batch_size=track.batch_size, epochs=4, temperature=1.0, scale=1.0):
    """Train one model, for one epoch less than in stage 04. Returns the model and its R@1 on the validation questions."""
    model = make_dual_encoder(tie_encoders=tied).to(device)

    def loss_fn(model, batch):
        cooled = lambda *args: tuple(v / temperature**0.5 for v in model(*args))
        return get_masked_contrastive_loss(cooled, batch)

    train(
        model, samples, lambda b: tensorize_contrastive(b, hard), loss_fn, seed=seed,
        epochs=epochs, batch_size=batch_size, learning_rate=track.learning_rate,
        optimizer=torch.optim.AdamW(get_parameter_groups(model, 0.01, track.learning_rate, scale)),
    )
    return model, topk_retrieval_accuracy(search(model, val_samples, 1), (1,))[1]

# %% [markdown]
# ### ✏️ Exercise 6.2 · The plan (graded by hand)
#
# Write your plan before you run anything. Which question do you ask? What do you change, and what do you keep equal? How
# many seeds do you use? What do you expect, and why? (5 points, 100 to 150 words)

# %% [markdown] written="plan" points=5
# ### BEGIN SOLUTION
# *Reference answer.* I ask whether tied encoders retrieve worse than untied ones. I change only `tied`. Data, batch
# size, number of steps, learning rate, temperature and seeds are equal; both start from the same pre-trained weights. I
# run each setting with the same two seeds, so that I can look at the difference within each pair. I expect R@1 to fall
# a little at most: both sides already share their starting point, and with 450 training questions a shared encoder sees
# twice as many texts, which may make up for having half the parameters. I would call a mean difference below one point
# "no difference" with so few seeds.
#
# **Mark scheme.** Give one point for each of these: the question can be answered with yes or no by one experiment;
# exactly one thing changes, and the plan names it; the plan lists what is kept equal, including the number of steps;
# both arms use the same seeds, at least two of them; the expectation has a reason that follows from how training works.
# ### END SOLUTION

# %% [markdown]
# Now run the experiment. Edit `arms` for your own question; more seeds are better, but take longer. With half the batch
# size an epoch has twice the steps, so halve `epochs`.

# %% [markdown]
# An arm with hard negatives is `dict(samples=mined, hard=True)`. Before the experiment, run
# `mined = mine_hard_negatives(fit_samples, search(model, fit_samples, 20, pool), pool)`, where `model` is one that
# `run` returned.

# %% slow=true
arms = {"untied": dict(tied=False), "tied": dict(tied=True)}
seeds = (0, 1)
outcome = {name: [run(seed, **settings)[1] for seed in seeds] for name, settings in arms.items()}
print(outcome)

# %% slow=true
bands(outcome, title="My experiment: R@1 by setting", name="06_experiment")
names = list(outcome)
difference = [b - a for a, b in zip(outcome[names[0]], outcome[names[1]])]
print(f"{names[1]} minus {names[0]}, seed by seed: {', '.join(f'{x:+.1f}' for x in difference)}")

# %% [markdown]
# ### ✏️ Exercise 6.3 · What it shows (graded by hand)
#
# Report the numbers with their spread; say what they show and do **not** show, what could have misled you, and what you would
# run next. (10 points, 150 to 250 words)

# %% [markdown] written="conclusion" points=10
# ### BEGIN SOLUTION
# *Reference answer.* R@1 is about 59 for the tied model and about 58 for the untied one: they are about one point
# apart. The last cell prints the difference for each seed. The mean of two seeds is uncertain by several points, so
# this experiment alone cannot show whether there is a difference. The recorded runs, over more seeds, give an upper limit
# for it. My experiment does not show that tying is harmless at full scale: with about 59,000 questions the untied model has
# room to specialise, which 450 questions do not give it. Two things could have misled me: one seed may be lucky, and
# the validation questions come from the same domains as the training ones. It would also be wrong to compare the
# training losses, since the tied model is a different model. Next I would run the same two settings with ten
# seeds, and look at the mean of the differences between the two runs of each seed, with its confidence interval. Then I would ask whether the answer changes with half
# the training questions.
#
# **Mark scheme.** Give two points for each of these: the numbers of both arms are given, with their spread or for every
# seed; the conclusion follows from the numbers (a difference inside the spread is not claimed); the report states a
# limit, such as data size, domain or recipe; it names a real threat (seed luck, selection on the reported split,
# unequal steps, a confound); it proposes a next run that would settle the question.
# ### END SOLUTION

# %% [markdown]
# ## 🎛 A knob to turn
#
# Do you need two seeds or twenty? Draw a few seeds at random from the recorded runs and see how far off the mean of so
# few can be.

# %%
import random

few = 2
values = recorded["nce"]
means = sorted(sum(random.choices(values, k=few)) / few for _ in range(200))
print(f"the mean of {few} seeds lies between {means[5]:.1f} and {means[-6]:.1f}")
print(f"the mean of all {len(values)} is {sum(values) / len(values):.1f}")

# %% [markdown]
# ## One question
#
# You tried five settings and report the best one's R@1 on the validation questions. Why is that number too high, and
# which split would you need to report it honestly?
#
# <details><summary>An answer</summary>Each number is the quality of a setting plus luck on these particular questions,
# and the best of five was most likely lucky too. So choose the setting on one split, a development set, and report its
# score on another that was not used for any choice: a test set, used once.</details>
#
# **Also:** the notebook `notebooks/clinic.ipynb` in the course's repository has six training runs, each with one fault. Can you
# find the faults by measuring?
#
# **Read on:** [Dodge et al. 2019](https://arxiv.org/abs/1909.03004), *Show Your Work: Improved Reporting of Experimental Results*;
# [Loshchilov and Hutter 2019](https://arxiv.org/abs/1711.05101) (AdamW);
# [Dong et al. 2022](https://arxiv.org/abs/2204.07120) (tied and untied dual encoders).
