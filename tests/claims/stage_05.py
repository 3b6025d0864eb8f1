"""The statements in the prose of stage 05 about the outputs of its cells."""

from claims import Claim, numbers, row
from dpr_course.bands import load_bands

NCE, HARD, BM25, HYBRID = "NCE", "NCE + hard negatives", "BM25", "BM25 + dense"
TABLE, SHARES, MINED, SEEDS = "rows = {name: topk", "def share_near(", "by_words = mine", "paired_gain(seeds)"


def share(out, label):
    return row(out, label)[0]


def bm25_is_ahead(out):
    """Return whether BM25 has a higher recall at every k than the encoder trained with hard negatives."""
    gaps = [b - d for b, d in zip(row(out, BM25), row(out, HARD))]
    return min(gaps) > 0


CLAIMS = [
    Claim(
        "2. Let that model search for every **training** question",
        MINED,
        lambda out: numbers(out)[0] <= numbers(out)[1] and numbers(out)[0] > 0.9 * numbers(out)[1],
    ),
    Claim(
        "The list shows the negatives with the smallest margin, which are the hardest",
        MINED,
        lambda out: numbers(out)[3] < 1 < numbers(out)[2] and out.count("\n       BM25 ") == 8,
    ),
    Claim(
        "Most gold passages have a sibling, a member of the same family, in the pool. Yet few mined passages are siblings.",
        SHARES,
        lambda out: share(out, "golds with a sibling in the pool") > 60 and share(out, "mined by the model, of gold's family") < 35,
    ),
    Claim("the second best is far behind (see the median margin)", MINED, lambda out: numbers(out)[2] > 3),
    Claim(
        "BM25's negatives are siblings about as often.",
        SHARES,
        lambda out: abs(share(out, "mined by BM25, of gold's family") - share(out, "mined by the model, of gold's family")) < 10,
    ),
    Claim(
        "The hardest tenth is different: it holds more siblings and gets most of the pull.",
        SHARES,
        lambda out: (
            share(out, "the model's hardest tenth") > 1.3 * share(out, "mined by the model, of gold's family")
            and share(out, "pull of the hardest tenth") > 50
        ),
    ),
    Claim(
        "the second can be the **gold passage itself**.",
        "careless = ",
        lambda out: 1 <= numbers(out)[0] < numbers(out)[1] and out.count("->") >= 1,
    ),
    Claim(
        "How many would be mined from the whole knowledge base, and how many remain with your rule about answers?",
        "def false_negatives(",
        lambda out: row(out, "BM25")[0] >= 20 and row(out, "model")[0] >= 5 and out.count(", 0 with it") == 2,
    ),
    Claim(
        "For the questions with a second passage that answers them, this is too strict:",
        "def first_is_right(",
        lambda out: (
            all(row(out, name)[1] > row(out, name)[0] for name in ("bm25", "nce", "nce_hard")) and 100 < numbers(out)[0] < 200
        ),
    ),
    Claim("BM25 is ahead.", TABLE, bm25_is_ahead),
    Claim("It is ahead at every k.", TABLE, bm25_is_ahead),
    Claim(
        "In the tables above, more negatives made little difference.",
        (TABLE, SEEDS),
        lambda table, seeds: abs(row(table, HARD)[0] - row(table, NCE)[0]) < 6 and abs(row(seeds, "mean")[0]) < 3,
    ),
    Claim("Your model is right on some questions where BM25 is not.", "words - dense", lambda out: numbers(out)[2] >= 10),
    Claim(
        "R@100 is as good as BM25's, but R@1 is worse.",
        "by_rank = ",
        lambda out: row(out, "rank fusion")[4] > row(out, BM25)[4] - 0.5 and row(out, "rank fusion")[0] < row(out, BM25)[0],
    ),
    Claim(
        "The hybrid beats both of its parts.",
        "def hybrid(",
        lambda out: all(h > d for h, d in zip(row(out, HYBRID), row(out, HARD))) and row(out, HYBRID)[0] > row(out, BM25)[0],
    ),
    Claim(
        "Left of zero, the model ranks the negative above the gold passage.",
        "gaps[name] = ",
        lambda out: numbers(out.split("hard negatives: ")[1])[1] < numbers(out.split("NCE: ")[1])[1],
    ),
    Claim(
        "Two runs of the same recipe with different seeds can differ by more than the gain.",
        SEEDS,
        lambda out: max(load_bands()["nce"]) - min(load_bands()["nce"]) > row(out, "mean")[0],
    ),
    Claim(
        "If the 95 % interval of its mean included zero, these seeds could not tell whether hard negatives help.",
        SEEDS,
        lambda out: numbers(out.split("interval")[1])[0] > 0,
    ),
]


NOT_ABOUT_AN_OUTPUT = [
    "R@k counts the gold passage only.",
    "Most in-batch negatives are easy: nobody confuses a moon with a play.",
    "3. Take its best *wrong* passage as the question's hard negative.",
    "Everything that could differ between two runs is an argument.",
    "As in stage 04, a trained model is kept on your disk, and loaded after a restart if nothing has changed.",
    "There are three traps:",
    "- the **gold passage** itself may be at any rank, not only the first;",
    "If a passage is only ever used as a negative, the model learns to rank it low for *every* question, even for a validation question that it answers.",
    "Among millions of passages nobody notices; among 1,500 it costs recall.",
    "The gradient weighs each negative by its probability (stage 04), so the many negatives that do not fool the model hardly count.",
    "We train from scratch, with the **same seed, batch size and number of steps** as NCE.",
    "Only the negatives differ.",
    "(The assignment also halved the batch size, which doubled the number of steps. This mixes two causes, and the table cannot tell them apart.)",
    "Do not compare the two losses: one softmax is over the gold passages of a batch, the other over twice as many passages, half of them hard negatives.",
    "**Fusion** combines two rankings into one.",
    "A rank does not show how *sure* a system is, and the weaker system counts as much as the stronger one.",
    "DPR fused **scores** instead: BM25's score plus a weight times the dense score.",
    "The course ships the same comparison over many seeds; the diamond is your run.",
    "A fair test uses the **difference within each pair** of runs with the same seed.",
    "With a batch of 64 the interval did include zero (−0.1, from −2.8 to +2.5): a larger batch often holds a sibling of the gold passage even without mining.",
    "Skip the first few candidates of each question and see what is mined then.",
    "When question and passage share a rare word, such as a name, BM25 counts exactly that word, while a small encoder has hardly seen it.",
    "More questions teach more: DPR had about 59,000 questions and an encoder thirty times as large, and it was ahead of BM25.",
]
