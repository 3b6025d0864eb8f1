"""What a piece of notebook code says, read by its syntax tree and never run.

A cell may not be Python at all; these functions never raise.
"""

import ast
import functools
import re
import warnings

from dpr_course.carry import source_of

MAX_PARSED = 50_000  # characters; no answer comes near it, and larger trees cost time and memory


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
    for node in parse(source).body:
        yield node, source_of(node, source)


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
