"""Finds which names a piece of code defines or changes and which functions it leaves unsolved, from its syntax tree.

No code is run. The functions never raise an error, even for a cell that is not Python.
"""

import ast
import functools
import re
import warnings

from dpr_course.own_code import segments

MAX_PARSED = 50_000  # maximum characters of code that is parsed; answers are far shorter, and large trees cost time and memory


@functools.lru_cache(maxsize=4096)
def parse(source):
    """Return the syntax tree of `source`, or None if `source` is not Python or is longer than MAX_PARSED."""
    if len(source) > MAX_PARSED:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def statements(body):
    """Yield the statements of `body`, a list of AST nodes, including those that are nested inside an if, a try or a with."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            for block in ("body", "orelse", "finalbody"):
                yield from statements(getattr(node, block, []))
            for handler in getattr(node, "handlers", []):
                yield from statements(handler.body)


def bound_by(node):
    """Return the set of names that a statement defines by `def`, `class` or assignment. Imports are not counted."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set()


def touched_by(node, changes=True):
    """Return the set of names that a statement binds or deletes. If `changes` is true, add the names whose objects it changes.
    Names are bound or deleted by definitions, assignments, imports, loops, `with` and `del`. `A.b = c`, `A[b] = c`,
    `setattr(A, ...)` and a call such as `A.append(b)` count as changes of A.
    """
    found, left = set(), [node]
    while left:
        n = left.pop()
        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(n.name)
            continue  # names bound inside a function or class are not bound here
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
    """Return a set with the name that an expression begins with: {"a"} for a, a.b, a[b] and a().b. It is empty if there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def touched(source):
    """Return the set of names that a piece of code binds, deletes or changes at its top level.

    If the code does not parse, the set is empty.
    """
    return frozenset().union(*map(touched_by, getattr(parse(source), "body", [])))


def defined(source):
    """Return the set of names that a piece of code defines at its top level.

    If the code does not parse, return the names that follow `def` and `class` anywhere in the text.
    """
    tree = parse(source)
    if tree is None:
        return frozenset(re.findall(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", source[:MAX_PARSED], re.MULTILINE))
    return frozenset().union(*(bound_by(n) for n in statements(tree.body)))


def docstrings(source):
    """Return the set of the docstrings of the top-level functions and classes in `source`."""
    nodes = [n for n in getattr(parse(source), "body", []) if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    return {ast.get_docstring(n) for n in nodes} - {None}


def without(source, names):
    """Return `source` without the top-level statements that bind, delete or change any of `names` (see `touched_by`).

    If `source` has no such statement, or does not parse, it is returned unchanged.
    """
    if parse(source) is None or not touched(source) & names:
        return source
    kept = [text for node, text in segments(source, parse(source)) if not touched_by(node) & names]
    return "\n\n\n".join(kept)


def gaps(source, names):
    """Return the names of unsolved functions in `source`, as a set. Only the definitions of the names in `names` are searched.

    A function is unsolved if its body is only a docstring and a placeholder such as `pass`, or begins with `raise
    NotImplementedError`. Code below the `raise` does not matter: the notebooks with most help give the steps of the answer there.
    The returned set also contains "" if a top-level statement of `source` is `raise NotImplementedError`. `names` is a set.
    """
    found = {"" for node in getattr(parse(source), "body", []) if isinstance(node, ast.Raise) and is_placeholder(node)}
    for node in statements(getattr(parse(source), "body", [])):
        for f in ast.walk(node) if bound_by(node) & names else ():
            if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef)) and (all(map(is_placeholder, f.body)) or _stops_at_once(f)):
                found.add(f.name)
    return found


def _stops_at_once(function):
    """Return whether the first statement of a function, after its docstring, raises NotImplementedError."""
    first = next((n for n in function.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))), None)
    return isinstance(first, ast.Raise) and is_placeholder(first)


def is_placeholder(node):
    if isinstance(node, ast.Raise):
        return any(isinstance(n, ast.Name) and n.id == "NotImplementedError" for n in ast.walk(node))
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def only_comments(source):
    return all(not line.strip() or line.lstrip().startswith(("#", "%%")) for line in source.split("\n"))
