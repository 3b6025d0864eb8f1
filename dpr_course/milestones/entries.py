"""The list of milestones, in the order in which the course reaches them.

A new milestone needs a Milestone in this list and a function in `runs` or `reader_runs`. Some recorded numbers and numbers to beat
are read from bands.json by `load_bands`. All others were measured with the reference solutions
(`dpr-course milestone NAME --notebooks solutions`). The recorded numbers of "distillation" are the lowest and the highest result
with the seeds 0 to 4. "fid" trains nothing, so it has one recorded number. tests/milestones repeats these measurements.
"""

from dpr_course.bands import load_bands
from dpr_course.milestones import reader_runs, runs
from dpr_course.milestones.entry import Milestone

R1 = "R@1 in percent"
MODEL = ("encoder_forward", "dual_encoder_forward", "make_dual_encoder")
SEARCH = ("get_topk_candidates", "topk_retrieval_accuracy")
TRAINED = (*MODEL, "tensorize_contrastive", *SEARCH, "get_masked_contrastive_loss")


def band(name):
    """Return a function without arguments, which returns the (lowest, highest) recorded R@1 of the training recipe `name`."""
    return lambda: (min(load_bands()[name]), max(load_bands()[name]))


MILESTONES = (
    Milestone(
        "bm25", "BM25, ranking by shared words, rare ones first", 1994,
        "Robertson et al. 1994, Okapi at TREC-3",
        ("topk_retrieval_accuracy",), R1, runs.bm25, 3.7, "the untrained encoder", lambda: (79.8, 79.8), 10,
    ),
    Milestone(
        "dual-encoder", "a dual encoder with in-batch negatives", 2020,
        "Karpukhin et al. 2020, DPR, https://arxiv.org/abs/2004.04906",
        TRAINED, R1, runs.dual_encoder, 3.7, "the untrained encoder", band("nce"), 60,
    ),
    Milestone(
        "hard-negatives", "hard negatives, mined by the model itself", 2020,
        "Xiong et al. 2020, ANCE, https://arxiv.org/abs/2007.00808",
        (*TRAINED, "mine_hard_negatives"), R1, runs.hard_negatives, min(load_bands()["nce"]),
        "the weakest of the recorded runs without them", band("nce_hard"), 150,
    ),
    Milestone(
        "index", "an index that does not look everywhere", 2016,
        "Malkov and Yashunin 2016, HNSW, https://arxiv.org/abs/1603.09320",
        (*MODEL, "index_recall"), "percent of exact search's first 10 that the graph finds", runs.index, 79.5,
        "the same graph with ef_search 16 in place of 64", lambda: (95.0, 98.0), 20, needs="faiss-cpu",
    ),
    Milestone(
        "large-batch", "a batch larger than memory", 2021,
        "Gao et al. 2021, gradient cache, https://arxiv.org/abs/2101.06983",
        (*MODEL, "tensorize_contrastive", "get_in_batch_contrastive_loss", "gradient_cache_step"),
        "texts in the batch per text in memory", runs.large_batch, 1.0, "the whole batch in one graph", lambda: (32.0, 32.0), 20,
    ),
    Milestone(
        "shards", "many shards, searched apart and merged", 2003,
        "Barroso, Dean and Hölzle 2003, Web Search for a Planet",
        (*MODEL, "merge_shards"), "percent of one search's first 100 that come back", runs.shards, 84.7,
        "an even share of 13 from each of the 8 shards", lambda: (100.0, 100.0), 20,
    ),
    Milestone(
        "fid", "one answer from many passages (Fusion-in-Decoder)", 2020,
        "Izacard and Grave 2020, https://arxiv.org/abs/2007.01282",
        ("reader_batch", "fuse", "exact_match"), "exact match in percent, five passages, 200 questions", reader_runs.fusion_in_decoder,
        0.0, "the same reader with nothing to read", lambda: (24.5, 24.5), 20,
    ),
    Milestone(
        "distillation", "a retriever that learns from a reader, without labels", 2020,
        "Izacard and Grave 2020, https://arxiv.org/abs/2012.04584",
        (*MODEL, *SEARCH, "reader_batch", "fuse", "passage_scores", "distillation_loss", "one_round"), R1, reader_runs.distillation,
        3.7, "the untrained encoder", lambda: (6.0, 14.8), 70,
    ),
)  # fmt: skip
