# %% [markdown]
# # 02 · From samples to a batch
#
# A training step works on a whole batch: B questions, their gold passages, and perhaps some hard negatives. The
# **collate** function turns a list of samples into five tensors. If its labels are wrong, the model learns to prefer
# wrong passages, and the loss still falls as usual.

# %% [markdown]
# ## The goal
#
# | tensor | shape | what it holds |
# |---|---|---|
# | `Q`, `Q_mask` | (B, T) | the questions |
# | `P`, `P_mask` | (N, T') | all passages of the batch |
# | `labels` | (B,) | for each question, the row of P that holds its gold passage |

# %%
from dpr_course.plots import layout
from previous import tokenizer, track

layout([["gold 0", "hard 0"], ["gold 1"], ["gold 2", "hard 2"]], name="02_layout")

# %% [markdown]
# The passages are in the order of the samples. Question 1 has no hard negative here, so the labels are 0, 2, 3. One
# rule always holds: **a question's label is the number of passages already in the batch.**

# %% [markdown]
# ## The toy, as samples
#
# Below is one sample in the format of the course. Question 0 has a hard negative: a passage that looks right and is
# not.

# %%
import json

from dpr_course.worked_example import print_toy, toy_samples

print_toy()
print(json.dumps(toy_samples()[0], indent=1))

# %% [markdown]
# ## A worked example: pairs
#
# A passage has a title and a text. DPR gives both to the tokenizer as a **pair**: `[CLS] title [SEP] text [SEP]`.
# The title tells the encoder what "it" in the text is. ([Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), section 4.1.)

# %%
pair = tokenizer(["Io (moon)"], ["Io is the moon of Jupiter."], padding=True, truncation=True, max_length=100, return_tensors="pt")
print(tokenizer.decode(pair.input_ids[0]))

# %% [markdown]
# From a list of titles and a list of texts the tokenizer makes a batch of pairs. It pads the shorter ones, and the mask
# marks the padding with 0.

# %%
passages = [s["gold_context"] for s in toy_samples()]
batch = tokenizer(
    [p["title"] for p in passages], [p["text"] for p in passages],
    padding=True, truncation=True, max_length=100, return_tensors="pt",
)
print(batch.input_ids.shape, batch.attention_mask.sum(dim=1))

# %% [markdown]
# ### ✏️ Exercise 2.1 · The collate function
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 20 minutes | 7 |
#
# Complete `tensorize_contrastive`. P holds the passages in the order of the samples; with `use_hard_negative`, each gold
# passage is followed by its sample's `"hard_negative"`, **if it has one**. A passage that belongs to two samples is in P
# twice. Let the tokenizer cut at `MAX_LENGTH` tokens and pad to the longest of the batch.
#
# <details><summary>Hint 1</summary>First collect passages and labels in two Python lists, in one loop over the samples.
# Then call the tokenizer twice.</details>
# <details><summary>Hint 2</summary>In the loop: what is the length of the list of passages just before you append the
# gold one? Not every sample has the key "hard_negative".</details>
# <details><summary>Hint 3</summary>for each sample: note the label; append gold; append its hard negative if
# it is wanted and the sample has one. Then tokenize the questions; tokenize titles and texts as pairs; make labels a tensor.</details>

# %% carry=true
import torch

MAX_LENGTH = track.max_length  # tokens

# %% exercise="tensorize_contrastive"
def tensorize_contrastive(samples, use_hard_negative=False):
    """Samples to Q (B, T), Q_mask (B, T), P (N, T'), P_mask (N, T'), labels (B,): tensors of int64.

    Masks are 1 on tokens and 0 on padding, which is on the right. The samples are not changed.
    """
    ### BEGIN SOLUTION
    passages, labels = [], []
    #: One walk over the samples: note the row that the gold passage will have, then append the passages.
    for s in samples:
        #? `len(passages)` the number of the row that the gold passage is about to get
        labels.append(len(passages))
        passages.append(s["gold_context"])
        #? `use_hard_negative and "hard_negative" in s` when a hard negative follows: two things must be true
        if use_hard_negative and "hard_negative" in s:
            passages.append(s["hard_negative"])
    #? `padding=True, truncation=True, max_length=MAX_LENGTH` three options by name: what gives all rows one length, and what keeps it within the limit
    options = dict(padding=True, truncation=True, max_length=MAX_LENGTH, return_tensors="pt")
    #: A question is a single text. A passage is a pair of texts, which the tokenizer joins into one row.
    questions = tokenizer([s["question"] for s in samples], **options)
    #? `[p["title"] for p in passages], [p["text"] for p in passages]` two lists of equal length: the first text of each row, and the second
    pairs = tokenizer([p["title"] for p in passages], [p["text"] for p in passages], **options)
    return questions.input_ids, questions.attention_mask, pairs.input_ids, pairs.attention_mask, torch.tensor(labels)
    ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="tensorize_contrastive"
check("2.1", tensorize_contrastive)

# %% [markdown]
# **Yours.** This is the toy batch, decoded. Is each gold passage in the row that its label names?

# %%
Q, Q_mask, P, P_mask, labels = tensorize_contrastive(toy_samples(), use_hard_negative=True)
for i, label in enumerate(labels.tolist()):
    print(f"question {i}: {tokenizer.decode(Q[i], skip_special_tokens=True)}")
    print(f"   row {label}: {tokenizer.decode(P[label], skip_special_tokens=True)}")

# %% [markdown]
# ## What a wrong label costs
#
# The labels `arange(B)` are right without hard negatives, and silently wrong with them. Below are the passages that
# they name as gold in this batch. Find the row that answers no question.

# %%
for i, label in enumerate(range(len(Q))):
    print(f"question {i} -> row {label}: {tokenizer.decode(P[label], skip_special_tokens=True)[:60]}")

# %% [markdown]
# What does training do with wrong labels? Here gradient descent changes the scores of this batch directly. The loss
# falls nearly to zero, as in any good training. The loss with the *right* labels, which nobody monitors, rises. A
# falling loss does not prove that the labels are right.

# %%
import torch.nn.functional as F

S = torch.zeros(3, 4, requires_grad=True)  # scores (B, N): at first all alike
optimizer = torch.optim.SGD([S], lr=3.0)
for step in range(31):
    loss = F.cross_entropy(S, torch.arange(3))
    if step % 10 == 0:
        print(f"step {step:2}: loss with arange {loss:.2f}   with the right labels {F.cross_entropy(S, labels):.2f}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %% [markdown]
# ## Real samples
#
# Now we collate 64 training samples. How much of the batch is padding?

# %%
from dpr_course.plots import token_map

train_samples, val_samples, knowledge_base = track.load_data()
Q, Q_mask, P, P_mask, labels = tensorize_contrastive(train_samples[:64])
print(f"Q {tuple(Q.shape)}, P {tuple(P.shape)}, {1 - P_mask.float().mean():.0%} of P is padding")
token_map(P_mask, title="P: tokens and padding of 64 passages", name="02_padding")

# %% [markdown]
# ## 🎛 A knob to turn
#
# Truncate the gold passages at 32, 64, 100 and 128 tokens. For how many questions is the answer cut off? What does a
# higher limit cost? (In attention every token looks at every other one, so twice the tokens take four times the
# work.)
#
# <details><summary>And what does the search lose?</summary>Nothing that could be measured: with 64, 100 or 128 tokens
# the trained encoder of stage 04 has the same R@1, give or take two points. The title and the beginning already say
# what a passage is about. BM25, which counts words, does lose: see stage 03.</details>

# %%
from dpr_course.embed import as_read
from dpr_course.text import has_answer

max_length = 64
read = as_read([s["gold_context"] for s in train_samples], tokenizer, max_length)
cut = sum(p["text"] != s["gold_context"]["text"] for p, s in zip(read, train_samples))
lost = sum(not has_answer(p["text"], s["answers"]) for p, s in zip(read, train_samples))
print(f"max_length {max_length}: of {len(read)} gold passages {cut} are cut, {lost} lose the answer")
print(f"attention costs {(max_length / MAX_LENGTH) ** 2:.2f} times what it costs at {MAX_LENGTH} tokens")

# %% [markdown]
# ## One question
#
# Suppose one sample's hard negative is another sample's gold passage, in the same batch. What should the loss do with
# it?
#
# <details><summary>An answer</summary>That passage is in the batch twice. For all questions except those two, it is one
# negative that counts double. For the question whose gold passage it is, the second copy is a <i>right</i> passage
# treated as wrong, a false negative: the loss should leave it out. Stage 04 does that.</details>
#
# **Read on:** [Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), section 3.2 (positive and negative passages). Systems
# differ in how they make labels. Some assume the same number of negatives for each question; stage 07 shows what can be done if
# one is missing.
