"""What the prose of stage 04 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "Made-up scores of the three questions against the four passages.",
    "Passage 1 is question 0's hard negative, so the labels are 0, 2, 3.",
    "Question 0 by hand: the softmax turns its row into probabilities, and the loss is minus the log of the gold one's.",
    "An encoder that knows nothing would score all passages alike, with loss ln B.",
    "Some passages answer two questions.",
    "If both are in one batch, the passage stands there twice, and its second copy is scored as a *wrong* answer to the first question: a **false negative**.",
    "We hold out 50 training questions to choose the best epoch.",
    "The validation questions stay untouched until the end: a number that was used to choose is no longer a fair report.",
    "To be quick, the held-out questions search only 200 passages: their own, and those of 150 other training questions.",
    "The loss a step, and R@5 on the 50 held-out questions after each epoch.",
    "The same 24 validation questions and their gold passages.",
    "200 validation questions and their gold passages, each vector flattened to two numbers.",
    "Two, and the loss is content: it asks that the gold passage scores *higher than the others*, not that it is near.",
    "Twice the batch size gives twice the negatives a question.",
    "**Read on:** van den Oord et al. 2018 (InfoNCE); Karpukhin et al. 2020, table 3 (how many negatives); Chuang et al. 2020, *Debiased Contrastive Learning* (false negatives).",
]
