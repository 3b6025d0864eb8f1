"""Adds a student's wrong answer to the bank of known answers (autograder/bank).

    python -m autograder bank add 4.1 --group 3f2a9c1b --name halved --mistake "…"

This adds an answer to exercise 4.1. The answer is taken from a student in group 3f2a9c1b, a group of students whose answers gave
the same wrong values (see `wrong_clusters`).

The answer first runs in the sandbox, like any student's code. It is added only if a test of the exercise's check catches it on
the published inputs and on all other inputs that are tried, and if no answer in the bank gives the same values. The commands `pin`
and `prove` run the answers in the bank outside the sandbox. An answer is therefore refused if it does something that no answer
needs, such as opening a file.
"""

import ast
import re

from autograder.grade.judge import expected_for
from autograder.places import BANK
from autograder.proof.bank import entries
from autograder.proof.prove import SEEDS
from autograder.repair.syntax import defined
from autograder.sandbox.pool import Pool
from autograder.sandbox.wire import unpack
from dpr_course.checks import CHECKS, PUBLISHED_SEED, load_expected
from dpr_course.checks.compare import TOLERANCE, difference, same

MODULES = set(
    "torch numpy math re string functools itertools collections random copy heapq bisect operator statistics unicodedata typing "
    "previous transformers".split()
)
REFUSED = {"open", "exec", "eval", "compile", "input", "globals", "locals", "vars", "breakpoint", "getattr", "setattr", "delattr"}
INSIDE = {
    "__init__",
    "__call__",
    "__len__",
    "__getitem__",
    "__iter__",
}  # allowed names with leading double underscores, which a class may need
METHODS = {
    "load",
    "save",
    "hub",
    "fromfile",
    "tofile",
    "loadtxt",
    "savetxt",
    "memmap",
    "system",
    "popen",
    "ctypeslib",
    "load_library",
}


class BankError(ValueError):
    """Raised if the answer is not added to the bank. The message says why and what to do."""


def why_unsafe(code):
    """Return a few words that name something in `code` that no answer needs, such as "it imports os", or "" if there is nothing.

    Raises SyntaxError or ValueError if `code` is not Python.
    """
    tree, fine = ast.parse(code), set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if left := [n for n in names if n.split(".")[0] not in MODULES]:
                return f"it imports {left[0] or 'from its own folder'}"
            if taken := [a.name for a in node.names if not METHODS.isdisjoint(a.name.split("."))]:
                return f"it imports {taken[0]}"
        name, method = getattr(node, "id", ""), getattr(node, "attr", "")
        if attribute := _named_attribute(node):
            method = attribute
            fine.add(node.func)
        hidden = [n for n in (name, method, getattr(node, "name", None)) if n and n.startswith("__") and n not in INSIDE]
        if name in REFUSED and node not in fine or method in METHODS or hidden:
            return f"it uses {(hidden or [name or method])[0]}"
    return ""


def _named_attribute(node):
    """Return the name of the attribute in a call of getattr: "load" for getattr(x, "load").

    `node` is a node of a syntax tree. Return "" if `node` is not a call of getattr, or if the name is not a string in the code.
    """
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr" and len(node.args) > 1:
        return node.args[1].value if isinstance(getattr(node.args[1], "value", None), str) else ""
    return ""


def observations(exercise, codes):
    """Run several answers to an exercise in the sandbox. Return a list with one dictionary {seed: observation} per answer.

    codes: the source texts of the answers. Each answer runs once for each random seed in SEEDS, on the inputs drawn with this
    seed. An observation is a dictionary of the values that the check compares. Raises BankError if an answer cannot be run.
    """
    found, others = [], SEEDS[1:]
    if not codes:
        return found
    with Pool() as pool:
        for code in codes:
            outcome = pool.run(exercise, code, (), others)
            if outcome["status"] != "ran":
                raise BankError(f"the answer could not be run ({outcome['status']}): {outcome['reason']}")
            seen = [outcome["visible"], *outcome["hidden"]]
            found.append({seed: unpack(o) for seed, o in zip((PUBLISHED_SEED, *others), seen)})
    return found


def caught_by(exercise, seen):
    """Return the names of the tests that an answer fails on the inputs of every seed, by more than ten times the tolerance.

    seen: {seed: observation}, as `observations` returns it for the answer.
    """
    found = []
    wanted = {seed: load_expected(exercise)[0] if seed == PUBLISHED_SEED else expected_for(exercise, seed) for seed in seen}
    for test in CHECKS[exercise].tests:
        if all(any(difference(o, wanted[s], k, 10 * TOLERANCE) for k in test.keys) for s, o in seen.items()):
            found.append(test.name)
    return found


def already_there(exercise, seen, bank=BANK):
    """Return the name of a wrong answer in the bank with the same values as a new answer on the published inputs, or "".

    seen: {seed: observation}, as `observations` returns it for the new answer.
    """
    reference, pinned = load_expected(exercise)
    known = {m["name"]: m["observation"] for m in pinned}
    fresh = [e for e in entries(exercise, bank) if not e.right and e.name not in known]
    known |= {e.name: o[PUBLISHED_SEED] for e, o in zip(fresh, observations(exercise, [e.code for e in fresh]))}
    return next((name for name, o in known.items() if all(same(seen[PUBLISHED_SEED], o, key) for key in reference)), "")


def add(exercise, name, mistake, code, test=None, bank=BANK):
    """Run the answer `code` and write it to `bank`/<exercise>/wrong_<name>.py. Return (path, name of the test that catches it).

    mistake: the rest of the sentence for students that begins with "This is what you get if"; test: the test that the file names
    as the one that catches the answer, by default the first that does. Raises BankError, and writes nothing, if the answer is
    refused.
    """
    check, path = CHECKS[exercise], bank / exercise / f"wrong_{name}.py"
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,50}", name):
        raise BankError(
            f"--name {name!r}: it becomes the name of a file, so use lower-case letters, digits and underscores, like scores_halved"
        )
    if path.exists():
        raise BankError(f"{path.name} is already in the bank of {check.number}: choose another name")
    mistake = mistake.strip().removeprefix("This is what you get if ")
    if not re.fullmatch(r"[^\n\r]{10,200}\.", mistake):
        raise BankError('--mistake: write one sentence that goes on after "This is what you get if" and ends with a full stop')
    try:
        unsafe = why_unsafe(code)
    except (SyntaxError, ValueError) as e:
        raise BankError(f"the answer is not Python: {e}") from None
    if unsafe:
        raise BankError(
            f"nothing was written: {unsafe}, and the bank is run outside the sandbox. Write a plainer answer into a file and give it "
            "with --cell FILE"
        )
    if missing := set(check.names) - defined(code):
        raise BankError(f"the answer does not define {', '.join(sorted(missing))}")
    (seen,) = observations(exercise, [code])
    tests = caught_by(exercise, seen)
    if not tests:
        raise BankError(
            f"no test of {check.number} tells this answer from a right one on all inputs, by ten tolerances: if it is wrong, the check "
            "has to be improved first (dpr_course/checks)"
        )
    if test and test not in tests:
        raise BankError(f"--caught-by {test!r} does not catch it on all inputs; these do: {', '.join(tests)}")
    if there := already_there(exercise, seen, bank):
        raise BankError(f"the bank of {check.number} has an answer with the same values already: wrong_{there}.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# mistake: {mistake}\n# caught by: {test or tests[0]}\n{code.strip()}\n", encoding="utf-8")
    return path, test or tests[0]
