"""Makes mutants of a reference answer: copies with one small change each (mutation analysis, DeMillo et al. 1978).

If a check gives a mutant full marks, the check is too weak or the change makes no difference. The changes imitate mistakes that
people make in code with arrays: the wrong axis, a missing transpose or mask, a sum in place of a mean, an index that is off by one,
two arguments in the wrong order, questions in place of passages.
"""

import ast
import re
from dataclasses import dataclass

# Pairs of names that people confuse: variables, attributes, functions, words in strings.
PAIRS = """
Q P, Q_mask P_mask, X Y, query_encoder passage_encoder, question text, title text, id title, gold_context hard_negative,
gold_id gold_title, topk_ids topk_titles, topk_indices topk_values, lr weight_decay, question_ids passage_ids,
mean sum, max min, argmax argmin, any all, softmax log_softmax, startswith endswith, zeros ones, zeros_like ones_like,
append extend, keys values, ids mask, floor ceil, exp log, unsqueeze squeeze, eq ne, cumsum cumprod, input_ids attention_mask
"""
TWIN = {a: b for pair in PAIRS.replace("\n", " ").split(",") for a, b in (pair.split(), pair.split()[::-1])}
# Methods of which a mutant may leave out the call: `x.method(...)` becomes `x`.
DROPPED = set("t transpose permute detach clone copy contiguous flip float long lower strip masked_fill squeeze eval train".split())
ADDED = {"topk": ("largest", False), "sort": ("descending", True), "cross_entropy": ("reduction", "sum")}
COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REVERSED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
CALCULATED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
}


@dataclass(frozen=True)
class Mutant:
    text: str  # "old statement -> new statement", the name of the mutant
    code: str


def mutants(source):
    """Return a list of all different Mutants of `source`, each with one change between BEGIN SOLUTION and END SOLUTION."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen, texts, found = {original}, {}, []
    for parent, field, index, node, statement in list(_places(tree, _solution_lines(source))):
        before = _head(statement)
        for new in _replacements(node):
            _put(parent, field, index, new)
            code, after = ast.unparse(tree), _head(new if node is statement else statement)
            _put(parent, field, index, node)
            if code in seen:
                continue
            seen.add(code)
            text = f"{before} -> {after}"
            texts[text] = texts.get(text, 0) + 1  # the same statement may be in two places
            found.append(Mutant(text if texts[text] == 1 else f"{text} ({texts[text]})", code))
    return found


def _solution_lines(source):
    lines, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        if "### BEGIN SOLUTION" in line or "### END SOLUTION" in line:
            inside = "BEGIN" in line
        elif inside:
            lines.add(number)
    return lines


def _places(node, lines, statement=None):
    """Yield (parent, field, index, child, statement) for each AST node `child` below `node` whose statement begins in `lines`.

    `lines` is a set of line numbers. `child` is the value of the field `field` of `parent`, and `index` is None. If this value is
    a list, `child` is the element at `index` instead. `statement` is the innermost statement that contains `child`; it is `child`
    itself if `child` is a statement.
    """
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                inner = child if isinstance(child, ast.stmt) else statement
                if inner is not None and inner.lineno in lines:
                    yield node, field, index, child, inner
                yield from _places(child, lines, inner)


def _put(parent, field, index, node):
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _head(statement):
    """Return the first line of a statement."""
    return ast.unparse(ast.fix_missing_locations(statement)).splitlines()[0]


def _with(node, **fields):
    """Return a copy of the AST node `node` in which `fields` have new values."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _swapped(items):
    """Return a list of copies of the list `items`, one for each pair of neighbours, with these two elements exchanged."""
    return [[*items[:i], items[i + 1], items[i], *items[i + 2 :]] for i in range(len(items) - 1)]


def _without(items):
    return [[*items[:i], *items[i + 1 :]] for i in range(len(items))]


def _negated(test):
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)


def _detached(node):
    return ast.Call(ast.Attribute(node, "detach", ast.Load()), [], [])


def _replacements(node):
    """Yield the AST nodes that may replace `node`, one for each mutant."""
    if isinstance(node, ast.stmt) and not isinstance(node, ast.Pass):
        yield ast.Pass()
    for changed in (_words, _conditions, _arithmetic, _calls):
        yield from changed(node)


def _words(node):
    """Yield replacements of a constant or a name: other values, or the name that is often mistaken for it (see PAIRS)."""
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=str(value)):
            yield from (ast.Constant(value.replace(w, TWIN[w], 1)) for w in re.findall(r"\w+", value) if w in TWIN)
        case ast.Name(id=name, ctx=ast.Load()) if name in TWIN:
            yield ast.Name(TWIN[name], ast.Load())
        case ast.Attribute(attr="T", value=value):
            yield value
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in TWIN:
            yield _with(node, attr=TWIN[name])


def _conditions(node):
    """Yield replacements of a comparison, condition or branch: other operators, negations, branches exchanged or left out."""
    match node:
        case ast.Compare(ops=[op], left=left, comparators=[right]):
            yield from (_with(node, ops=[table[type(op)]()]) for table in (COMPARED, REVERSED) if type(op) in table)
            if isinstance(op, (ast.In, ast.NotIn)):
                yield _with(node, left=right, comparators=[left])
        case ast.BoolOp(op=op, values=values):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            yield from (_with(node, values=rest) if len(rest) > 1 else rest[0] for rest in _without(values))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (_with(node, body=orelse, orelse=body), body, orelse)
        case ast.comprehension(ifs=ifs) if ifs:
            yield from (_with(node, ifs=rest) for rest in _without(ifs))
            yield _with(node, ifs=[_negated(ifs[0]), *ifs[1:]])
        case ast.If(test=test) | ast.While(test=test):
            yield _with(node, test=_negated(test))
        case ast.Break():
            yield ast.Continue()


def _arithmetic(node):
    """Yield replacements of an arithmetic expression: other operators, the operands exchanged, one operand alone."""
    match node:
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) in CALCULATED:
                yield _with(node, op=CALCULATED[type(op)]())
            yield from (_with(node, left=right, right=left), left, right)
            if isinstance(op, ast.MatMult):
                yield from (_with(node, left=_detached(left)), _with(node, right=_detached(right)))
        case ast.AugAssign(op=op) if type(op) in CALCULATED:
            yield _with(node, op=CALCULATED[type(op)]())


def _calls(node):
    """Yield replacements of a call, list, slice or index, in which a part is left out, added, exchanged or off by one."""
    match node:
        case ast.Tuple(elts=elements, ctx=ast.Load()) | ast.List(elts=elements, ctx=ast.Load()):
            yield from (_with(node, elts=other) for other in _swapped(elements))
        case ast.Slice(lower=lower, upper=upper):
            yield from (_with(node, **{end: None}) for end in ("lower", "upper") if getattr(node, end))
            yield _with(node, lower=upper, upper=lower)
            for end, value in (("lower", lower), ("upper", upper)):
                for op in (ast.Add(), ast.Sub()) if value else ():
                    yield _with(node, **{end: ast.BinOp(value, op, ast.Constant(1))})
        case ast.Subscript(value=value, ctx=ast.Load()):
            yield value
        case ast.Call(func=function, args=args, keywords=keywords):
            yield from (_with(node, keywords=rest) for rest in _without(keywords))
            yield from (_with(node, args=other) for other in _swapped(args))
            if len(args) > 1:
                yield _with(node, args=args[:-1])
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if isinstance(function, ast.Attribute) and name in DROPPED:
                yield function.value
            if name in ("min", "max", "sorted", "list", "set", "int", "float") and isinstance(function, ast.Name):
                yield from args[:2]
            if name in ADDED and ADDED[name][0] not in {k.arg for k in keywords}:
                yield _with(node, keywords=[*keywords, ast.keyword(ADDED[name][0], ast.Constant(ADDED[name][1]))])
