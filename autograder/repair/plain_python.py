"""Turns a student's code into plain Python: removes IPython-only syntax (`%time`, `!pip`), prompts and Markdown fences.

Blank lines at the beginning and end are removed too. These functions never raise an error. Text that is not Python is returned
unchanged.
"""

import ast
import re
import textwrap

from autograder.repair.syntax import MAX_PARSED, only_comments, parse

TRANSPARENT = ("time", "timeit", "capture", "prun")  # cell magics that run the cell as Python
CALL = re.compile(r"^([ \t]{0,100})(\S.*?=\s*)?get_ipython\(\)\.(\w+)\((.*)\)\s*;?\s*$")
# MAGIC matches %magic, !command, x = %magic and x = !command. HELP matches `name?` and commands such as `pip install x`, which
# IPython accepts without a sign.
MAGIC = re.compile(r"^([ \t]{0,100})([\w.\[\], ]{1,200}=[ \t]{0,20})?(%{1,2}\w+|!{1,2}(?!=))[ \t]*(.*)$")
HELP = re.compile(
    r"^([ \t]{0,100})(?:\?{1,2}[\w.%]+|[\w.%]+\?{1,2}|(?:pip3?|conda|mamba|uv|apt|apt-get|cd|ls|mkdir|wget|curl|git)[ \t]+[^=(\s].*)[ \t]*;?$"
)
PROMPTS = (re.compile(r"^(?:>>>|\.\.\.)(?: |$)"), re.compile(r"^(?:In \[\d{1,9}\]: |[ ]{2,12}\.{3,}: ?)"))


def plain_parts(parts):
    """Rewrite the text of every Part in place: code becomes plain Python, and other text is tidied (see `tidy`)."""
    for p in parts:
        if p.role == "exercise":
            p.text = with_prefix(p.above, as_code(unfenced(p.text)))
        elif p.role == "" and (p.cell.kind == "code" or p.at[1] == 1):  # text above a marker is code in a cell of any type
            p.text = as_code(p.text)
        else:
            p.text = tidy(p.text)


def with_prefix(before, text):
    """Return the code `before`, which stands above an answer's marker in the same cell, followed by the answer `text`.

    If `before` is not Python code, return `text` alone.
    """
    if not before:
        return text
    together = as_code(f"{before}\n{text}")
    return together if parse(together) is not None or parse(text) is None and parse(as_code(before)) is not None else text


def tidy(text):
    """Return `text` without blank lines at its beginning and end, and without spaces at the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def as_code(text):
    return tidy(plain(text))


def unfenced(text):
    """Return `text` without lines that begin with ```. Such lines, called fences, enclose code in a Markdown cell."""
    return "\n".join(line for line in text.split("\n") if not line.strip().startswith("```"))


def plain(source):
    """Return notebook code as plain Python, without IPython's magics and shell commands: `%time f()` becomes `f()`.

    If the result does not parse as Python, the code is returned unchanged.
    """
    if parse(source) is not None and "get_ipython" not in source:
        return source
    if len(source) > MAX_PARSED:
        return source
    for attempt in (_without_magics, lambda s: s.expandtabs(4), lambda s: s.expandtabs(8), textwrap.dedent):
        made = attempt(source)
        if made is not None and parse(made) is not None:
            return made
    return source


def _without_magics(source):
    """Return `source` with plain Python in place of each line of IPython-only syntax.

    Return None for a cell that does not run as Python, such as a cell that begins with %%bash. First, all lines that look like
    IPython's syntax are replaced. Then the lines that are inside a multi-line string are restored. In this way, the code is parsed
    only once, and the time needed is linear in the length of the code.
    """
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if not only_comments(line) or line.lstrip().startswith("%%")), 0)
    if re.match(rf"%%({'|'.join(TRANSPARENT)})\b", lines[first]):
        del lines[first]
    elif lines[first].startswith("%%"):
        return None
    if any(line[:1] in " \t" for line in lines if line.strip()[:1] not in ("", "#")):
        lines = textwrap.dedent("\n".join(lines)).split("\n")
    for prompt in PROMPTS:
        if any(prompt.match(line) for line in lines):
            lines = [prompt.sub("", line) for line in lines]
    made, i = list(lines), 0
    while i < len(lines):
        plain_line = _plain_line(lines[i])
        made[i] = plain_line
        while plain_line != lines[i] and lines[i].endswith("\\") and i + 1 < len(lines):
            i += 1  # the shell command continues on the next line
            plain_line = made[i] = ""
        i += 1
    tree = parse("\n".join(made))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno > node.lineno:
            made[node.lineno : node.end_lineno] = lines[node.lineno : node.end_lineno]
    return "\n".join(made)


def _plain_line(line):
    """Return plain Python in place of a line of IPython-only syntax. Return any other line unchanged."""
    if "get_ipython()." in line and (found := CALL.match(line)):
        indent, target, method, arguments = found.groups()
        try:
            arguments = ast.literal_eval(f"({arguments},)")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            arguments = ()
        if method == "run_line_magic" and len(arguments) == 2 and arguments[0] == "time":
            return f"{indent}{target or ''}{arguments[1]}"
        return f"{indent}{target}None" if target else f"{indent}pass"
    if found := MAGIC.match(line):
        indent, target, name, rest = found.groups()
        if name == "%time":
            return f"{indent}{target or ''}{rest or 'None'}"
        return f"{indent}{target}None" if target else f"{indent}pass"
    return f"{HELP.match(line)[1]}pass" if HELP.match(line) else line
