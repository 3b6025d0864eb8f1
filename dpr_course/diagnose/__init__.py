"""The diagnosis of a training run: faults that are measured, not guessed, with advice; the most likely first.

In the order of the work:

    case            everything about one run that a diagnosis can look at
    from_run        a case from a folder of `dpr-course train`
    from_pairs      a case from a sentence-transformers model and pairs of texts
    ways            ways of turning texts into vectors: pooling, padding, titles, prefixes, tokenizer
    sample          the questions and passages on which the Ways are compared
    measure_ways    R@1 for every Way; whether the mask has an effect; whether the tokenizer fits
    geometry        collapse, anisotropy, alignment, uniformity; the scale of the scores
    sides           how far each side's weights moved, and whether the sides are one
    trace           which tokens and positions each side has read, by its embedding tables
    training        what the History says
    first_step      the first loss recomputed to the last digit, with its random numbers
    replay          the first and last losses recomputed under several assumptions
    negatives       false negatives, mined golds, titles, truncation, by the texts
    collate         what the collate function and the loss function do
    leak            what the splits share, and on which the epoch was chosen
    evaluation      the index, the hits, ids and reported numbers
    measure         all measures of a case as one dict of numbers
    thresholds      the numbers from which something is a fault
    fits            which assumption gives the recorded losses
    rules_texts     rules about how texts become vectors
    rules_trace     rules about what each side has read
    rules_training  rules about labels, rate, scale and shape
    rules_sides     rules about the two sides and the size of the batch
    rules_negatives  rules about false negatives
    rules_evaluation  rules about splits, the index, the cut-off, ids
    findings        a finding, and which fault explains which
    advice          what each fault means, what to do, what to expect
    judge           from measured numbers to findings
    report          the report as text and JSON
    from_notebook   `diagnose(...)`: a run's folder, or what a notebook holds
    plots           the pictures
    clinic          a healthy run and six with a fault, for the notebook of the clinic
    command         the options of `dpr-course diagnose`
"""

from dpr_course.diagnose.from_notebook import diagnose, report
from dpr_course.diagnose.from_pairs import case_from_pairs

__all__ = ["case_from_pairs", "diagnose", "report"]
