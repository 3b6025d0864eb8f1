"""Measures of the code's architecture: imports, lengths of files and functions, and what is missing in maps and README.

`python tests/house.py` prints the measures, and tests/commands/test_house.py compares them with the rules. A "room" is a folder
or single module of a package. The "map" of a package is the list of its files in the docstring of its `__init__`.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("dpr_course", "autograder")
# Rooms of the package autograder, lowest first: a file may import from its own room and from those before it.
ROOMS = (
    "places wilson plain kernels nbgrader_settings nbgrader_config stages repair sandbox submissions proof grade authoring bench marks lms audit "
    "nbgrader_export course slides commands __main__"
).split()
BEHIND = (
    "pipeline",
    "reader",
    "page",
    "diagnose",
    "milestones",
    "commands",
    "cli",
)  # rooms that the core of dpr_course never imports; each may import from those before it
LONGEST_FILE, LONGEST_FUNCTION, LARGEST_CORE = 250, 60, 1500


def sources():
    """Return {module name: path} for all modules of dpr_course and autograder, except the bank, whose files are answers."""
    paths = [p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if not {"bank", "term"} & set(p.parts)]
    names = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in paths}
    return dict(sorted(names.items()))


def imports(path, modules):
    """Return the set of those `modules` that the file `path` imports, including imports inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names} & modules.keys()
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in PACKAGES:
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                found.add(inner if inner in modules else node.module)
    return found


def graph():
    """Return {module: the set of our modules that it imports}. The name of a package stands for its `__init__`."""
    modules = sources()
    return {name: imports(path, modules) - {name} for name, path in modules.items()}


def circle(edges):
    """Return one circle of imports as a list of modules whose first and last module are the same, or [] if there is none."""
    done, path = set(), []

    def walk(name):
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        path.append(name)
        for other in sorted(edges.get(name, ())):
            if found := walk(other):
                return found
        path.pop()
        done.add(name)
        return []

    for name in edges:
        if found := walk(name):
            return found
    return []


def room(module):
    """Return the room of a module, the second part of its dotted name. A name with one part is its own room."""
    return module.split(".")[1] if "." in module else module


def wrong_arrows(edges):
    """Return the imports that the order of the rooms forbids, as "importer -> imported"."""
    found = []
    for name, others in edges.items():
        for other in others:
            if name.startswith("autograder.") and other.startswith("autograder."):
                wrong = ROOMS.index(room(other)) > ROOMS.index(room(name))
            elif name.startswith("dpr_course"):
                ranks = [BEHIND.index(r) if (r := room(n)) in BEHIND else -1 for n in (other, name)]
                wrong = other.startswith("autograder") or (
                    ranks[0] > ranks[1] and room(name) != "checks" and room(name) != "__main__"
                )
            else:
                wrong = False
            if wrong:
                found.append(f"{name} -> {other}")
    return found


def core():
    """Return {module: number of its lines that are not blank} of the core of dpr_course.

    The core is what the notebooks of stages 00 to 06 import, and what those modules import in turn. The checks are left out,
    and so is dpr_course.page, which the last cells of stages 04 and 05 show.
    """
    modules, edges = sources(), graph()
    code = "\n".join(
        line.removeprefix("# ") if line.startswith("# from") else line
        for p in sorted((ROOT / "solutions").glob("0[0-6]_*.py"))
        for line in p.read_text(encoding="utf-8").splitlines()
    )
    wanted = set(re.findall(r"from (dpr_course[\w.]*) import", code)) - {"dpr_course.page"}
    reached, left = set(), sorted(wanted & modules.keys())
    while left:
        name = left.pop()
        if name not in reached:
            reached.add(name)
            left += [m for m in edges[name] if not m.startswith("dpr_course.checks")]
    own = {m for m in reached if not m.startswith("dpr_course.checks") and m != "dpr_course"}
    return {m: sum(bool(line.strip()) for line in modules[m].read_text(encoding="utf-8").splitlines()) for m in sorted(own)}


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def long_files(most=LONGEST_FILE):
    """Return {path: lines} of files with more than `most` lines, in the packages, data_scripts/ and tests/."""
    paths = [*sources().values(), *(ROOT / "data_scripts").glob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return {str(p.relative_to(ROOT)): n for p in paths if (n := lines(p)) > most}


def long_functions(most=LONGEST_FUNCTION):
    """Return {"module.function": lines} of functions in the packages with more than `most` lines."""
    found = {}
    for name, path in sources().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno - node.lineno + 1 > most:
                found[f"{name}.{node.name}"] = node.end_lineno - node.lineno + 1
    return found


def unmapped():
    """Return the errors in the packages' maps, as texts.

    "PACKAGE: NAME has no line" means that the map lacks this file or folder, and "PACKAGE: NAME is not there" that the map names
    one that does not exist.
    """
    found = []
    for name, path in sources().items():
        if path.name == "__init__.py":
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=False) or ""
            named = {n.rstrip("/") for n in re.findall(r"^(?: {4})?(\w+/?) {2,}", text, re.MULTILINE)}
            files = {p.stem for p in path.parent.glob("*.py")} - {"__init__", "__main__"}
            folders = {p.parent.name for p in path.parent.glob("*/__init__.py")}
            found += [f"{name}: {n} has no line" for n in sorted((files | folders) - named)]
            found += [f"{name}: {n} is not there" for n in sorted(named - files - folders)]
    return found


def undocumented_variables():
    """Return the environment variables DPR_* that the code uses and that are missing from the table in the README."""
    used = set()
    for path in [*sources().values(), *(ROOT / "solutions").glob("*.py"), *(ROOT / "data_scripts").glob("*.py"), ROOT / "start.py"]:
        used |= set(re.findall(r"\bDPR_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    table = re.findall(r"^\| `(DPR_[A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    return sorted(used - set(table))


def missing_modules():
    """Return "path: name" for each dotted name of our packages that occurs in a text, but names no module of ours.

    The texts are code, configuration and commands. A module's name may be followed by a word of its text (a function).
    """
    modules, found = sources(), []
    files = [*sources().values(), *(ROOT / "solutions").glob("*.py"), ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / "start.py"]
    pattern = re.compile(r"(?<![\w./-])((?:autograder|dpr_course)(?:\.(?!zip\b|__file__)[a-z_]+)+)(?![\w/]|\.(?:json|db|csv))")
    for path in files:
        for name in pattern.findall(path.read_text(encoding="utf-8")):
            head = name
            while head not in modules and "." in head:
                head = head.rpartition(".")[0]
            rest = name.removeprefix(head).lstrip(".").split(".")[0]
            if rest and rest not in modules[head].read_text(encoding="utf-8"):
                found.append(f"{path.relative_to(ROOT)}: {name}")
    return found


if __name__ == "__main__":
    edges, inner = graph(), core()
    print(f"modules: {len(edges)}; circle: {' -> '.join(circle(edges)) or 'none'}; wrong arrows: {wrong_arrows(edges) or 'none'}")
    print(f"core: {sum(inner.values())} lines in {len(inner)} modules: {inner}")
    print(f"files over {LONGEST_FILE}: {long_files() or 'none'}")
    print(f"functions over {LONGEST_FUNCTION}: {long_functions() or 'none'}")
    print(f"maps: {unmapped() or 'complete'}")
    print(f"variables without a line in the README: {undocumented_variables() or 'none'}")
    print(f"names that lead nowhere: {missing_modules() or 'none'}")
    sys.exit(0)
