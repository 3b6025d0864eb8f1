"""The names that an exercise's cell finds: those of previous.py and of the cells before it."""

import ast
import sys
import types

from autograder.repair.statements import run_definitions


def namespace_of(message):
    """Names that the exercise's cell finds: previous.py as a module, then imports, definitions and assignments before it."""
    namespace = {"__name__": "__main__", "display": lambda *a, **k: None, "get_ipython": lambda: None}
    if message["previous"]:
        module = types.ModuleType("previous")
        sys.modules["previous"] = module
        exec(compile(message["previous"], "previous.py", "exec"), module.__dict__)
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)
    for i, source in enumerate(message["sources"], 1):
        run_definitions(source, f"cell {i}", namespace, lambda node: isinstance(node, kinds))
    return namespace
