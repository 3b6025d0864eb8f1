"""The thresholds of the rules. They were calibrated on seed 0 of the bench of injected faults (see README.md of this folder)."""

# How texts become vectors
GAIN, GAIN_SURE, Z = 5.0, 20.0, 3.0  # points of R@1 that another Way must gain, and McNemar's z
CENTRED, CENTRED_Z = 22.0, 4.0  # the same without the mean: healthy short runs gain up to 20 points
CENTRED_OTHER = 12.0  # the same, where the weights are not those with which training ended
MORE = 1.5  # by how many times as much another explanation must gain to be the better one
SHIFT = 0.02  # distance that padding moves a vector, relative to the distance of two texts
COLLATE_MASK = 0.01  # share of the padding that counts as text
BLANK = 0.5  # share of the columns of a batch that are padding in every row
TITLES = 0.3  # by how much fewer of the searched passages have a title
UNKNOWN = 0.2  # share of the tokens that are [UNK]
CUT, CUT_SURE = 0.3, 0.6  # share of the answers that are cut off
CUT_POINTS = 6.0  # points of R@1 that cut answers cost
FOREIGN_FEW, FOREIGN_STYLE, FOREIGN_MANY = 12, 3, 20  # tokens that moved, though no text holds them
FOREIGN_LEFT = 0.05  # share of these tokens that may remain if an explanation holds
REACH, REACH_MORE = 1.25, 8  # positions that moved, against the tokens of the longest text

# Training
LABELS = 0.95  # share of the labels that point at the gold
MISSING = 0.3  # share of the questions that are right with the right labels, but were not recorded as right
EVIDENCE = 6.0  # by how much an assumption must fit better than what was declared
FAR = 40.0  # by how much it must fit better than all others if it fits badly itself
TRAVEL_START = 1e-3  # sum of the learning rates of the first steps, up to which their losses are those of the untrained weights
FITS = 12.0  # misfit of an assumption that still gives the recorded losses
MOVED_LOW, FALL_LOW = 0.006, 0.35  # relative distance that the weights moved; share by which the loss must fall
LEARNED, GUESSED = 0.95, 2.0  # last loss divided by that of guessing; right questions divided by those of guessing
TRAVEL_LOW = 2e-4  # sum of the learning rates
MOVED_HIGH, JUMP = 0.15, 1.6  # relative distance that the weights moved; highest loss divided by the first
RIGHT, FLAT, SHARP = 0.35, 0.65, 1.3  # share of right questions from which a loss divided by that of guessing is too high
SPREAD, RANK = 0.01, 4.0  # spread and effective rank of collapsed vectors
FINDS = 30.0  # R@1 in percent among the sample's passages, above which vectors have not collapsed

# Sides and batches
STILL, STILL_RATIO = 0.5, 0.15  # share of weights that did not move; distance of one side divided by that of the other
SLOW = 0.012  # relative distance up to which the slower side may count as not trained
FEW, FEW_SURE = 8, 4  # passages with which a question is compared
DUPLICATES, DUPLICATES_SURE = 0.15, 0.5  # share of the questions with a copy of their gold in the batch
BEARING, BEARING_RATIO = 0.4, 2.5  # share of questions with an answer in another passage; such pairs divided by those by chance
MINED_GOLDS, MINED_BEARING = 0.02, 0.05  # share of the hard negatives that are golds, and that hold an answer

# Evaluation
LEAK, LEAK_GOLDS = 0.02, 0.15  # share of questions, and of golds, that are in training too
CHOSEN = 0.1  # share of the held-out questions that are reported ones
DIFFERENT_INDEX = 0.1  # share of the stored vectors that differ
REPORTED = 4.0  # points of R@1 that the encoder finds beyond what was reported
