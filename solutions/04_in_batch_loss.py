# %% [markdown]
# # 04 · The in-batch loss
#
# How does an encoder learn that a passage is *wrong* for a question? Every other passage in the batch serves as a
# negative, for free: B questions give B × B training pairs. This one idea turns the untrained encoder into a real
# retriever, in five passes over the training questions.

# %% [markdown]
# ## The goal
#
# For each question, a softmax over all passages of the batch gives each passage a probability. The loss is minus the
# log probability of the gold passage, averaged over the questions:
#
# $$ L = -\frac{1}{B}\sum_{i} \log \frac{e^{S_{i,\,\text{label}_i}}}{\sum_{j} e^{S_{ij}}}, \qquad S = X Y^{\top} $$
#
# This is noise-contrastive estimation (NCE) with in-batch negatives.
# ([Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), section 3.2.)

# %%
import torch
from previous import (
    get_topk_candidates,
    make_dual_encoder,
    tensorize_contrastive,
    tokenizer,
    topk_retrieval_accuracy,
    track,
)

from dpr_course.runtime import best_device

train_samples, val_samples, knowledge_base = track.load_data()
device = best_device()

# %% [markdown]
# ## A worked example, on the toy
#
# These are made-up scores of the three questions against the four passages. Passage 1 is question 0's hard negative, so
# the labels are 0, 2, 3.

# %%
from dpr_course.plots import score_matrix
from dpr_course.worked_example import QUESTIONS, print_toy, toy_samples

print_toy()
S = torch.tensor([[4.0, 3.0, 0.0, 1.0], [0.0, 1.0, 2.0, 0.0], [1.0, 2.0, 0.0, 2.0]])  # (B, N)
labels = torch.tensor([0, 2, 3])  # (B,)
names = ["Io (moon)", "Europa (moon)", "Hamlet", "Canberra"]
score_matrix(S, labels, QUESTIONS, names, title="Made-up scores", name="04_toy_scores")

# %% [markdown]
# Here is question 0 by hand: the softmax turns its row into probabilities, and the loss is minus the log of the gold
# passage's probability.

# %%
probabilities = S[0].softmax(dim=0)
print([round(p, 3) for p in probabilities.tolist()], f"loss of question 0: {-probabilities[0].log():.3f}")

# %% [markdown]
# ### ✏️ Exercise 4.1 · In-batch negatives
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 15 minutes | 5 |
#
# Complete `get_in_batch_contrastive_loss`. `batch` is what your collate function returned. Return the mean loss (a
# tensor that can be differentiated) and the number of questions whose best passage is the gold one (a tensor or an int).
#
# <details><summary>Hint 1</summary>You need three lines: vectors, scores, loss. PyTorch computes this loss from scores
# and labels in one function.</details>
# <details><summary>Hint 2</summary>The scores are (B, N). Which column has the highest score in each row? Compare it
# with the label.</details>

# %% carry=true
import torch.nn.functional as F

# %% exercise="get_in_batch_contrastive_loss"
def get_in_batch_contrastive_loss(model, batch):
    """model: DualEncoder. batch: (Q, Q_mask, P, P_mask, labels). Returns loss (scalar tensor), num_correct.

    Scores may be several hundred, positive or negative: the loss must still be finite.
    """
    ### BEGIN SOLUTION
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    #? the score of every question, a row, with every passage of the batch, a column
    S = X @ Y.T  # (B, N)
    #? the formula of the goal, by one function of F that takes scores and labels and never computes exp(S) itself
    loss = F.cross_entropy(S, labels)
    #? `S.argmax(dim=1) == labels` for each question, whether its best column is that of the gold passage
    num_correct = (S.argmax(dim=1) == labels).sum()
    return loss, num_correct
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="get_in_batch_contrastive_loss"
check("4.1", get_in_batch_contrastive_loss)

# %% [markdown]
# **Yours.** The next cell computes the loss of a real batch before training. An encoder that knows nothing would give
# all passages the same score, and its loss would be ln B.

# %%
import math

model = make_dual_encoder().to(device)
B = track.batch_size
batch = tuple(t.to(device) for t in tensorize_contrastive(train_samples[:B]))
with torch.no_grad():
    loss, num_correct = get_in_batch_contrastive_loss(model, batch)
print(f"loss {loss:.3f}, correct {int(num_correct)} of {B}; knowing nothing gives ln {B} = {math.log(B):.3f}")

# %% [markdown]
# ## The gradient, by hand
#
# The **gradient** says how the loss changes with each score, and training moves each score in the opposite direction.
# For a softmax the formula is short: the probabilities, minus 1 at the gold passage.
#
# $$ \frac{\partial L}{\partial S} = \frac{1}{B}\,\bigl(\text{softmax}(S) - \text{one-hot}(\text{labels})\bigr) $$

# %%
one_hot = F.one_hot(labels, num_classes=4)  # (B, N)
by_hand = (S.softmax(dim=1) - one_hot) / len(labels)  # (B, N)
for i, row in enumerate((len(labels) * by_hand).tolist()):
    print(f"question {i}  {'  '.join(f'{name} {g:+.2f}' for name, g in zip(names, row))}")

# %% [markdown]
# Now we compute the same gradient through *your* loss. A stand-in for the model returns the made-up scores.

# %%
scores = S.clone().requires_grad_()  # (B, N)
toy_batch = tensorize_contrastive(toy_samples(), True)
loss, _ = get_in_batch_contrastive_loss(lambda *texts: (scores, torch.eye(4)), toy_batch)  # X Y^T = scores
loss.backward()
print(f"largest difference from the gradient by hand: {(scores.grad - by_hand).abs().max():.0e}")
moves = -len(labels) * by_hand  # one-hot minus softmax
score_matrix(moves, labels, QUESTIONS, names, title="Where training moves the scores", unit="up or down", name="04_toy_gradient")

# %% [markdown]
# Each row adds up to zero: training raises the gold passage's score by as much as it lowers all others together; each
# of these is lowered **in proportion to its probability**. For question 0, most of the lowering goes to its hard
# negative, Europa, and hardly any to Hamlet. A negative that the model already ranks low teaches next to nothing; stage
# 05 builds on that.

# %% [markdown]
# ## When a negative is not negative
#
# Some passages answer two questions. If both questions are in one batch, the passage appears twice, and its second copy
# is scored as a *wrong* answer to the first question: a **false negative**.

# %%
from collections import Counter

golds = Counter(s["gold_context"]["id"] for s in train_samples)
most_used, n = golds.most_common(1)[0]
pair = [s for s in train_samples if s["gold_context"]["id"] == most_used]
title = pair[0]["gold_context"]["title"]
print(f"{sum(n > 1 for n in golds.values())} training passages answer several questions, for example {title!r}:")
for s in pair:
    print("  ", s["question"])

# %% [markdown]
# ### ✏️ Exercise 4.2 · Duplicate gold passages are not negatives
#
# | difficulty | time | points |
# |---|---|---|
# | ●●● | 20 minutes | 4 |
#
# Complete `get_masked_contrastive_loss`. It computes the same loss, with one change: if a row of P holds the **same
# tokens** as question i's gold passage but is not the gold row itself, its score for question i becomes $-\infty$.
# Everything else is as in exercise 4.1.
#
# <details><summary>Hint 1</summary>P[labels] is (B, T'): the gold passage of each question. Compare it with every row of P:
# you want a (B, N) table of True and False.</details>
# <details><summary>Hint 2</summary>Broadcasting: (B, 1, T') == (1, N, T') gives (B, N, T'); two rows are equal if all
# tokens are. Then set the gold cells themselves to False, and use masked_fill on the scores.</details>

# %% exercise="get_masked_contrastive_loss"
def get_masked_contrastive_loss(model, batch):
    """Like get_in_batch_contrastive_loss, but further copies of a question's gold passage are not counted as negatives."""
    ### BEGIN SOLUTION
    Q, Q_mask, P, P_mask, labels = batch
    X, Y = model(Q, Q_mask, P, P_mask)  # (B, d), (N, d)
    #: A table of True and False: does row j of P hold the same tokens as the gold passage of question i?
    #? `P[labels].unsqueeze(1) == P.unsqueeze(0)` each gold passage, as (B, 1, T'), beside every row of P, as (1, N, T')
    #? `dim=2` the axis of the tokens: all of them must agree
    copies = (P[labels].unsqueeze(1) == P.unsqueeze(0)).all(dim=2)  # (B, N)
    #: In that table a gold passage is a copy of itself, but its score must stay.
    #? `torch.arange(len(labels)), labels` two indices, for the cells of the gold passages: all rows, and the column of each
    copies[torch.arange(len(labels)), labels] = False
    #? the scores, with minus infinity in place of those that the table marks
    S = (X @ Y.T).masked_fill(copies, float("-inf"))  # (B, N)
    #? loss and number of right questions, from these scores, as in exercise 4.1
    return F.cross_entropy(S, labels), (S.argmax(dim=1) == labels).sum()
    ### END SOLUTION

# %% check="get_masked_contrastive_loss"
check("4.2", get_masked_contrastive_loss)

# %% [markdown]
# **Yours.** This batch contains the questions printed above. How much does the copy add to the loss?

# %%
batch = tuple(t.to(device) for t in tensorize_contrastive(pair + train_samples[:14]))
for loss_fn in (get_in_batch_contrastive_loss, get_masked_contrastive_loss):
    with torch.no_grad():
        print(f"{loss_fn.__name__:<32} {loss_fn(model, batch)[0]:.3f}")

# %% [markdown]
# ## Train
#
# We hold out 50 training questions to choose the best epoch. The validation questions stay untouched until the end: a
# number that was used to make a choice is no longer a fair estimate. To save time, we search only 200 passages for
# the held-out questions: their own gold passages and those of 150 other training questions.

# %%
from dpr_course.data import gold_passages, hold_out
from dpr_course.embed import embed_passages, embed_questions

fit_samples, dev_samples = hold_out(train_samples, 50)
dev_passages = gold_passages(dev_samples + fit_samples[:150])


def recall(model, samples, passages, k_values=(1, 5, 10, 20, 100)):
    """R@k of `model` on `samples`, searching `passages`."""
    X, Y = embed_questions(model, samples, tokenizer), embed_passages(model, passages, tokenizer)
    return topk_retrieval_accuracy(get_topk_candidates(X, Y, samples, passages, max(k_values)), k_values)

# %% [markdown]
# The trained model is **kept** on your disk. When you run the notebook again, it is loaded if your code, the settings
# and the data are unchanged. Otherwise it is trained again.

# %% slow=true
from dpr_course.kept_models import kept
from dpr_course.train import train


def fit():
    return train(
        model, fit_samples, tensorize_contrastive, get_masked_contrastive_loss,
        epochs=track.epochs, batch_size=track.batch_size, learning_rate=track.learning_rate,
        evaluate=lambda m: recall(m, dev_samples, dev_passages, (5,))[5],
    )


untrained = recall(model, val_samples, knowledge_base)
history = kept("04_nce", model, fit)
print(f"best epoch: {history.best_epoch}")

# %% [markdown]
# **Yours.** The curves show the loss per step, and R@5 on the 50 held-out questions after each epoch.

# %% slow=true
from dpr_course.plots import learning_curves

learning_curves({"NCE": history}, title="In-batch negatives", name="04_learning_curves")

# %% slow=true
from dpr_course.results import results_table

trained = recall(model, val_samples, knowledge_base)
print(results_table({"untrained": untrained, "nce": trained}))

# %% [markdown]
# ## Before and after, as the loss sees it
#
# The picture compares 24 validation questions with their gold passages. The raw scores are hard to tell apart, since
# they are all large and nearly equal. So each row is drawn as its **softmax**, the probabilities that the loss uses. A
# good retriever has its bright cells on the diagonal.

# %% slow=true
before = make_dual_encoder().to(device)
some = val_samples[:240:10]
panels = {}
for name, m in (("before training", before), ("after training", model)):
    X, Y = embed_questions(m, some, tokenizer), embed_passages(m, [s["gold_context"] for s in some], tokenizer)
    S = X @ Y.T  # (24, 24)
    panels[name] = S.softmax(dim=1)
    spread, gold = S.std(dim=1).mean(), panels[name].diag().mean()
    print(f"{name}: scores {S.mean():.0f} ± {spread:.1f} within a row, probability of the gold passage {gold:.2f}")
score_matrix(panels, torch.arange(24), unit="probability", limits=(0, 1), name="04_before_after")

# %% [markdown]
# ## The same, as a map
#
# The map shows 200 validation questions and their gold passages, each vector projected to two numbers. Orange lines
# join some questions to their passages. Do you see one cloud, or two?

# %% slow=true
from dpr_course.plots import vector_map

some = val_samples[:200]
X, Y = embed_questions(model, some, tokenizer), embed_passages(model, [s["gold_context"] for s in some], tokenizer)
vector_map(X, Y, torch.arange(len(some)), name="04_vector_map")

# %% [markdown]
# There are two clouds, and the distance between them is called the **modality gap** ([Liang et al.
# 2022](https://arxiv.org/abs/2203.02053)). On average, two passages about different subjects have a higher cosine
# than a question and its own passage. Does this hurt? The next cell moves all passages onto the questions and
# searches again.

# %% slow=true
def cosine(A, B):
    return torch.cosine_similarity(A, B).mean()


gap = Y.mean(0) - X.mean(0)  # (d,)
print(f"cosine of a question and its passage {cosine(X, Y):.2f}, of two passages {cosine(Y, Y.roll(1, 0)):.2f}")
for name, passages in (("as trained", Y), ("moved", Y - gap)):
    first = (X @ passages.T).argmax(dim=1) == torch.arange(len(X))
    print(f"{name:<11} {int(first.sum())} of {len(X)} questions find their passage first")

# %% [markdown]
# Nothing changes. Moving every passage by one vector adds the same number to all scores of a question, which changes
# neither softmax nor ranking. The loss asks that the gold passage scores **higher than the others**, not that
# it is close to the question.

# %% [markdown]
# Here is the toy again, with each row as a softmax. Which of its questions does training help?

# %% slow=true
from dpr_course.worked_example import LABELS, PASSAGES

titles, panels = [p["title"] for p in PASSAGES], {}
for name, m in (("before training", before), ("after training", model)):
    X, Y = embed_questions(m, toy_samples(), tokenizer), embed_passages(m, PASSAGES, tokenizer)
    panels[name] = (X @ Y.T).softmax(dim=1)  # (3, 4)
score_matrix(panels, LABELS, QUESTIONS, titles, unit="probability", limits=(0, 1), name="04_toy_trained")

# %% [markdown]
# ## 🎛 A knob to turn
#
# A **temperature** is a number that divides the scores; it sets how sharp the softmax is. Change it: what happens to
# the loss of one batch, and to the share of the gradient that the hardest negative gets?

# %% slow=true
temperature = 4.0
Q, Q_mask, P, P_mask, labels = (t.to(device) for t in tensorize_contrastive(dev_samples))
with torch.no_grad():
    X, Y = model(Q, Q_mask, P, P_mask)
    p = (X @ Y.T / temperature).softmax(dim=1)  # (B, N)
print(f"loss {-p[torch.arange(len(labels)), labels].log().mean():.3f}")
p[torch.arange(len(labels)), labels] = 0
print(f"hardest negative's share of the pull: {(p.max(1).values / p.sum(1)).mean():.0%}")

# %% [markdown]
# ## Your retriever on a page
#
# The next cell writes one HTML file in which BM25, the untrained encoder and **your** model answer side by side. Type a
# question in it. The file needs no network and no Python: you can send it to a friend.

# %% slow=true
from dpr_course.page import show

show(model, tokenizer)

# %% [markdown]
# ## One question
#
# Twice the batch size gives twice as many negatives per question. Is that the same as training for twice as many steps?
# And does gradient accumulation give you more negatives?
#
# <details><summary>An answer</summary>No, to both. Twice the steps repeat the same kind of choice, one gold passage
# among B. Twice the batch makes each choice harder: among 2B passages there is more often one that fools the model, and
# it gets most of the gradient. Accumulation adds up the gradients of small batches, and each question is still compared
# only with the passages of its own small batch. You measure this in stage 08.</details>
#
# **Read on:** [van den Oord et al. 2018](https://arxiv.org/abs/1807.03748) (InfoNCE);
# [Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), table 3 (how many negatives);
# [Chuang et al. 2020](https://arxiv.org/abs/2007.00224), *Debiased Contrastive Learning* (false negatives).
