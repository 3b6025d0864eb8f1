"""Damaged submissions: every way that we know in which a notebook can break between the student and the grader.

`DAMAGES` is a list of Damage objects. Each makes a damaged file from a clean one. Its `outcome` says what the grader's repair
must find in the damaged file:
`same`    the same answers as in the clean file, character by character
`full`    answers that may be written a little differently, but get full marks
`partly`  answers that get full marks, except for the exercises in `lost`
`refused` nothing: the file is not gradable, for a reason that contains the text `reason`

Each kind of damage has its own file. `submission` makes the clean file, and `register` defines the class Damage.
"""

from damages import answers, cells, checks, copies, elsewhere, formats, markers, metadata, outputs, refused, text, written
from damages.register import ENTERED
from damages.submission import (
    CONCLUSION,
    LOSS,
    MASKED,
    PLAN,
    STAGE,
    WRITTEN_STAGE,
    check,
    clean,
    code,
    edit,
    exercise,
    find,
    png,
    text_of,
)

KINDS = (metadata, copies, checks, markers, cells, elsewhere, text, answers, formats, outputs, written, refused)
DAMAGES = [damage for kind in KINDS for damage in ENTERED[kind.__name__]]
__all__ = ["CONCLUSION", "DAMAGES", "LOSS", "MASKED", "PLAN", "STAGE", "WRITTEN_STAGE"]
__all__ += ["check", "clean", "code", "edit", "exercise", "find", "png", "text_of"]
