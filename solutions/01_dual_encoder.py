# %% [markdown]
# # 01 · The dual encoder
#
# A search engine must answer in milliseconds over millions of passages. A **dual encoder** makes that possible: it
# turns every passage into a vector once, in advance. At search time it turns the question into a vector too, and the
# best passage is the one with the highest dot product.

# %% [markdown]
# ## The goal
#
# Two encoders, one score:
#
# $$ s(q, p) \;=\; E_Q(q)^{\top} E_P(p) $$
#
# $E_Q$ and $E_P$ each turn a text into one vector of $d$ numbers.
# ([Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), *Dense Passage Retrieval*, section 3.)

# %% carry=true
import torch
from torch import nn

from dpr_course.track import get_track

track = get_track()  # the toy world, or DPR_TRACK=distilbert
tokenizer = track.load_tokenizer()

# %% [markdown]
# ## The toy
#
# We use these three questions and four passages in every stage. Here they are in full.

# %%
from dpr_course.worked_example import PASSAGES, QUESTIONS, print_toy

print_toy()

# %% [markdown]
# ## A worked example: from text to hidden states
#
# The tokenizer cuts a text into word pieces, puts `[CLS]` in front and `[SEP]` behind, and pads the batch with
# zeros. The **mask** is 1 on real tokens and 0 on padding.

# %%
batch = tokenizer(QUESTIONS, padding=True, return_tensors="pt")
Q, Q_mask = batch.input_ids, batch.attention_mask  # (B, T) each
print(Q)
print(Q_mask)
print(tokenizer.convert_ids_to_tokens(Q[0]))

# %% [markdown]
# A pre-trained encoder gives one vector per token: the *last hidden state*, of shape (B, T, d).

# %%
backbone = track.load_encoder()
with torch.no_grad():
    H = backbone(input_ids=Q, attention_mask=Q_mask).last_hidden_state
B, T, d = H.shape
print(f"B = {B} texts, T = {T} tokens, d = {d} numbers per token")

# %% [markdown]
# We need **one** vector per text. DPR takes the vector at `[CLS]`, the first token. This position attends to every
# word, and training teaches its vector to represent the whole text.

# %% [markdown]
# ### ✏️ Exercise 1.1 · The [CLS] vector
#
# | difficulty | time | points |
# |---|---|---|
# | ●○○ | 5 minutes | 3 |
#
# Complete `Encoder.forward`: run the backbone on `ids` and `mask`, both (B, T), and return the last hidden state of
# the first token, (B, d).
#
# <details><summary>Hint 1</summary>The worked example above made H. Which index picks the first token of every
# text?</details>
# <details><summary>Hint 2</summary>The backbone needs the mask, or it attends to padding. Of H's three axes (B, T, d) you
# keep the first and the last.</details>

# %% exercise="encoder_forward"
class Encoder(nn.Module):
    """Text to vector: a transformer and its [CLS] vector."""

    def __init__(self, backbone):
        #! Keep the backbone, a module, as self.backbone.
        super().__init__()
        self.backbone = backbone

    def forward(self, ids, mask):
        """ids, mask: (B, T). Returns (B, d)."""
        ### BEGIN SOLUTION
        #: The backbone gives one vector for every token of every text.
        #? `input_ids=ids, attention_mask=mask` two arguments, by the names that the backbone knows; without the second it attends to padding
        H = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state  # (B, T, d)
        #? of each text, the vector of its first token
        return H[:, 0]  # (B, d)
        ### END SOLUTION

# %%
from dpr_course.checks import check

# %% check="encoder_forward"
check("1.1", Encoder)

# %% [markdown]
# **Yours.** The cosines below compare the vectors of the three questions. Before training the vectors point nearly
# the same way: the **cosine**, the dot product of two vectors after each is scaled to length 1, is close to 1 for
# every pair.

# %%
import torch.nn.functional as F

with torch.no_grad():
    X = Encoder(backbone)(Q, Q_mask)  # (3, d)
directions = F.normalize(X, dim=1)
print(directions @ directions.T)

# %% [markdown]
# The small differences that remain tell the texts apart. The picture therefore shows, as colour, each vector minus the
# **mean** of the three.

# %%
from dpr_course.plots import vectors

vectors(X - X.mean(0), QUESTIONS, title="Your [CLS] vectors, minus their mean", name="01_cls_vectors")

# %% [markdown]
# ### ✏️ Exercise 1.2 · Two encoders, one model
#
# | difficulty | time | points |
# |---|---|---|
# | ●○○ | 5 minutes | 3 |
#
# Complete `DualEncoder.forward`. Questions go through the query encoder, passages through the passage encoder. At
# search time only one side is given: the other input is `None`, and so is its output.
#
# <details><summary>Hint 1</summary>Decide for each side on its own: is there an input?</details>
# <details><summary>Hint 2</summary>X = query encoder of (Q, Q_mask) if Q is not None, else None. The same for Y.</details>

# %% exercise="dual_encoder_forward"
class DualEncoder(nn.Module):
    """A query encoder and a passage encoder."""

    def __init__(self, query_encoder, passage_encoder):
        #! Keep both encoders, as self.query_encoder and self.passage_encoder: later stages use these names.
        super().__init__()
        self.query_encoder = query_encoder
        self.passage_encoder = passage_encoder

    def forward(self, Q=None, Q_mask=None, P=None, P_mask=None):
        """Q, Q_mask: (B, T) or None. P, P_mask: (N, T') or None. Returns X (B, d) or None, Y (N, d) or None."""
        ### BEGIN SOLUTION
        #: At search time one side is missing. Each side is decided on its own.
        #? `self.query_encoder(Q, Q_mask)` the vectors of the questions
        #? `Q is not None` whether there are questions; `if Q` would ask whether a tensor is true, which is an error
        X = self.query_encoder(Q, Q_mask) if Q is not None else None  # (B, d)
        #? the same for the passages, with the encoder that belongs to them
        Y = self.passage_encoder(P, P_mask) if P is not None else None  # (N, d)
        return X, Y
        ### END SOLUTION

# %% check="dual_encoder_forward"
check("1.2", DualEncoder)

# %% [markdown]
# ## Tied or untied?
#
# DPR trains two separate encoders (**untied**): questions and passages look different, so each side gets its own
# weights. One shared encoder (**tied**) has half the parameters. Both start from the same pre-trained weights.

# %% [markdown]
# ### ✏️ Exercise 1.3 · Tied or untied
#
# | difficulty | time | points |
# |---|---|---|
# | ●●○ | 8 minutes | 3 |
#
# Complete `make_dual_encoder`. `track.load_encoder()` returns a *new* pre-trained backbone at each call; wrap it in
# your `Encoder`.
#
# <details><summary>Hint 1</summary>How many times do you call track.load_encoder() in each case?</details>
# <details><summary>Hint 2</summary>Tied: both arguments of DualEncoder are the same Python object. A copy would drift
# apart in training.</details>

# %% exercise="make_dual_encoder"
def make_dual_encoder(tie_encoders=False):
    """A new DualEncoder with pre-trained weights on both sides; tied: one encoder serves both."""
    ### BEGIN SOLUTION
    #? the encoder of the questions: a new pre-trained backbone, inside your own class from exercise 1.1
    query_encoder = Encoder(track.load_encoder())
    #: Should training move one set of weights, or two?
    #? `query_encoder` tied: what serves the passages, so that both sides stay the same in training
    #? `Encoder(track.load_encoder())` untied: what serves the passages, so that each side learns for itself
    passage_encoder = query_encoder if tie_encoders else Encoder(track.load_encoder())
    return DualEncoder(query_encoder, passage_encoder)
    ### END SOLUTION

# %% check="make_dual_encoder"
check("1.3", make_dual_encoder)

# %% [markdown]
# **Yours.** How many parameters does each model have?

# %%
for tied in (True, False):
    n = sum(p.numel() for p in make_dual_encoder(tie_encoders=tied).parameters())
    print(f"{'tied' if tied else 'untied':<7} {n / 1e6:.2f} million parameters")

# %% [markdown]
# ## The first score matrix
#
# Each row is a question and each column a passage. The outlined cell is the **gold** passage, which contains the
# answer. Before any training on questions the scores say little: the lowest and the highest differ by less than a
# tenth of the highest.

# %%
from dpr_course.plots import score_matrix
from dpr_course.worked_example import LABELS

model = make_dual_encoder().eval()
batch = tokenizer([p["title"] for p in PASSAGES], [p["text"] for p in PASSAGES], padding=True, return_tensors="pt")
P, P_mask = batch.input_ids, batch.attention_mask
with torch.no_grad():
    X, Y = model(Q, Q_mask, P, P_mask)  # (3, d), (4, d)
S = X @ Y.T  # (3, 4)
score_matrix(S, LABELS, QUESTIONS, [p["title"] for p in PASSAGES], title="Untrained scores", name="01_untrained_scores")

# %% [markdown]
# ## 🎛 A knob to turn
#
# We take a single training step on *questions only*. Does it move the passage vectors? Set `tied` to `True` and to
# `False`, and explain what you see.

# %%
tied = True
model = make_dual_encoder(tie_encoders=tied).eval()
before = model(None, None, P, P_mask)[1].detach()  # (4, d)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model(Q, Q_mask)[0].sum().backward()
optimizer.step()
after = model(None, None, P, P_mask)[1].detach()
print(f"tied = {tied}: passage vectors moved by {(after - before).norm():.3f}")

# %% [markdown]
# ## One question
#
# Passage vectors of a tied model move when you train on questions. Is that good or bad when a million passages are
# already in an index?
#
# <details><summary>An answer</summary>Bad: the vectors in the index come from the old encoder, and they cannot be
# compared with questions that the new one encodes. All passages must be encoded again. With untied encoders you can go
# on training the question encoder alone and keep the index, as RAG does
# (<a href="https://arxiv.org/abs/2005.11401">Lewis et al. 2020</a>). The index that you build in stage 07 refuses vectors
# from another encoder.</details>
#
# **Read on:** [Reimers and Gurevych 2019](https://arxiv.org/abs/1908.10084) (Sentence-BERT);
# [Dong et al. 2022](https://arxiv.org/abs/2204.07120), *Exploring Dual Encoder Architectures for Question Answering* (tied against untied).
