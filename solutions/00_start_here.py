# %% [markdown]
# # 00 · Start here
#
# In this course you build a **dense passage retriever**, piece by piece: a program that takes a question and returns
# the passage that answers it. This notebook has no exercises. It checks your environment and shows what you will work
# with.

# %% [markdown]
# ## Where this is going
#
# | stage | you write | you see |
# |---|---|---|
# | 01 | the dual encoder | texts as vectors |
# | 02 | the collate function | a batch, decoded |
# | 03 | Recall@k | how bad an untrained encoder is, and how good BM25 is |
# | 04 | the in-batch loss | recall climbing |
# | 05 | hard negatives | the results table |
# | 06 | an experiment of your own | what one change really does |
# | 07 | a batch from features, a loss in both directions, the recall of an approximate index | answers to questions that you type |
# | 08 | a batch larger than memory, a search in shards | the same results as without chunks and shards |
# | 09 | the reader's batch, fusion in the decoder, exact match | answers that the reader writes, and the passages it attended to |
# | 10 | the reader's scores of passages, the loss with which the retriever learns from them, one round: read, learn, search again | a retriever trained without labels |

# %% [markdown]
# ## The knowledge base
#
# The course comes with 1,500 short passages, written for it in the style of an encyclopedia, and 1,500 questions as
# people type them: 500 for training and 1,000 for validation. (They stand in for the real data set, Natural Questions,
# [Kwiatkowski et al. 2019](https://aclanthology.org/Q19-1026/).)

# %%
from dpr_course.track import get_track

track = get_track()
train_samples, val_samples, knowledge_base = track.load_data()
print(f"{len(train_samples)} training questions, {len(val_samples)} validation questions, {len(knowledge_base)} passages")

# %% [markdown]
# A sample consists of a question, its answers, and the **gold** passage, which contains the answer.

# %%
import textwrap


def print_sample(s):
    print(f"question  {s['question']}\nanswers   {s['answers']}\ntitle     {s['gold_context']['title']}")
    print(textwrap.fill(s["gold_context"]["text"], 90, initial_indent="text      ", subsequent_indent=" " * 10))


print_sample(train_samples[0])

# %% [markdown]
# How long are the texts? Transformers read *tokens*, which are words or pieces of words. We will truncate at the dashed
# line.

# %%
from dpr_course.plots import lengths

tokenizer = track.load_tokenizer()
questions = [s["question"] for s in train_samples + val_samples]
titles, texts = [p["title"] for p in knowledge_base], [p["text"] for p in knowledge_base]
counts = {
    "questions": [len(ids) for ids in tokenizer(questions).input_ids],
    "passages": [len(ids) for ids in tokenizer(titles, texts).input_ids],
}
lengths(counts, track.max_length, title="Questions are short, passages are not", name="00_lengths")

# %% [markdown]
# ## Families
#
# Passages come in families of siblings: moons of one planet, films of one series. Siblings share many words, so a
# retriever confuses them. This makes the task hard. In stage 05 the retriever learns from passages that it
# confuses.

# %%
from collections import Counter

if "family" in knowledge_base[0]:
    families = Counter((p["domain"], p["family"]) for p in knowledge_base)
    print(f"{len(families)} families in {len({d for d, _ in families})} domains; one of them:")
    chosen = (knowledge_base[0]["domain"], knowledge_base[0]["family"])
    for p in knowledge_base:
        if (p["domain"], p["family"]) == chosen:
            print(f"  {p['title']}: {p['text'][:70]}...")

# %% [markdown]
# Some articles are split into several passages. The same title does not mean the same passage.

# %%
per_title = Counter(titles)
title, n = per_title.most_common(1)[0]
print(f"{sum(v > 1 for v in per_title.values())} of {len(per_title)} titles have several passages. {title!r} has {n}:")
for p in knowledge_base:
    if p["title"] == title:
        print(f"  {p['text'][:80]}...")

# %% [markdown]
# ## The tokenizer
#
# The tokenizer has a fixed vocabulary of word pieces. It splits words that are not in it; `##` marks a piece that
# continues a word.

# %%
print(f"{len(tokenizer)} word pieces")
for text in ("the moons of jupiter", "unbelievably photogenic quokkas"):
    print(text, "->", tokenizer.tokenize(text))

# %% [markdown]
# The tokenizer receives a passage as a **pair** of title and text. It puts `[CLS]` first and `[SEP]` after each part.
# The mask is 1 on tokens and 0 on padding.

# %%
batch = tokenizer(["Io", "Europa"], ["a moon", "a moon with ice on it"], padding=True, return_tensors="pt")
for ids, mask in zip(batch.input_ids, batch.attention_mask):
    print(tokenizer.convert_ids_to_tokens(ids), mask.tolist())

# %% [markdown]
# ## Truncation
#
# An encoder reads at most a fixed number of tokens, and a longer text is truncated there. Most of these passages lose
# their end, and for about one question in ten the answer is behind the cut. The encoder never reads that answer,
# but it can still find the passage by the words before the cut.

# %%
from dpr_course.embed import as_read
from dpr_course.text import has_answer

golds = as_read([s["gold_context"] for s in val_samples], tokenizer, track.max_length)
hidden = [s for s, p in zip(val_samples, golds) if not has_answer(p["text"], s["answers"])]
cut = sum(n > track.max_length for n in counts["passages"])
print(f"{cut} of {len(knowledge_base)} passages are cut at {track.max_length} tokens")
print(f"{len(hidden)} of {len(val_samples)} validation questions have their answer behind the cut; one of them:\n")
print_sample(hidden[0])
print("\nread only up to:", "..." + as_read([hidden[0]["gold_context"]], tokenizer, track.max_length)[0]["text"][-60:])

# %% [markdown]
# ## The toy
#
# The toy consists of three questions and four passages, small enough to print in full. You will meet them in every
# stage.

# %%
from dpr_course.worked_example import ANSWERS, LABELS, PASSAGES, QUESTIONS, print_toy

print_toy()
print("\nanswers:", ANSWERS)

# %% [markdown]
# ## The first score matrix
#
# The simplest search counts the words that a question and a passage share. Each row is a question and each column a
# passage; the gold passage is outlined.

# %%
import numpy as np

from dpr_course.plots import score_matrix
from dpr_course.text import tokens

shared = [[len(set(tokens(q)) & set(tokens(p["title"] + " " + p["text"]))) for p in PASSAGES] for q in QUESTIONS]
names = [p["title"] for p in PASSAGES]
score_matrix(np.array(shared), LABELS, QUESTIONS, names, title="Words in common", unit="words", name="00_first_scores")

# %% [markdown]
# Look at the first row, *which moon is covered with volcanoes*. It shares four words with Io ("is", "moon", "with" and
# "volcanoes") and four with Europa ("is", "moon", "covered" and "with"). Counting cannot tell which word matters. That is
# what you will train.

# %% [markdown]
# ## How a stage works
#
# - **Exercise cells** (✏️) hold a gap. Write your code there and run the cell.
# - The **check** below it tells you at once which tests pass and what the likely mistake is. Run it as often as you
#   like.
# - **Hints** open on a click: first a nudge, then pseudocode.
# - *Run all* stops at the first unsolved exercise and names it.
# - **After a restart** the notebook has forgotten everything above. Click on the cell where you were and choose *Run > Run All Above
#   Selected Cell* (Jupyter), *Runtime > Run before* (Colab) or *Execute Above Cells* (VS Code).
# - A stage does not need your work from earlier stages: `previous.py` beside the notebook holds reference
#   versions.

# %% [markdown]
# ## Words and papers
#
# The words of the course are explained in the [glossary](../glossary.ipynb), with the papers to read. In the notebooks, the
# first use of a word links to it.
