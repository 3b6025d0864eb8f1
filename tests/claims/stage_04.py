"""The statements in the prose of stage 04 about the outputs of its cells."""

from claims import Claim, numbers, row


def toy_rows(out):
    """Return, for each of three questions, the printed gradients of its loss with respect to its four scores.

    The four passages are Io, Europa, Hamlet and Canberra.
    """
    return [row(out.replace("Io (moon)", "").replace("Europa (moon)", ""), f"question {i}") for i in range(3)]


def hits(out, panel):
    """Return the number of questions whose gold passage has the highest score, from the picture's alt text.

    panel: "before training" or "after training".
    """
    return numbers(out.split(f"{panel}: ")[-1])[0]


def scores(out, when):
    """Return [mean score, spread of the scores within a row, probability of the gold passage], as printed.

    when: "before" or "after" (training).
    """
    return row(out.replace("±", "").replace("within a row, probability of the gold passage", ""), f"{when} training: scores")


CLAIMS = [
    Claim(
        "This one idea turns the untrained encoder into a real retriever",
        'print(results_table({"untrained"',
        lambda out: row(out, "NCE")[0] > 5 * row(out, "untrained")[0] and row(out, "NCE")[0] > 40,
    ),
    Claim(
        "in five passes over the training questions",
        "history = kept(",
        lambda out: 1 <= row(out, "best epoch")[0] <= 5,
    ),
    Claim(
        "Here is question 0 by hand: the softmax turns its row into probabilities, and the loss is minus the log of the gold passage's probability.",
        "probabilities = S[0].softmax",
        lambda out: abs(sum(numbers(out.split("]")[0].replace("[", ""))) - 1) < 0.01 and 0 < numbers(out)[-1] < 1,
    ),
    Claim(
        "An encoder that knows nothing would give all passages the same score, and its loss would be ln B.",
        "knowing nothing gives",
        lambda out: "ln 32 = 3.466" in out,
    ),
    Claim(
        "Each row adds up to zero",
        "by_hand = (S.softmax",
        lambda out: all(abs(sum(r)) < 0.03 and min(r) < 0 < sorted(r)[1] for r in toy_rows(out)),
    ),
    Claim(
        "For question 0, most of the lowering goes to its hard negative, Europa, and hardly any to Hamlet.",
        "by_hand = (S.softmax",
        lambda out: toy_rows(out)[0][1] > 0.8 * -toy_rows(out)[0][0] and toy_rows(out)[0][2] < 0.1 * -toy_rows(out)[0][0],
    ),
    Claim(
        "Now we compute the same gradient through *your* loss.",
        "toy_batch = tensorize_contrastive",
        lambda out: row(out, "largest difference from the gradient by hand")[0] < 1e-6,
    ),
    Claim("Some passages answer two questions.", "golds = Counter(", lambda out: numbers(out)[0] >= 2),
    Claim(
        "its second copy is scored as a *wrong* answer to the first question: a **false negative**.",
        "for loss_fn in (get_in_batch_contrastive_loss",
        lambda out: row(out, "get_masked_contrastive_loss")[0] < row(out, "get_in_batch_contrastive_loss")[0],
    ),
    Claim(
        "The raw scores are hard to tell apart, since they are all large and nearly equal.",
        "spread, gold = S.std",
        lambda out: all(
            level > 100 and spread < level / 10 for level, spread, _ in (scores(out, when) for when in ("before", "after"))
        ),
    ),
    Claim(
        "A good retriever has its bright cells on the diagonal.",
        "spread, gold = S.std",
        lambda out: (
            scores(out, "before")[2] < 0.5 < 0.7 < scores(out, "after")[2]
            and hits(out, "before training") + 8 <= hits(out, "after training")
        ),
    ),
    Claim(
        "There are two clouds, and the distance between them is called the **modality gap**",
        "vector_map(X, Y",
        lambda out: numbers(out.split("centres are")[1])[0] > 1,
    ),
    Claim(
        "On average, two passages about different subjects have a higher cosine than a question and its own passage.",
        "def cosine(",
        lambda out: numbers(out)[0] < numbers(out)[1],
    ),
    Claim("Nothing changes.", "def cosine(", lambda out: abs(row(out, "as trained")[0] - row(out, "moved")[0]) <= 1),
]


NOT_ABOUT_AN_OUTPUT = [
    "These are made-up scores of the three questions against the four passages.",
    "Passage 1 is question 0's hard negative, so the labels are 0, 2, 3.",
    "A negative that the model already ranks low teaches next to nothing; stage 05 builds on that.",
    "If both questions are in one batch, the passage appears twice, and its second copy is scored as a *wrong* answer to the first question: a **false negative**.",
    "We hold out 50 training questions to choose the best epoch.",
    "The validation questions stay untouched until the end: a number that was used to make a choice is no longer a fair estimate.",
    "To save time, we search only 200 passages for the held-out questions: their own gold passages and those of 150 other training questions.",
    "When you run the notebook again, it is loaded if your code, the settings and the data are unchanged. Otherwise it is trained again.",
    "The curves show the loss per step, and R@5 on the 50 held-out questions after each epoch.",
    "The map shows 200 validation questions and their gold passages, each vector projected to two numbers.",
    "The loss asks that the gold passage scores **higher than the others**, not that it is close to the question.",
    "Moving every passage by one vector adds the same number to all scores of a question, which changes neither softmax nor ranking.",
    "Twice the batch size gives twice as many negatives per question.",
    "Twice the steps repeat the same kind of choice, one gold passage among B.",
    "Twice the batch makes each choice harder: among 2B passages there is more often one that fools the model, and it gets most of the gradient.",
    "Accumulation adds up the gradients of small batches, and each question is still compared only with the passages of its own small batch.",
    "[Karpukhin et al. 2020](https://arxiv.org/abs/2004.04906), table 3 (how many negatives)",
]
