# %% [markdown]
# # Glossary and reading list
#
# The words of the course, in the order in which the stages need them, and the papers behind it. Back to
# [00 · Start here](00_start_here/00_start_here.ipynb).

# %% [markdown]
# ## Texts
#
# ### token
# A word, or a piece of one: what the encoder reads.
#
# ### passage
# A text of about 100 words, with a title.
#
# ### knowledge base
# All passages that can be returned.
#
# ### gold passage
# The passage that holds the answer. Also called gold.
#
# ### truncation
# Cutting a text where the encoder stops reading.
#
# ### mask
# A 1 for each token of a text and a 0 for each padding token, which the encoder must not read.

# %% [markdown]
# ## The encoder
#
# ### encoder
# A network that turns a text into a vector.
#
# ### dual encoder
# One encoder for questions and one for passages, whose vectors are compared by their dot product.
#
# ### tied
# With one set of weights for questions and passages. With two sets the encoders are untied.
#
# ### CLS
# The first token of every text. Its vector represents the whole text. Also called [CLS].
#
# ### cosine
# The dot product of two vectors of length 1. It is 1 if they point the same way.
#
# ### collate function
# Turns a list of samples into the tensors of a batch. Also called collate.

# %% [markdown]
# ## Measuring
#
# ### R@k
# The percentage of questions whose gold passage is among the first k. Also called Recall@k, success@k, hit@k.
#
# ### lexical
# Ranking by the words themselves, as BM25 does. Also called sparse.
#
# ### BM25
# The classic ranking by shared words, in which rare words count more.
#
# ### stop word
# A frequent word that says nothing about the topic, such as "the" or "is".
#
# ### stem
# A word without its ending: "moon" for "moons".

# %% [markdown]
# ## Training
#
# ### in-batch negatives
# The passages of the other questions in the batch, taken as wrong answers.
#
# ### NCE
# Noise-contrastive estimation, the loss of stage 04.
#
# ### softmax
# Turns a row of scores into probabilities that add up to 1.
#
# ### temperature
# The number that scores are divided by before a softmax.
#
# ### nat
# The unit of a loss that is computed with the natural logarithm.
#
# ### modality gap
# Questions' vectors lie in one region of space, and passages' vectors in another.
#
# ### hard negative
# A wrong passage that looks right.
#
# ### false negative
# A right passage that is treated as wrong.
#
# ### margin
# The gold passage's score minus a negative's score.
#
# ### fusion
# One ranking made of two.
#
# ### controlled experiment
# A comparison in which exactly one thing changes, repeated with several seeds.

# %% [markdown]
# ## Searching at scale
#
# ### index
# The vectors of all passages, kept to be searched. Also called vector index.
#
# ### approximate search
# Search that compares the query with only some of the vectors.
#
# ### HNSW
# A graph that links each vector to near ones. A search follows the links towards higher scores.
#
# ### fingerprint
# A short text that identifies an encoder by its weights.
#
# ### gradient cache
# A way to compute the gradient of a large batch a few texts at a time.
#
# ### rank
# One of several processes that train together.
#
# ### shard
# A part of the passages that is searched separately.

# %% [markdown]
# ## Reading list: the base
#
# - [Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), *Dense Passage Retrieval for Open-Domain Question Answering* (DPR): begin here
# - [Kwiatkowski et al. 2019](https://aclanthology.org/Q19-1026/), *Natural Questions*
# - [Devlin et al. 2019](https://arxiv.org/abs/1810.04805), *BERT*; [Sanh et al. 2019](https://arxiv.org/abs/1910.01108), *DistilBERT*
# - [Reimers and Gurevych 2019](https://arxiv.org/abs/1908.10084), *Sentence-BERT*
# - [Dong et al. 2022](https://arxiv.org/abs/2204.07120), *Exploring Dual Encoder Architectures for Question Answering* (tied and untied)
# - [Robertson and Zaragoza 2009](https://doi.org/10.1561/1500000019), *The Probabilistic Relevance Framework: BM25 and Beyond*
# - [Lin et al. 2021](https://arxiv.org/abs/2102.10073), *Pyserini* (baselines that anyone can repeat)

# %% [markdown]
# ## Reading list: training
#
# - [van den Oord et al. 2018](https://arxiv.org/abs/1807.03748), *Representation Learning with Contrastive Predictive Coding* (InfoNCE)
# - [Chuang et al. 2020](https://arxiv.org/abs/2007.00224), *Debiased Contrastive Learning* (false negatives)
# - [Liang et al. 2022](https://arxiv.org/abs/2203.02053), *Mind the Gap* (the modality gap)
# - [Xiong et al. 2021](https://arxiv.org/abs/2007.00808), *Approximate Nearest Neighbor Negative Contrastive Learning* (ANCE)
# - [Qu et al. 2021](https://arxiv.org/abs/2010.08191), *RocketQA* (false negatives among mined ones, negatives across devices)
# - [Izacard et al. 2022](https://arxiv.org/abs/2112.09118), *Unsupervised Dense Information Retrieval with Contrastive Learning* (Contriever)
# - [Cormack et al. 2009](https://doi.org/10.1145/1571941.1572114), *Reciprocal Rank Fusion*; [Bruch et al. 2023](https://arxiv.org/abs/2210.11934) (ways to fuse)
# - [Dodge et al. 2019](https://arxiv.org/abs/1909.03004), *Show Your Work: Improved Reporting of Experimental Results*
# - [Loshchilov and Hutter 2019](https://arxiv.org/abs/1711.05101), *Decoupled Weight Decay Regularization* (AdamW)

# %% [markdown]
# ## Reading list: scale
#
# - [Malkov and Yashunin 2018](https://arxiv.org/abs/1603.09320), *Approximate Nearest Neighbor Search Using Hierarchical Navigable Small World Graphs* (HNSW)
# - [Johnson, Douze and Jégou 2019](https://arxiv.org/abs/1702.08734), *Billion-Scale Similarity Search with GPUs* (FAISS)
# - [Gao et al. 2021](https://arxiv.org/abs/2101.06983), *Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup* (gradient cache)
# - [Gao et al. 2023](https://arxiv.org/abs/2203.05765), *Tevatron*

# %% [markdown]
# ## Reading list: the reader
#
# - [Izacard and Grave 2021](https://arxiv.org/abs/2007.01282), *Leveraging Passage Retrieval with Generative Models for Open Domain Question Answering* (Fusion-in-Decoder)
# - [Izacard and Grave 2021](https://arxiv.org/abs/2012.04584), *Distilling Knowledge from Reader to Retriever for Question Answering*
# - [Rajpurkar et al. 2016](https://arxiv.org/abs/1606.05250), *SQuAD* (exact match)
# - [Chen et al. 2016](https://arxiv.org/abs/1604.06174), *Training Deep Nets with Sublinear Memory Cost* (gradient checkpointing)
# - [Hofstätter et al. 2020](https://arxiv.org/abs/2010.02666), *Improving Efficient Neural Ranking Models with Cross-Architecture Knowledge Distillation*
# - [Izacard et al. 2022](https://arxiv.org/abs/2208.03299), *Atlas: Few-Shot Learning with Retrieval Augmented Language Models*
