"""The marks `#:`, `#?` and `#!` in a stage's source decide how much of an answer each tier (guided, standard ...) shows.

A mark that cannot be followed is reported.
"""

import pytest

from autograder.stages.scaffolds import begun, challenge, filled, guided, open_parts, without_marks
from autograder.stages.source import SourceError, read_stage
from dpr_course.stages import OPEN, UNSOLVED

CELL = '''def f(x, y):
    """What it returns."""
    ### BEGIN SOLUTION
    #: Explained.
    #? `x` the one
    #? `y` the other
    z = x + y  # (B,)
    #? all of it
    return z
    ### END SOLUTION
'''
CLASS = '''class A:
    """An A."""

    def __init__(self, x):
        #! Keep x.
        self.x = x

    def forward(self):
        """x."""
        ### BEGIN SOLUTION
        return self.x
        ### END SOLUTION
'''


def test_a_guided_cell_shows_the_steps_and_leaves_the_decisive_parts_open():
    lines = guided(CELL).splitlines()
    assert lines[4:] == [
        "    # Explained.",
        f"    # first {OPEN}: the one",
        f"    # second {OPEN}: the other",
        f"    z = {OPEN} + {OPEN}  # (B,)",
        f"    # {OPEN}: all of it",
        f"    return {OPEN}",
    ]
    assert UNSOLVED in lines[3] and lines[:2] == CELL.splitlines()[:2]
    assert begun(CELL).splitlines() == lines[:2] + lines[4:]
    assert (
        open_parts(CELL) == ["x", "y", "z"] and f"return {OPEN}" not in filled(CELL, but=0) and f"{OPEN} + y" in filled(CELL, but=0)
    )
    assert "#?" not in without_marks(CELL) and "#:" not in without_marks(CELL)


def test_a_challenge_cell_has_signatures_and_docstrings_only():
    text = challenge(CLASS, "raise NotImplementedError")
    assert text == (
        'class A:\n    """An A."""\n\n    def __init__(self, x):\n        # Keep x.\n        raise NotImplementedError\n\n'
        '    def forward(self):\n        """x."""\n        raise NotImplementedError\n'
    )


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("`x` the one", "`w` the one", "'w' is 0 times"),
        ("    #? `x` the one\n    #? `y` the other", "    #? `y` the other\n    #? `x` the one", "from left to right"),
        ("    return z", "    pass", "has no value"),
        ("    ### BEGIN SOLUTION\n    #: Explained.", "    #: Explained.\n    ### BEGIN SOLUTION", "outside the solution"),
        ("    #: Explained.", "    #! Explained.", "the mark #! must"),
        ("    #: Explained.\n", "", ""),
    ],
)
def test_a_mark_that_cannot_be_followed_is_named(old, new, words, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.stages.source.SOURCES", tmp_path)
    assert old in CELL
    text = f'# %% [markdown]\n# # X\n\n# %% exercise="f"\n{CELL.replace(old, new)}\n# %% check="f"\n1\n'
    (tmp_path / "97_x.py").write_text(text)
    read_stage.cache_clear()
    if words:
        with pytest.raises(SourceError, match="97_x.py, cell 2: ") as e:
            read_stage("97_x")
        assert words in str(e.value)
    else:
        assert read_stage("97_x").cells[1].source == without_marks(CELL).strip()
    (tmp_path / "97_x.py").write_text("# %%\n#? not here\n1\n")
    read_stage.cache_clear()
    with pytest.raises(SourceError, match="in exercise cells only"):
        read_stage("97_x")
