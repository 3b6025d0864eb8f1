"""Reads the recorded dose curve: the R@1 of models trained with different shares of false negatives among the mined negatives.

The share, in percent, is called the dose. `python -m autograder dose` trains the models and writes the file dose.json.
"""

import json

from dpr_course.bands import interval
from dpr_course.files import ASSETS

DOSE = ASSETS / "dose.json"
DOSES = (0, 5, 10, 20, 40)  # percent of the mined negatives that are false


def load_dose():
    """Return the R@1 of each dose, in percent, one number per seed: `{dose in percent: [...]}`."""
    recorded = json.loads(DOSE.read_text(encoding="utf-8"))["recall_at_1"]
    return {int(dose): values for dose, values in recorded.items()}


def dose_summary():
    """Return the mean R@1 of each dose and its 95 % interval, as `{dose in percent: {"mean", "low", "high", "seeds"}}`.

    "seeds" is the number of seeds over which the mean is taken.
    """
    bands = {dose: (*interval(values), len(values)) for dose, values in load_dose().items()}
    return {dose: dict(zip(("mean", "low", "high", "seeds"), (*(round(v, 2) for v in b[:3]), b[3]))) for dose, b in bands.items()}
