"""The texts on each fault: what it means, what to do about it, and what effect to expect."""

from dpr_course.diagnose.findings import Finding

FALSE = "A passage that answers the question is counted as wrong."
CURVE = (
    "as the dose curve shows (dpr_course.dose.dose_summary): little up to 10 % of false negatives, some points of R@1 beyond that"
)
TRUE = "a lower number, which is the true one"
AS_TRAINED = "the R@1 of the model as it was trained"
HEALTHY = "training that learns; R@1 of a healthy run"

# fault: (what it means, what to do, the effect to expect)
ADVICE = {
    "duplicate-golds": (
        "The copy of a gold counts as a wrong answer to its own question.",
        "Mask the copies (exercise 4.2), or draw batches in which no two questions share a gold.",
        "more R@1, the larger the share was",
    ),
    "answer-bearing-negatives": (FALSE, "When mining, skip passages that hold an answer (has_answer).", CURVE),
    "mined-golds": (
        "The loss pushes a question away from its own answer.",
        "When mining, skip the gold by id and by text, not by rank or title.",
        CURVE,
    ),
    "swapped-sides": (
        "The query encoder was trained on passages and the passage encoder on questions, and now each reads what it has not learned.",
        "Exchange the two encoders, in the model, in its folder or in the call; a batch is Q, Q_mask, P, P_mask, labels.",
        AS_TRAINED,
    ),
    "wrong-labels": (
        "The loss pulls questions to passages that do not answer them.",
        "Let labels[i] be the row of question i's gold passage: with a hard negative for each question 0, 2, 4, ..., not 0, 1, 2, ...",
        HEALTHY,
    ),
    "wrong-pooling": (
        "The weights were trained for another pooling of the last layer than the one by which the vectors are made.",
        "Pool as in training, or train with the pooling that you use.",
        AS_TRAINED,
    ),
    "mask-ignored": (
        "Padding enters the vector, so that it depends on the other texts of its batch.",
        "Pass the attention mask to the encoder, in training and at test time, and pool over tokens whose mask is 1.",
        "vectors that do not depend on the batch, and their R@1",
    ),
    "padding-wasted": (
        "The encoder spends most of its time on padding; the vectors are still right if the mask is used.",
        "Pad to the longest text of each batch (padding=True), not to max_length.",
        "faster training, and the same vectors",
    ),
    "title-missing": (
        "A passage does not read as it did in training, so its vector is one that the model has not learned to make.",
        "Make the text of a passage by one function, in training and at test time, with its title.",
        AS_TRAINED,
    ),
    "prefix-missing": (
        "The encoder was trained on texts that begin with a prefix, by which it tells questions from passages.",
        "Put the prefix before the texts at test time, as in training.",
        AS_TRAINED,
    ),
    "answers-cut": (
        "The encoder never reads the part of these passages that answers the question.",
        "Raise max_length, or split passages so that they fit.",
        "some points of R@1, more if the model is trained on whole passages",
    ),
    "learning-rate-high": (
        "The steps are so large that they destroy what the encoder knew.",
        "Lower the learning rate by a factor of 10, and warm up; then raise it until the loss stops falling faster.",
        HEALTHY,
    ),
    "learning-rate-low": (
        "The model is nearly the untrained encoder.",
        "Raise the learning rate by a factor of 10 or more, or train for more steps.",
        "a loss that falls; R@1 of a healthy run",
    ),
    "wrong-scale": (
        "The softmax over the scores is nearly even, or sees one passage only: the loss cannot fall, or most negatives get almost no gradient.",
        "Divide cosines by a temperature of 0.02 to 0.1, or use dot products of the vectors as they are.",
        "a loss that falls as the accuracy rises, and more R@1",
    ),
    "collapse": (
        "All texts get nearly the same vector, or vectors on a line. This is worse than a common direction, which is repaired by subtracting the mean.",
        "Lower the learning rate, check labels and loss, and make sure that the loss pushes negatives away.",
        HEALTHY,
    ),
    "anisotropy": (
        "All vectors share a direction, and passages that lie far along it win for every question.",
        "Subtract the mean of the questions' and of the passages' vectors before the search, or train longer.",
        "the R@1 that was measured without the mean",
    ),
    "development-leak": (
        "R@k on these questions measures memory, not retrieval.",
        "Split by gold passage (dpr_course.data.hold_out), before mining and training.",
        TRUE,
    ),
    "epoch-on-reported": (
        "The best of several epochs is partly luck on these very questions, so the number is too high.",
        "Choose the epoch on questions that are not reported.",
        TRUE,
    ),
    "frozen-side": (
        "Only one side learned, so it alone has to move towards the other.",
        "Look for requires_grad, detach, no_grad, and for a side that the optimiser was not given.",
        "some points of R@1, more with more data",
    ),
    "shared-encoders": (
        "One encoder serves both sides: each step of one side also moves the other.",
        "Load the encoder once for each side, or copy it with copy.deepcopy.",
        "two sides that can differ; on small data R@1 changes little",
    ),
    "accumulation": (
        "Accumulation adds up gradients, but each question is compared only with the passages of its own small batch.",
        "Use the gradient cache (max_tokens in the run's file), or a larger real batch.",
        "harder choices for each question; more R@1, the smaller the real batch was",
    ),
    "few-negatives": (
        "With so few wrong passages, few of them are hard: the loss is soon small, and little is learned from it.",
        "Use larger batches, with the gradient cache if memory is short, or more hard negatives for each question.",
        "some points of R@1",
    ),
    "wrong-tokenizer": (
        "Other token ids reach the embedding table, so that words get the vectors of other words.",
        "Load the tokenizer from the same folder or name as the encoder.",
        "R@1 of the encoder with its own tokenizer",
    ),
    "foreign-index": (
        "Questions of one encoder are compared with passages of another.",
        "Encode the passages again with this encoder, and search again.",
        "R@1 of the encoder with its own passage vectors",
    ),
    "cut-off": (
        "A gold below the cut-off counts as not found, whatever k is.",
        "Search with a k that is at least the largest that is reported.",
        "R@k that grows with k",
    ),
    "duplicate-ids": (
        "Copies take up ranks among the first k, or a gold is looked up in the wrong row.",
        "Make ids unique, merge shards once, and count each id once.",
        "R@k that can be compared",
    ),
}


def finding(fault, confidence, measured, data, numbers=None, **other):
    """Return the Finding of a fault, with the texts that ADVICE holds for this fault.

    `measured` is a sentence with the measured numbers, `data` says on how much data they were measured, and `numbers` is the
    same numbers as {name: number}. The keyword arguments `meaning`, `advice` and `effect` replace the texts of ADVICE.
    """
    texts = dict(zip(("meaning", "advice", "effect"), ADVICE[fault])) | other
    return Finding(fault, round(confidence, 3), measured, data, numbers=numbers or {}, **texts)


def sure(value, at, full):
    """Return a confidence for a measured value: 0 below the threshold `at`, 0.6 at `at`, rising to 0.98 at `full` and beyond.

    If `full` is less than `at`, smaller values give more confidence, and the confidence is 0 above `at`.
    """
    share = (value - at) / (full - at)
    return 0.0 if share < 0 else 0.6 + 0.38 * min(1.0, share)
