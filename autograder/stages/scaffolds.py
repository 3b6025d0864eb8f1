"""How much of an exercise's answer is given: the marks in a stage's source, and the three forms of a cell that are made from them.

A mark is a separate line in an exercise cell:

    #: TEXT           guided: a comment that explains the step below
    #? `PART` TEXT    guided: PART of the next line is left open, and TEXT says what belongs there
    #? TEXT           guided: the whole value of the next line is left open, what it assigns or returns
    #! TEXT           challenge: the rest of this block is left open as well, and TEXT says what it must do

Several `#?` above one line open several parts, from left to right. `#:` and `#?` are used between BEGIN and END SOLUTION,
`#!` outside. Everywhere else in the course a cell is read without its marks. All functions take and return the text of a cell.
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
WIDTH = 120  # characters of a comment in a guided cell


def without_marks(source):
    """Return the cell without its marks, as everything except the tiers reads it."""
    return "\n".join(line for line in source.split("\n") if not MARK.match(line))


def guided(source):
    """Return the cell with the steps of its answer and their decisive parts open. Until it is solved, it raises NotImplementedError."""
    return _with_steps(source, opened=True, stop=True)


def begun(source):
    """Return the guided cell as it is after only its NotImplementedError was deleted: every place is still open."""
    return _with_steps(source, opened=True)


def filled(source, but=None):
    """Return the guided cell as it is when solved, except for the place number `but` (from 0), which stays open."""
    return _with_steps(source, opened=() if but is None else (but,))


def challenge(source, stub):
    """Return the cell with signatures and docstrings only; each answer is replaced by `stub`."""
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
    """Return the cell with each answer replaced by `stub`."""
    pattern = rf"^([ \t]*){BEGIN}\n.*?{END}"
    return re.sub(pattern, lambda m: textwrap.indent(stub, m[1]), source, flags=re.MULTILINE | re.DOTALL)


def open_parts(source):
    """Return the parts of the answer that the guided form leaves open, in order, as a list of texts."""
    parts = []
    for marks, line in _steps(source):
        parts += [part or VALUE.match(line)[2] for kind, part, _ in marks if kind == "?"]
    return parts


def why_wrong(source):
    """Return what is wrong with the marks of a cell, one sentence, or "" if nothing is."""
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
    """Yield each line of a cell that is not a mark, with the marks above it: ([(kind, part, text)], line)."""
    marks = []
    for line in source.split("\n"):
        if mark := MARK.match(line):
            marks.append((mark[2], mark[3], mark[4]) if mark[2] == "?" else (mark[2], None, _whole(mark)))
        else:
            yield marks, line
            marks = []


def _whole(mark):
    """Return the text of a mark that opens nothing. A part between backticks at its beginning belongs to the text."""
    return f"`{mark[3]}` {mark[4]}" if mark[3] else mark[4]


def _with_steps(source, opened, stop=False):
    """Return the guided cell. opened: True, or the numbers of the places to leave open; stop: with the line that raises."""
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
