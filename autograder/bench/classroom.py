"""Makes up classes for tests and measurements: submissions with right and wrong answers from the bank (autograder/bank)."""

import json
import random

from autograder.authoring.tier_notebooks import tier_notebook
from autograder.proof.bank import entries
from autograder.stages.contexts import exercises_of
from autograder.stages.source import read_stage, without_markers
from dpr_course.stages import mark_of, marked


def reference_answers(stage):
    """Return {exercise id: source of the reference answer} for the exercises of the stage called `stage`."""
    return {c.metadata["exercise"]: without_markers(c.source) for c in read_stage(stage).cells if "exercise" in c.metadata}


def make_notebook(stage, answers, keep=lambda source: True, tier="standard"):
    """Return the bytes of a submission: the student's notebook of `stage` with `answers` in its exercise cells.

    answers  {exercise id: source}
    keep     function that takes the source of a code cell and returns whether the cell stays in the notebook
    tier     how much help the student's notebook gives: "guided", "standard" or "challenge"
    """
    notebook = json.loads(tier_notebook(stage, tier))
    for cell in notebook["cells"]:
        kind, key = mark_of("".join(cell["source"]))
        if kind == "exercise" and key in answers:
            cell["source"] = marked(kind, key, answers[key]).splitlines(keepends=True)
    notebook["cells"] = [c for c in notebook["cells"] if c["cell_type"] != "code" or keep("".join(c["source"]))]
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode()


def drawn_answers(stage, rng):
    """Return {exercise id: source} with answers to the exercises of a stage, drawn from the bank by `rng`, a random.Random.

    About half of the exercises get a right answer and 40 % a wrong one. The others have no entry: they are not solved.
    """
    answers = {}
    for exercise in exercises_of(stage):
        bank = entries(exercise)
        right, wrong = [e.code for e in bank if e.right], [e.code for e in bank if not e.right]
        draw = rng.random()
        if draw < 0.9:
            answers[exercise] = rng.choice(right if draw < 0.5 else wrong)
    return answers


def make_class(folder, stages, size, seed=0, **options):
    """Write the submissions of a class of `size` students, one for each student and each of `stages`.

    The files are folder/<student>/<stage>/<stage>.ipynb, as in nbgrader. `seed` determines the answers. `options` are keyword
    arguments of `make_notebook`.
    """
    rng = random.Random(seed)
    for i in range(1, size + 1):
        for stage in stages:
            path = folder / f"student{i:03}" / stage / f"{stage}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            # A comment makes each student's code different, because equal code would be run only once.
            answers = {e: f"{code}\n# student {i}" for e, code in drawn_answers(stage, rng).items()}
            path.write_bytes(make_notebook(stage, answers, **options))
