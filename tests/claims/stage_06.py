"""The statements in the prose of stage 06 about the outputs of its cells."""

import re

from claims import Claim, numbers, row


def decays(out, chosen):
    """Return the number of parameters in those optimiser groups whose weight decay satisfies the function `chosen`.

    `out` has a line with rate, decay, number of tensors and number of parameters for each group.
    """
    groups = [numbers(line) for line in out.splitlines() if line.startswith("rate")]  # rate, decay, tensors, parameters
    return sum(g[3] for g in groups if chosen(g[1]))


def means(out):
    """Return, for each setting in the picture's alt text, [mean, confidence level, low end, high end, number of seeds].

    The ends are those of the confidence interval.
    """
    return [numbers(part) for part in re.findall(r"mean [^)]*seeds", out)]


CLAIMS = [
    Claim(
        "Each dot is one training run of this course's recipe, with one thing changed.",
        'title="R@1 of the course',
        lambda out: out.count(" seeds)") >= 3,
    ),
    Claim("On BERT that works.", "missed = [n for n", lambda out: numbers(out)[0] > numbers(out)[1] > 0),
    Claim(
        "Nearly all parameters are in matrices, so weight decay applies to nearly all of the model.",
        "alike.setdefault",
        lambda out: decays(out, lambda decay: decay > 0) > 50 * decays(out, lambda decay: decay == 0) > 0,
    ),
    Claim(
        "R@1 is about 59 for the tied model and about 58 for the untied one: they are about one point apart.",
        ("outcome = {", "difference = ["),
        lambda out, last: (
            all(55 < v < 62 for v in numbers(out.rpartition("{")[2]))
            and abs(sum(row(last, "tied minus untied, seed by seed"))) / 2 < 3
        ),
    ),
    Claim(
        "The mean of two seeds is uncertain by several points, so this experiment alone cannot show whether there is a difference.",
        "difference = [",
        lambda out: max(high - low for _, _, low, high, _ in means(out)) > 2,
    ),
]


NOT_ABOUT_AN_OUTPUT = [
    "I ask whether tied encoders retrieve worse than untied ones.",
    "I change only `tied`.",
    "Data, batch size, number of steps, learning rate, temperature and seeds are equal; both start from the same pre-trained weights.",
    "I run each setting with the same two seeds, so that I can look at the difference within each pair.",
    "I expect R@1 to fall a little at most: both sides already share their starting point, and with 450 training questions a shared encoder sees twice as many texts, which may make up for having half the parameters.",
    'I would call a mean difference below one point "no difference" with so few seeds.',
    "Give one point for each of these: the question can be answered with yes or no by one experiment; exactly one thing changes, and the plan names it; the plan lists what is kept equal, including the number of steps; both arms use the same seeds, at least two of them; the expectation has a reason that follows from how training works.",
    "Edit `arms` for your own question; more seeds are better, but take longer.",
    "With half the batch size an epoch has twice the steps, so halve `epochs`.",
    "The recorded runs, over more seeds, give an upper limit for it.",
    "My experiment does not show that tying is harmless at full scale: with about 59,000 questions the untied model has room to specialise, which 450 questions do not give it.",
    "Two things could have misled me: one seed may be lucky, and the validation questions come from the same domains as the training ones.",
    "Next I would run the same two settings with ten seeds, and look at the mean of the differences between the two runs of each seed, with its confidence interval. Then I would ask whether the answer changes with half the training questions.",
    "Give two points for each of these: the numbers of both arms are given, with their spread or for every seed; the conclusion follows from the numbers (a difference inside the spread is not claimed); the report states a limit, such as data size, domain or recipe; it names a real threat (seed luck, selection on the reported split, unequal steps, a confound); it proposes a next run that would settle the question.",
    "Draw a few seeds at random from the recorded runs and see how far off the mean of so few can be.",
    "You tried five settings and report the best one's R@1 on the validation questions.",
    "The bar shows the mean and its 95 % interval.",
    "Each number is the quality of a setting plus luck on these particular questions, and the best of five was most likely lucky too.",
    "So choose the setting on one split, a development set, and report its score on another that was not used for any choice: a test set, used once.",
    # the clinic
    "has six training runs, each with one fault.",
]
