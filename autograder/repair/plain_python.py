"""What a piece of notebook code says, read by its syntax tree and never run.

A notebook cell may hold IPython's own syntax (`%time`, `!pip`) or not be Python at all; these functions never raise.
"""

import ast
import functools
import re
import textwrap
import warnings

MAX_PARSED = 50_000  # characters; no answer comes near it, and larger trees cost time and memory
TRANSPARENT = ("time", "timeit", "capture", "prun")  # cell magics that run the cell as Python
CALL = re.compile(r"^([ \t]{0,100})(\S.*?=\s*)?get_ipython\(\)\.(\w+)\((.*)\)\s*;?\s*$")
# %magic, !command, x = %magic, x = !command, and the commands that IPython takes without a sign.
MAGIC = re.compile(r"^([ \t]{0,100})([\w.\[\], ]{1,200}=[ \t]{0,20})?(%{1,2}\w+|!{1,2}(?!=))[ \t]*(.*)$")
HELP = re.compile(
    r"^([ \t]{0,100})(?:\?{1,2}[\w.%]+|[\w.%]+\?{1,2}|(?:pip3?|conda|mamba|uv|apt|apt-get|cd|ls|mkdir|wget|curl|git)[ \t]+[^=(\s].*)[ \t]*;?$"
)
PROMPTS = (re.compile(r"^(?:>>>|\.\.\.)(?: |$)"), re.compile(r"^(?:In \[\d{1,9}\]: |[ ]{2,12}\.{3,}: ?)"))


@functools.lru_cache(maxsize=4096)
def parse(source):
    """The syntax tree, or None if this is not Python."""
    if len(source) > MAX_PARSED:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def statements(body):
    """Top-level statements, with those inside top-level if, try and with."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            for block in ("body", "orelse", "finalbody"):
                yield from statements(getattr(node, block, []))
            for handler in getattr(node, "handlers", []):
                yield from statements(handler.body)


def bound_by(node):
    """The names that one statement defines: function, class or assignment (imports define nothing of their own)."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set()


def touched_by(node, changes=True):
    """The names that one statement binds, deletes or, with `changes`, changes in any way that its syntax shows.

    That is more than defining: imports, loops, `with`, `del`; as changes `A.b = c`, `A[b] = c`, `setattr(A, ...)`, `A.append(b)`.
    """
    found, left = set(), [node]
    while left:
        n = left.pop()
        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(n.name)
            continue  # what is bound inside is not bound here
        if isinstance(n, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            continue
        if isinstance(n, (ast.Import, ast.ImportFrom)):
            found |= {(a.asname or a.name).split(".")[0] for a in n.names}
        elif isinstance(n, (ast.Name, ast.Attribute, ast.Subscript)) and not isinstance(n.ctx, ast.Load):
            found |= root(n) if changes or isinstance(n, ast.Name) else set()
        elif isinstance(n, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            found |= {n.name} - {None}
        elif changes and isinstance(n, ast.Expr) and isinstance(n.value, ast.Call):
            call = n.value
            if isinstance(call.func, ast.Attribute):
                found |= root(call.func)
            elif isinstance(call.func, ast.Name) and call.func.id in ("setattr", "delattr"):
                found |= set().union(*map(root, call.args[:1]))
        left += ast.iter_child_nodes(n)
    return found


def root(node):
    """{a} for the expression a, a.b, a[b], a().b; else nothing."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def touched(source):
    """The names that a piece of code binds, deletes or changes at its top level; none if it does not parse."""
    return frozenset().union(*map(touched_by, getattr(parse(source), "body", [])))


def defined(source):
    """The names that a piece of code defines at its top level; of text with a syntax error, those after def and class."""
    tree = parse(source)
    if tree is None:
        return frozenset(re.findall(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", source[:MAX_PARSED], re.MULTILINE))
    return frozenset().union(*(bound_by(n) for n in statements(tree.body)))


def docstrings(source):
    """The docstrings of the functions and classes at the top level."""
    nodes = [n for n in getattr(parse(source), "body", []) if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    return {ast.get_docstring(n) for n in nodes} - {None}


def segments(source):
    """The top-level statements of code that parses, as (node, its lines with decorators and a comment at its end)."""
    lines = source.split("\n")
    for node in parse(source).body:
        first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
        yield node, "\n".join(lines[first - 1 : node.end_lineno])


def without(source, names):
    """Code without the top-level statements that touch any of `names`; unchanged if there are none or it does not parse."""
    if parse(source) is None or not touched(source) & names:
        return source
    kept = [text for node, text in segments(source) if not touched_by(node) & names]
    return "\n\n\n".join(kept)


def gaps(source, names):
    """The functions in the definitions of `names` that hold nothing but a docstring and a placeholder; '' for a bare raise."""
    found = {"" for node in getattr(parse(source), "body", []) if isinstance(node, ast.Raise) and is_placeholder(node)}
    for node in statements(getattr(parse(source), "body", [])):
        for f in ast.walk(node) if bound_by(node) & names else ():
            if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef)) and all(map(is_placeholder, f.body)):
                found.add(f.name)
    return found


def is_placeholder(node):
    if isinstance(node, ast.Raise):
        return any(isinstance(n, ast.Name) and n.id == "NotImplementedError" for n in ast.walk(node))
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def only_comments(source):
    return all(not line.strip() or line.lstrip().startswith(("#", "%%")) for line in source.split("\n"))


def plain(source):
    """Notebook code as plain Python: magics and shell lines out, `%time f()` as `f()`. Unchanged if that does not help."""
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
    """Every line of IPython's own syntax as Python; None for a cell that is not Python as a whole (%%bash).

    All lines that look like it are replaced at once, and those that turn out to lie inside a text are put back, so that the
    time grows with the length alone.
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
            i += 1  # a shell line that goes on
            plain_line = made[i] = ""
        i += 1
    tree = parse("\n".join(made))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno > node.lineno:
            made[node.lineno : node.end_lineno] = lines[node.lineno : node.end_lineno]
    return "\n".join(made)


def _plain_line(line):
    """One line as Python; unchanged if it is none of IPython's."""
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
