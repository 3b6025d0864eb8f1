"""Damaged submissions: every way that we know in which a notebook can break between the student and the grader.

`DAMAGES` is a list of Damage. Each makes a damaged file from a clean one, and its `outcome` says what repair must make of the
file:
`same`    the answers are the same, character by character, as in the clean file
`full`    the answers may be written a little differently, but get full marks
`partly`  all answers get full marks except the exercises in `lost`
`refused` the file is not gradable, for a reason that contains `reason`

Each kind of damage has its own file. `submission` makes the clean file, and `register` defines Damage.
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
