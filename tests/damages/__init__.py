"""Damaged submissions: every way that we know in which a notebook suffers on its way from a student.

`DAMAGES` is a list of Damage; each makes a damaged file from a clean one and says what must come of it:
`same`    the answers are read as in the clean file, to the letter
`full`    they are written a little differently but deserve full marks
`partly`  full marks but for the exercises in `lost`
`refused` not gradable, for a reason that contains `reason`

A file per kind of damage; `submission` makes the clean one, and `register` says what a damage is.
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
