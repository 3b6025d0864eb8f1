"""What the prose of stage 02 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "The **collate** function turns a list of samples into five tensors.",
    "Question 1 has no hard negative here, so the labels are 0, 2, 3.",
    "The rule that always holds: **a question's label is the number of passages already in the batch.**",
    "Question 0 carries a hard negative: a passage that looks right and is not.",
    "The shorter ones are padded, and the mask says so.",
    "Here are its golds on the same batch: find the row that is nobody's answer.",
    "On random scores the wrong labels can even give the *lower* loss.",
    "A loss that falls is no proof of right labels.",
    "Now 64 training samples of the knowledge base.",
    "Set `max_length` to 32 and to 64.",
    "Attention costs grow with T squared.",
    "Suppose one sample's hard negative is another sample's gold passage, in the same batch.",
    "The labels of the systems in the field differ: some assume the same number of negatives for each question, and break when one is missing.",
]
