"""Diagnoses a training run: measures its faults and lists them with advice, the most likely first.

The two sides of a model are its query encoder and its passage encoder. The modules, in the order of their use:

    case            Case: everything about one run that a diagnosis can use
    from_run        makes a Case from a folder that `dpr-course train` wrote
    from_pairs      makes a Case from a sentence-transformers model and pairs of texts
    ways            Way: one choice of pooling, padding, titles, prefixes and tokenizer, by which texts become vectors
    sample          the questions and passages on which Ways are compared
    measure_ways    measures R@1 for every Way, whether the mask has an effect, and whether the tokenizer fits
    geometry        measures collapse, anisotropy, alignment and uniformity of the vectors, and the scale of the scores
    sides           measures how far each side's weights moved, and whether both sides have the same weights
    trace           finds which tokens and positions each side read in training, from the changes in its embedding tables
    training        measures the History, the record of a training run: losses, accuracies and learning rates
    first_step      recomputes the first loss exactly, with the same random numbers
    replay          recomputes the first and last losses under several assumptions about the training
    negatives       measures false negatives, mined golds, titles and truncation, from the texts
    collate         measures what the collate function and the loss function do
    leak            measures what the splits share, and on which questions the best epoch was chosen
    evaluation      measures the index, the hits (search results), the ids and the reported numbers
    measure         makes all measures of a Case, as one dict of numbers
    thresholds      the limits beyond which a measured number counts as a fault
    fits            compares the recomputed losses of each assumption with the recorded ones
    rules_texts     rules about how texts become vectors
    rules_trace     rules about the tokens and positions that each side has read
    rules_training  rules about labels, learning rate, scale and the shape of the vectors
    rules_sides     rules about the two sides and the size of the batch
    rules_negatives  rules about false negatives
    rules_evaluation  rules about splits, the index, the number of hits, ids
    findings        Finding: one fault with its numbers; and a table that lists the faults which another fault brings with it
    advice          what each fault means, what to do, and what effect to expect
    judge           applies all rules to the measured numbers and returns the findings
    report          the report as text and JSON
    from_notebook   `diagnose(...)`, for the folder of a run or the objects in a notebook
    plots           the plots of a diagnosis
    clinic          an exercise: a healthy run, and six runs with one fault each
    command         the options of `dpr-course diagnose`
"""

from dpr_course.diagnose.from_notebook import diagnose, report
from dpr_course.diagnose.from_pairs import case_from_pairs

__all__ = ["case_from_pairs", "diagnose", "report"]
