"""What the prose of stage 05 claims about its outputs."""

from claims import Claim, numbers, output, row  # noqa: F401

CLAIMS: list[Claim] = []

NOT_ABOUT_AN_OUTPUT = [
    "Most in-batch negatives are easy: nobody confuses a moon with a play.",
    "3. Take its best *wrong* passage as the question's hard negative.",
    "Everything that could differ between two runs is an argument.",
    "Three traps:",
    "- the **gold passage** itself may stand at any place, not only the first;",
    "A passage that is only ever used as a negative learns to be wrong for *every* question, also for a validation question that it answers.",
    "Among millions of passages nobody notices; among 1,500 it costs recall.",
    "From scratch, with the **same seed, batch size and number of steps** as NCE.",
    "Only the negatives differ.",
    "(The assignment also halved the batch, which doubled the steps: then two causes are mixed, and the table cannot tell them apart.)",
    "Which loss is lower says nothing here: one softmax is over the gold passages of a batch, the other over twice as many, half of them hard.",
    "Two seeds of the same recipe can differ by more than the gain.",
    "The course ships the same comparison over many seeds; your run is the diamond.",
    "The fair test is the **difference of each pair** of runs with the same seed.",
    "If its 95 % interval included zero, these seeds could not tell whether hard negatives help.",
    "That happened with a batch of 64 (−0.1, from −2.8 to +2.5): a larger batch more often holds a gold passage's sibling anyway.",
    "Skip the first few candidates of each question and read what is mined then.",
]
