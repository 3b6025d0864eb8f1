"""Keeps answers from calling finished solutions: while a check runs, only the package's helpers can be called.

The package holds finished versions of much that students write: losses, a gradient cache, search, accuracies. Helpers are the
functions that exercises may use. While a check runs an answer (a student's code), the code of every other function of the
package is replaced by code that raises ShippedAnswer. So the function raises it however the answer reaches the function:
imported under another name, wrapped, inherited, passed as an argument, or imported in the middle of the answer. The functions
in `previous.py` that the exercise asks for raise it too.

Copied source text is not detected. A person who reads the answer must judge it.
"""

import contextlib
import functools
import sys
import threading
import types
import warnings
from importlib.machinery import PathFinder

PACKAGE = "dpr_course"
HELPERS = set(
    "bands bm25 candidates data embed encoders errors files plots records results runtime encoder_checks text track worked_example pipeline pipeline.arrays pipeline.patterns pipeline.plots".split()
)
HANDED = {
    "pipeline.large_batch.split_batch",
    "pipeline.large_batch.encode",
    "pipeline.distributed.simulate",
}  # helpers in modules that also hold finished solutions
SHIPPED = "The course's own "  # how the message of ShippedAnswer begins
ONE_AT_A_TIME = threading.RLock()  # if two gates overlapped, the code of functions would be restored in the wrong order


class ShippedAnswer(Exception):
    """Raised if an answer uses a finished solution of the package or of previous.py, or starts a program."""


def refuse():
    """Raise ShippedAnswer, which names the caller of `refuse`: a finished solution whose code `refusing` has replaced."""
    frame = sys._getframe(1)
    name, module = frame.f_code.co_qualname, frame.f_globals.get("__name__", "")
    raise ShippedAnswer(
        f"{SHIPPED}{name} (in {module}) is called. A finished version is no answer: write the exercise yourself, with torch, "
        "NumPy and the helpers that its text names."
    )


@functools.cache
def refusing(code, name):
    """Return a code object that calls `refuse`, to replace `code`, the code object of the function `name`.

    The new code has the closure variables of `code`, because Python accepts a new code for a function only if it has as many.
    """
    free = ", ".join(code.co_freevars)
    body = f"def outer({free}):\n def inner(*_, **__):\n  ({free})\n  from {__name__} import refuse\n  refuse()\n return inner"
    namespace = {}
    exec(body, namespace)
    inner = next(c for c in namespace["outer"].__code__.co_consts if isinstance(c, types.CodeType))
    return inner.replace(co_name=code.co_name, co_qualname=name)


def is_helper(module):
    """Return whether an answer may call everything in the module named `module`.

    It may if the module is dpr_course itself, one of HELPERS, or a module of dpr_course.checks other than checks.expected.
    """
    name = module.removeprefix(f"{PACKAGE}.")
    return module == PACKAGE or name in HELPERS or (name.partition(".")[0] == "checks" and name != "checks.expected")


def functions(holder, module):
    """Yield the functions in `holder`, a module or class, that were defined in the module named `module`.

    Methods of classes, and the functions behind properties, are included.
    """
    for value in list(vars(holder).values()):
        value = getattr(value, "__func__", getattr(value, "fget", None) or value)  # static and class methods, properties
        value = getattr(value, "__wrapped__", value)  # the function inside a decorator such as functools.cache
        if getattr(value, "__module__", None) != module:
            continue
        if isinstance(value, types.FunctionType):
            yield value
        elif isinstance(value, type) and value is not holder:
            yield from functions(value, module)


class Gate:
    """A context manager in whose block all functions of the package, except for the helpers, raise ShippedAnswer.

    This holds in all threads, and also for modules that are first imported in the block. `names` are the functions and
    classes that the exercise asks for: their versions in previous.py raise ShippedAnswer too.
    """

    def __init__(self, names=()):
        self.names, self.codes = names, []

    def __enter__(self):
        ONE_AT_A_TIME.acquire()
        for name, module in list(sys.modules.items()):
            if name.startswith(f"{PACKAGE}.") and not is_helper(name):
                self.close(functions(module, name))
        previous = sys.modules.get("previous")
        for name in self.names:
            value = getattr(previous, name, None)
            if getattr(value, "__module__", None) == "previous":
                self.close([value] if isinstance(value, types.FunctionType) else functions(value, "previous"))
        sys.meta_path.insert(0, self)

    def __exit__(self, *_):
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)
        for function, code in reversed(self.codes):
            _exchange(function, code)
        ONE_AT_A_TIME.release()

    def close(self, found):
        for f in found:
            if f"{f.__module__}.{f.__qualname__}".removeprefix(f"{PACKAGE}.") not in HANDED:
                self.codes.append((f, f.__code__))
                _exchange(f, refusing(f.__code__, f.__qualname__))

    def find_spec(self, name, path=None, target=None):
        """Find a module for Python's import system, which calls this method because the Gate is in sys.meta_path.

        If the module belongs to the package and is no helper, its functions raise ShippedAnswer as soon as it is loaded. Return
        None for any other module, which Python then finds in the usual way.
        """
        if not name.startswith(f"{PACKAGE}.") or is_helper(name):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            loader = spec.loader

            def execute(module):
                type(loader).exec_module(loader, module)
                self.close(functions(module, name))

            loader.exec_module = execute
        return spec


def _exchange(function, code):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.13 warns where a generator becomes a plain function
        function.__code__ = code


def guarded(observe):
    """Decorate a check's method `observe`, so that it runs in the block of a Gate."""

    @functools.wraps(observe)
    def wrapped(self, objects, seed):
        with Gate(self.names):
            return observe(self, objects, seed)

    return wrapped
