"""Makes all measures of a Case and returns them as one dict of numbers, from which `judge` makes the findings."""

import time

from dpr_course.diagnose.case import DiagnoseError
from dpr_course.diagnose.collate import measure_collate, measure_loss
from dpr_course.diagnose.evaluation import measure_evaluation
from dpr_course.diagnose.first_step import measure_first_step
from dpr_course.diagnose.geometry import measure_geometry, measure_scale
from dpr_course.diagnose.leak import measure_leak
from dpr_course.diagnose.measure_ways import measure_mask, measure_tokenizer, measure_ways
from dpr_course.diagnose.negatives import measure_batches, measure_mined, measure_titles, measure_truncation
from dpr_course.diagnose.replay import measure_replay
from dpr_course.diagnose.sample import Sample
from dpr_course.diagnose.sides import measure_sides
from dpr_course.diagnose.trace import measure_trace
from dpr_course.diagnose.training import measure_training

PARTS = {
    "geometry": measure_geometry,
    "ways": measure_ways,
    "mask": measure_mask,
    "tokenizer": measure_tokenizer,
    "truncation": measure_truncation,
    "scale": lambda sample: measure_scale(sample, sample.case.settings.batch_size or 32),
    "sides": lambda sample: measure_sides(sample.case),
    "trace": lambda sample: measure_trace(sample.case),
    "training": lambda sample: measure_training(sample.case),
    "first step": lambda sample: measure_first_step(sample.case),
    "replay": lambda sample: measure_replay(sample.case),  # `measure` passes what "ways" and "first step" found
    "titles": lambda sample: measure_titles(sample.case),
    "batches": lambda sample: measure_batches(sample.case) if sample.case.train else {},
    "mined": lambda sample: measure_mined(sample.case),
    "collate": lambda sample: measure_collate(sample.case),
    "loss": lambda sample: measure_loss(sample.case),
    "leak": lambda sample: measure_leak(sample.case),
    "evaluation": measure_evaluation,
}


def measure(case, seconds=15.0, only=None, tell=None, questions=None):
    """Return {part: {name: number}}, the results of all measures in PARTS, with two more keys, "about" and "notes".

    "about" holds how much was measured, the seconds that it took, and the case's settings. "notes" are the notes of the case.

    seconds    time for comparing Ways (choices of how texts become vectors); the more time, the more questions are used
    only       names of the PARTS to measure (default: all)
    tell       function that is called with the name of each part before it is measured
    questions  number of questions on which Ways are compared; if it is given, `seconds` does not matter

    Raises DiagnoseError if the model cannot be run on the case's texts.
    """
    begun = time.perf_counter()
    try:
        sample = Sample(case, seconds, questions)
    except (RuntimeError, IndexError, AttributeError, TypeError) as e:
        raise DiagnoseError(f"{case.name}: the model cannot turn the texts into vectors ({type(e).__name__}: {e})") from None
    found = {}
    for name, part in PARTS.items():
        if only is None or name in only:
            if tell:
                tell(name)
            if name == "replay":
                found[name] = measure_replay(case, found.get("ways"), found.get("first step", {}).get("temperatures", ()))
            else:
                found[name] = part(sample)
    about = {
        "questions": len(case.validation), "passages": len(case.passages), "train": len(case.train), "held_out": len(case.held_out),
        "sample": len(sample.questions), "texts": sample.encoding.encoded, "seconds": round(time.perf_counter() - begun, 1),
        "batch_size": case.settings.batch_size, "hard": case.settings.hard, "learning_rate": case.settings.learning_rate,
        "meant_tied": case.settings.tied, "masks_copies": case.masks_copies, "style": case.style, "question_prefix": case.question_prefix, "passage_prefix": case.passage_prefix,
        "score": case.score,
        "start": case.start is not None,
    }  # fmt: skip
    return found | {"about": about, "notes": case.notes}
