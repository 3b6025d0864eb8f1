"""The thresholds of the rules, calibrated on half of the bench of injected faults (see README.md of this folder)."""

GAIN, GAIN_SURE, Z = 5.0, 20.0, 3.0  # points of R@1 that another way must gain, and McNemar's z
SHIFT = 0.02  # of a vector by padding, relative to the distance of two texts
COLLATE_MASK = 0.01  # share of the padding that counts as text
UNKNOWN = 0.2  # share of [UNK]
CUT, CUT_SURE = 0.3, 0.6  # share of the answers that are cut off
CUT_POINTS = 6.0  # points of R@1 that cut answers cost
DUPLICATES, DUPLICATES_SURE = 0.15, 0.5  # share of the questions with a copy of their gold in the batch
BEARING, BEARING_RATIO = 0.4, 2.5  # share of questions with an answer in another passage, and times as many pairs as by chance
MINED_GOLDS, MINED_BEARING = 0.02, 0.05  # shares of the hard negatives
LEAK, LEAK_GOLDS = 0.02, 0.15  # shares of questions and of golds
SPREAD, RANK = 0.01, 4.0  # of collapsed vectors
MOVED_LOW, FALL_LOW = 0.006, 0.35  # of weights, relative; and share of the loss that must fall
MOVED_HIGH = 0.15
STILL, STILL_RATIO = 0.5, 0.15  # share of still weights; distance of one side against the other
FEW, FEW_SURE = 8, 4  # passages that a question meets
DIFFERENT_INDEX = 0.1  # share of the rows
EVIDENCE = 6.0  # by how much an assumption must fit better than what was declared
MISSING = 0.3  # share of the questions that are right with the right labels, but were not recorded as right
FINDS = 30.0  # R@1 in percent among the sample's passages, above which vectors have not collapsed
