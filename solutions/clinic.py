# %% [markdown]
# # The clinic
#
# Six training runs have one fault each. **Measure** what is wrong with them, then ask `dpr-course diagnose`.
# Nothing here is graded. You need stages 00 to 06. Back to [06 · One experiment of your own](06_experiments/06_experiments.ipynb).

# %% [markdown]
# ## A healthy run
#
# The next cell trains a small retriever with the loss of stage 04, on 240 questions. It takes some seconds. What matters
# here is the difference between runs, not how good they are.

# %%
import torch
import torch.nn.functional as F

from dpr_course.diagnose.clinic import healthy, patients


def loss_fn(model, batch):
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(dim=2)  # (B, N)
    copies[torch.arange(len(labels)), labels] = False
    S = (X @ Y.T).masked_fill(copies, float("-inf"))  # (B, N)
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()


run = healthy(loss_fn)
print(f"loss {run.history.steps[0]['loss']:.2f} at first, {run.history.steps[-1]['loss']:.2f} at last")

# %% [markdown]
# ## The patients
#
# Each run, A to F, has a `model`, `train` (its samples), `validation`, `passages`, `start` (the model before training)
# and sometimes `vectors` (the index that was searched). First, R@1 of each, as its owner measured it.

# %%
from dpr_course.diagnose.sample import first_is_gold
from dpr_course.diagnose.ways import OWN, Encoding, Way


def recall(case, way=OWN, Y=None):
    """R@1 in percent on 120 validation questions, with the texts turned into vectors by one Way."""
    some, place = case.validation[:120], {p["id"]: i for i, p in enumerate(case.passages)}
    encoding = Encoding(case)
    X = encoding.vectors("question", [s["question"] for s in some], way)  # (B, d)
    Y = encoding.vectors("passage", case.passages, way) if Y is None else Y  # (N, d)
    gold = torch.tensor([place[s["gold_context"]["id"]] for s in some])  # (B,)
    return 100 * float(first_is_gold(X @ Y.T, gold).float().mean())


sick = patients(run)
print(f"healthy  {recall(run):5.1f}")
for letter, case in sick.items():
    index = None if case.vectors is None else torch.as_tensor(case.vectors.embeddings)
    print(f"run {letter}    {recall(case, Y=index):5.1f}")

# %% [markdown]
# Run B has the R@1 of the healthy run, and yet it has a fault: in the texts that it is *about to* be trained on. So
# look at texts, too.

# %% [markdown]
# ## Your diagnosis
#
# Write a guess for each letter, and the number that made you think so. Four measurements to start with; make more of
# your own.

# %%
for letter, case in sick.items():
    exchanged = recall(case, Way(exchanged=True))
    print(f"run {letter}: encoders exchanged {exchanged:5.1f}, text without title {recall(case, Way(style='text')):5.1f}")

# %%
for letter, case in sick.items():
    moved = [
        sum(float((a - b).detach().norm()) for a, b in zip(side.parameters(), start.parameters()))
        for side, start in zip((case.model.query_encoder, case.model.passage_encoder), (case.start.query_encoder, case.start.passage_encoder))
    ]
    own = sum(s["hard_negative"]["id"] == s["gold_context"]["id"] for s in case.train if "hard_negative" in s)
    print(f"run {letter}: weights moved {moved[0]:6.2f} (questions) {moved[1]:6.2f} (passages); hard negatives that are golds: {own}")

# %%
my_diagnosis = {"A": "", "B": "", "C": "", "D": "", "E": "", "F": ""}  # a few words each

# %% [markdown]
# ## The tool's diagnosis
#
# `report` measures everything that `dpr-course diagnose` measures. Here are run A in full, and the first finding of each of
# the others. Did you find the same? By the same number?

# %%
from dpr_course.diagnose.from_notebook import report

reports = {letter: report(case, questions=80) for letter, case in sick.items()}
print(reports["A"])

# %%
for letter, found in reports.items():
    first = found.findings[0]
    print(f"run {letter}: {first.fault} ({first.confidence:.0%})\n   {first.measured}\n   yours: {my_diagnosis[letter] or '-'}")

# %% [markdown]
# ## The dose curve
#
# How many false negatives does training tolerate? Stage 05 mined hard negatives; here a share of them is replaced by copies
# of the question's own gold passage in which one sentence is missing. They answer the question, and the loss calls them
# wrong. Each dot is one training run with another seed.

# %%
from dpr_course.diagnose.plots import dose_curve
from dpr_course.dose import dose_summary

dose_curve(name="clinic_dose")
for dose, band in dose_summary().items():
    print(f"{dose:2} % false: R@1 {band['mean']:.1f} (95 % interval {band['low']:.1f} to {band['high']:.1f}, {band['seeds']} seeds)")

# %% [markdown]
# ## One question
#
# The loss of stage 04 masks copies of the gold passage. Why does it not mask the false negatives of the dose curve, and
# what would?
#
# <details><summary>An answer</summary>It compares tokens, and a copy without one sentence has other tokens. A comparison
# by common words, by the answer, or by a second, stronger model would find it. RocketQA (Qu et al. 2021) uses such a
# model.</details>
#
# **Read on:** [Qu et al. 2021](https://arxiv.org/abs/2010.08191) (false negatives among the mined negatives);
# [Wang and Isola 2020](https://arxiv.org/abs/2005.10242) (alignment and uniformity);
# [Gao et al. 2019](https://arxiv.org/abs/1907.12009) (vectors that share a direction).
