"""The statements in the prose of stage 02 about the outputs of its cells."""

from claims import Claim, numbers


def losses(out):
    """Return (losses with the wrong labels, losses with the right labels): two lists with one number for each printed step."""
    steps = [numbers(line) for line in out.strip().splitlines()]
    return [s[1] for s in steps], [s[2] for s in steps]


def falling(values):
    return all(a > b for a, b in zip(values, values[1:]))


CLAIMS = [
    Claim(
        "Question 1 has no hard negative here, so the labels are 0, 2, 3.",
        'name="02_layout"',
        lambda out: "gold 0, hard 0, gold 1, gold 2" in out and "[0, 2, 3]" in out,
    ),
    Claim(
        "Question 0 has a hard negative: a passage that looks right and is not.",
        "json.dumps(toy_samples()[0]",
        lambda out: '"hard_negative"' in out,
    ),
    Claim(
        "It pads the shorter ones, and the mask marks the padding with 0.",
        "print(batch.input_ids.shape",
        lambda out: numbers(out)[1] == max(numbers(out)[2:]) > min(numbers(out)[2:]),
    ),
    Claim(
        "Below are the passages that they name as gold in this batch. Find the row that answers no question.",
        "for i, label in enumerate(range(len(Q)))",
        lambda out: "-> row 1: europa" in out,
    ),
    Claim(
        "The loss falls nearly to zero, as in any good training.",
        "S = torch.zeros(3, 4",
        lambda out: falling(losses(out)[0]) and losses(out)[0][-1] < 0.1,
    ),
    Claim(
        "The loss with the *right* labels, which nobody monitors, rises.",
        "S = torch.zeros(3, 4",
        lambda out: falling(losses(out)[1][::-1]) and losses(out)[1][-1] > 2 * losses(out)[1][0],
    ),
    Claim("Now we collate 64 training samples.", 'name="02_padding"', lambda out: "Q (64," in out and "P (64," in out),
]

NOT_ABOUT_AN_OUTPUT = [
    # what the words mean
    "The **collate** function turns a list of samples into five tensors.",
    "One rule always holds: **a question's label is the number of passages already in the batch.**",
    # the lesson itself
    "A falling loss does not prove that the labels are right.",
    "and the loss still falls as usual.",
    # the knob
    "Truncate the gold passages at 32, 64, 100 and 128 tokens.",
    "(In attention every token looks at every other one, so twice the tokens take four times the work.)",
    # measured with one seed: trained and searched with 64 to 128 tokens, R@1 was 57.1 to 59.5
    "with 64, 100 or 128 tokens the trained encoder of stage 04 has the same R@1, give or take two points.",
    "And what does the search lose?</summary>Nothing that could be measured:",
    # a claim of stage 03
    "BM25, which counts words, does lose: see stage 03.",
    # a case to think about, and its answer
    "Suppose one sample's hard negative is another sample's gold passage, in the same batch.",
    "That passage is in the batch twice.",
    "For all questions except those two, it is one negative that counts double.",
    "the second copy is a <i>right</i> passage treated as wrong",
    # the field
    "Systems differ in how they make labels.",
    "Some assume the same number of negatives for each question; stage 07 shows what can be done if one is missing.",
]
