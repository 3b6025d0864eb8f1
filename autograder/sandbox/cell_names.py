"""Defines the names that exist before an exercise's cell runs: those of previous.py and of the notebook's cells above the exercise."""

import ast
import sys
import types

from autograder.repair.statements import run_definitions


def namespace_of(message):
    """Return the namespace in which the exercise's cell runs, and make previous.py importable as the module `previous`.

    The namespace holds what the imports, definitions and assignments in the cells above the exercise define. `message` is
    {"previous": source of previous.py or "", "sources": list of the sources of these cells}.
    """
    namespace = {"__name__": "__main__", "display": lambda *a, **k: None, "get_ipython": lambda: None}
    if message["previous"]:
        module = types.ModuleType("previous")
        sys.modules["previous"] = module
        exec(compile(message["previous"], "previous.py", "exec"), module.__dict__)
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)
    for i, source in enumerate(message["sources"], 1):
        run_definitions(source, f"cell {i}", namespace, lambda node: isinstance(node, kinds))
    return namespace
