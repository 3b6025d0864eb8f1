"""What a piece of notebook code says, read by its syntax tree and never run.

A notebook cell may hold IPython's own syntax (`%time`, `!pip`) or not be Python at all; these functions never raise.
"""

import ast
import functools
import re
import textwrap
import warnings

MAX_PARSED = 50_000  # characters; no answer comes near it, and larger trees cost time and memory
MAX_MAGICS = 50  # IPython reads the cell anew for each
TRANSPARENT = ("time", "timeit", "capture", "prun")  # cell magics that run the cell as Python
CALL = re.compile(r"^([ \t]{0,100})(\S.*?=\s*)?get_ipython\(\)\.(\w+)\((.*)\)\s*;?\s*$")


@functools.lru_cache(maxsize=4096)
def parse(source):
    """The syntax tree, or None if this is not Python."""
    if len(source) > MAX_PARSED:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
            ast.dump(tree)  # too deeply nested? Then say so here.
            return tree
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
    """Code without the top-level statements that define any of `names`; unchanged if there are none or it does not parse."""
    if parse(source) is None or not defined(source) & names:
        return source
    kept = [text for node, text in segments(source) if not bound_by(node) & names]
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
        return "NotImplementedError" in ast.dump(node)
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
    from IPython.core.inputtransformer2 import TransformerManager

    lines = source.split("\n")
    if sum(line.lstrip().startswith(("%", "!", "?")) or line.rstrip().endswith("?") for line in lines) > MAX_MAGICS:
        return None
    first = next((i for i, line in enumerate(lines) if not only_comments(line) or line.lstrip().startswith("%%")), 0)
    if re.match(rf"%%({'|'.join(TRANSPARENT)})\b", lines[first]):
        del lines[first]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            transformed = TransformerManager().transform_cell("\n".join(lines))
    except Exception:  # IPython's own tokenizer gives up in many ways on what is not Python
        return None
    if transformed.startswith("get_ipython().run_cell_magic("):
        return None  # the cell is not Python: %%bash, %%html
    made = [_plain_line(line) for line in transformed.rstrip("\n").split("\n")]
    return "\n".join(made)


def _plain_line(line):
    found = CALL.match(line) if "get_ipython()." in line else None
    if not found:
        return line
    indent, target, method, arguments = found.groups()
    try:
        arguments = ast.literal_eval(f"({arguments},)")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        arguments = ()
    if method == "run_line_magic" and len(arguments) == 2 and arguments[0] == "time":
        return f"{indent}{target or ''}{arguments[1]}"
    return f"{indent}{target}None" if target else f"{indent}pass"
