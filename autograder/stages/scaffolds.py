"""Makes exercise cells that give more or less of the answer. Marks in a stage's source file say what is given.

The student notebooks exist in three tiers: "standard"; "guided", which gives the steps of each answer with some parts left open;
and "challenge", which gives less than "standard". A mark is a separate comment line in an exercise cell. It takes effect in one tier:

    #: TEXT           guided: a comment that explains the step below
    #? `PART` TEXT    guided: PART of the next line is left open, and TEXT says what belongs there
    #? TEXT           guided: the whole value that the next line assigns or returns is left open
    #! TEXT           challenge: the lines from here to the end of the indented block are also left out; TEXT says what they do

In place of a part that is left open, students find the placeholder OPEN. Several `#?` above one line leave several parts of it
open, from left to right. `#:` and `#?` are used between BEGIN and END SOLUTION, `#!` outside. Only the code that makes or tests
the tiers sees the marks; all other code gets cells without them. In this file, `source` is the text of an exercise cell with
its marks, and the functions that make a cell return its text.
"""

import re
import textwrap

from dpr_course.stages import OPEN, UNSOLVED

MARK = re.compile(r"^([ \t]*)#([?:!]) (?:`([^`]+)` )?(.*)$")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
VALUE = re.compile(r"^([ \t]*(?:return\b|[^=#]+?=(?!=))[ \t]*)(\S.*?)([ \t]{2}#.*)?$")  # head, value, comment of a line
GUIDE = f"# Write your code in place of each {OPEN}: the comments say what belongs there. Then delete the next line."
STOP = f'raise NotImplementedError("{UNSOLVED}: write your code in place of each {OPEN} and delete this line")'
WHICH = ("first ", "second ", "third ")
WIDTH = 120  # maximum length, in characters, of a comment line with its indentation, in the cells made here


def without_marks(source):
    """Return the cell without its marks."""
    return "\n".join(line for line in source.split("\n") if not MARK.match(line))


def guided(source):
    """Return the cell of the guided tier: the steps of the answer, with the placeholder OPEN in place of the open parts.

    The cell also gets a line that raises NotImplementedError, which students delete when they have solved the exercise.
    """
    return _with_steps(source, opened=True, stop=True)


def begun(source):
    """Return the guided cell after a student has deleted the line that raises NotImplementedError and changed nothing else."""
    return _with_steps(source, opened=True)


def filled(source, but=None):
    """Return the guided cell as it is after a student has put the reference's code in place of each OPEN.

    but: index (from 0) of one part that stays open, or None if none does.
    """
    return _with_steps(source, opened=() if but is None else (but,))


def challenge(source, stub):
    """Return the cell of the challenge tier.

    Each answer, and each block that begins with a `#!` mark, is replaced by `stub`, code that raises NotImplementedError.
    """
    lines, depth = [], None  # depth: the indentation of the block that is being left out
    for line in source.split("\n"):
        mark, indent = MARK.match(line), len(line) - len(line.lstrip())
        if depth is not None and (not line.strip() or indent >= depth):
            continue
        if depth is not None:
            lines.append("")
        depth = None
        if mark and mark[2] == "!":
            depth = len(mark[1])
            lines += _comment(mark[1], mark[4]) + textwrap.indent(stub, mark[1]).split("\n")
        elif not mark:
            lines.append(line)
    return without_solution("\n".join(lines), stub)


def without_solution(source, stub):
    """Return the cell with the lines from BEGIN SOLUTION to END SOLUTION replaced by the code `stub`."""
    pattern = rf"^([ \t]*){BEGIN}\n.*?{END}"
    return re.sub(pattern, lambda m: textwrap.indent(stub, m[1]), source, flags=re.MULTILINE | re.DOTALL)


def open_parts(source):
    """Return the code of the parts of the answer that the guided cell leaves open, in order, as a list of texts."""
    parts = []
    for marks, line in _steps(source):
        parts += [part or VALUE.match(line)[2] for kind, part, _ in marks if kind == "?"]
    return parts


def why_wrong(source):
    """Return one sentence that describes a mistake in the marks of a cell, or "" if there is none."""
    for marks, line in _steps(source):
        kinds, told = {kind for kind, _, _ in marks}, line.strip()[:40]
        if "!" in kinds and (len(marks) > 1 or not line.strip()):
            return f"the mark #! must be the only mark, directly above the block that it leaves out, not above {told!r}"
        at, parts = 0, [part for kind, part, _ in marks if kind == "?"]
        if len(parts) > len(WHICH):
            return f"at most {len(WHICH)} parts of a line can be open, not {len(parts)} in {told!r}"
        for part in parts:
            if part is None and not VALUE.match(line):
                return f"the mark #? names no part, and the line below it has no value: {told!r}"
            if part and line.count(part) != 1:
                return (
                    f"the mark #? must name a part that is in the next line once; {part!r} is {line.count(part)} times in {told!r}"
                )
            if part and line.index(part) < at:
                return f"the marks #? must be in the order of their parts, from left to right, above {told!r}"
            at = line.index(part) if part else at
    inside = False
    for line in source.split("\n"):
        inside = {BEGIN: True, END: False}.get(line.strip(), inside)
        if (mark := MARK.match(line)) and inside == (mark[2] == "!"):
            return f"the mark #{mark[2]} is {'inside' if inside else 'outside'} the solution"
    return ""


def _steps(source):
    """Yield (marks, line) for each line of a cell that is not a mark.

    marks: the marks directly above the line, a list of (kind, part, text), where kind is ":", "?" or "!". part is the PART of a
    `#?` mark, or None.
    """
    marks = []
    for line in source.split("\n"):
        if mark := MARK.match(line):
            marks.append((mark[2], mark[3], mark[4]) if mark[2] == "?" else (mark[2], None, _whole(mark)))
        else:
            yield marks, line
            marks = []


def _whole(mark):
    """Return the whole text of a `#:` or `#!` mark. `mark` is a match of the pattern MARK.

    Words in backticks at the beginning of the mark belong to its text, unlike in a `#?` mark, where they name a part of a line.
    """
    return f"`{mark[3]}` {mark[4]}" if mark[3] else mark[4]


def _with_steps(source, opened, stop=False):
    """Turn `source`, a solved cell, into the guided cell, in which some parts are left for the student to fill in.

    opened: the indices of these parts, or True for all. stop: whether the cell gets the line that raises NotImplementedError.
    """
    lines, number = [], 0
    for marks, line in _steps(source):
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() == BEGIN:
            lines += [indent + GUIDE, indent + STOP] if stop else []
            continue
        for text in (text for kind, _, text in marks if kind == ":"):
            lines += _comment(indent, text)
        places = [(part, text) for kind, part, text in marks if kind == "?"]
        for which, (part, text) in zip(WHICH if len(places) > 1 else [""], places):
            lines += _comment(indent, f"{which}{OPEN}: {text}")
            if opened is True or number in opened:
                line = line.replace(part, OPEN) if part else VALUE.sub(rf"\g<1>{OPEN}\g<3>", line)
            number += 1
        lines += [line] if line.strip() != END else []
    return "\n".join(lines)


def _comment(indent, text):
    return [f"{indent}# {line}" for line in textwrap.wrap(text, WIDTH - len(indent))]
