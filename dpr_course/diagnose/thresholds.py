"""The thresholds of the rules: the limits beyond which a measured number counts as a fault.

They were calibrated on seed 0 of the runs with injected faults (see README.md of this folder). A threshold whose name ends in
_SURE is the value from which the confidence of a finding is highest.
"""

# How texts become vectors
GAIN, GAIN_SURE, Z = 5.0, 20.0, 3.0  # least gain in R@1, in points, by another Way, and least McNemar's z of the gain
CENTRED, CENTRED_Z = 22.0, 4.0  # the same for subtracting the mean vector: healthy short runs gain up to 20 points
CENTRED_OTHER = 12.0  # CENTRED for a case whose weights are not those with which training ended
MORE = 1.5  # if centring gains MORE times as much as exchanging the encoders, it explains the gain by exchanging
SHIFT = 0.02  # distance by which padding moves a vector, divided by the median distance of a vector from the mean
COLLATE_MASK = 0.01  # share of the padding on which the mask is 1
BLANK = 0.5  # share of the columns of a batch that are padding in every row
TITLES = 0.3  # share of the training golds that have a title, minus the share of the searched passages that have one
UNKNOWN = 0.2  # share of the tokens that are [UNK]
CUT, CUT_SURE = 0.3, 0.6  # share of the answers that are cut off by max_length
CUT_POINTS = 6.0  # points of R@1 that are lost because answers are cut off
FOREIGN_FEW, FOREIGN_STYLE, FOREIGN_MANY = 12, 3, 20  # numbers of foreign tokens, see `measure_trace`
FOREIGN_LEFT = 0.05  # largest share of the foreign tokens that an accepted explanation may leave unexplained
REACH, REACH_MORE = 1.25, 8  # positions that moved: at most REACH times the tokens of the longest text, plus REACH_MORE

# Training
LABELS = 0.95  # share of the labels that point at the gold
MISSING = 0.3  # 1 - recorded accuracy / accuracy with the right labels
EVIDENCE = 6.0  # an assumption's misfit must be this much lower than the misfit of "declared"
FAR = 40.0  # a misfit above FITS must be this much lower than all other misfits
TRAVEL_START = 1e-3  # sum of learning rates up to which the weights count as untrained
FITS = 12.0  # largest misfit of an assumption that is said to give the recorded losses
MOVED_LOW, FALL_LOW = 0.006, 0.35  # least relative distance that the weights move; least share by which the loss falls
LEARNED, GUESSED = 0.95, 2.0  # last loss / the loss of guessing; number of right questions / the number by guessing
TRAVEL_LOW = 2e-4  # least sum of the learning rates of all steps, if it is not known how far the weights moved
MOVED_HIGH, JUMP = 0.15, 1.6  # largest relative distance that the weights move; highest loss divided by the first
RIGHT, FLAT, SHARP = 0.35, 0.65, 1.3  # if accuracy > RIGHT, a loss above FLAT (or SHARP) times guessing's is too high
SPREAD, RANK = 0.01, 4.0  # largest spread and effective rank of vectors that count as collapsed
FINDS = 30.0  # R@1 in percent among the sample's passages, above which vectors have not collapsed

# Sides and batches
STILL, STILL_RATIO = 0.5, 0.15  # share of weights that did not move; distance of one side divided by that of the other
SLOW = 0.012  # relative distance up to which the slower side may count as not trained
FEW, FEW_SURE = 8, 4  # number of passages in a question's softmax, its gold included: too few up to FEW
DUPLICATES, DUPLICATES_SURE = 0.15, 0.5  # share of the questions with a copy of their gold in the batch
BEARING, BEARING_RATIO = 0.4, 2.5  # share of questions with an answer in another's passage; share of such pairs / chance
MINED_GOLDS, MINED_BEARING = 0.02, 0.05  # share of the hard negatives that are golds, and that hold an answer

# Evaluation
LEAK, LEAK_GOLDS = 0.02, 0.15  # share of questions, and of golds, of one split that are in the training split too
CHOSEN = 0.1  # share of the held-out questions that are reported questions too
DIFFERENT_INDEX = 0.1  # share of the stored vectors that differ from recomputed ones
REPORTED = 4.0  # points by which recomputed R@k exceeds the reported one
