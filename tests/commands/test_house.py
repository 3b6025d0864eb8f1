"""The code keeps the rules of its architecture, which tests/house.py measures.

Imports go in one direction and without circles, files and functions are short, and the docstring of each package names every
file.
"""

import subprocess

import house
import pytest


def test_no_circle_of_imports():
    assert house.circle(house.graph()) == []


def test_arrows_go_one_way():
    assert house.wrong_arrows(house.graph()) == []


def test_the_core_is_small_and_imports_no_pipeline():
    inner = house.core()
    assert not [name for name in inner if house.room(name) in house.BEHIND]
    assert sum(inner.values()) <= house.LARGEST_CORE, inner


def test_no_file_is_long():
    assert house.long_files() == {}


def test_no_function_is_long():
    assert house.long_functions() == {}


def test_the_maps_name_every_file_and_nothing_else():
    assert house.unmapped() == []


def test_the_root_holds_nothing_else():
    """The repository's root holds known files and folders only, and nothing that a test or command has left there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=house.ROOT, capture_output=True
    )
    if listed.returncode:
        pytest.skip("this is no checkout")
    top = {name.split("/")[0] for name in listed.stdout.decode().split("\0") if name}
    folders = {"notebooks", "dpr_course", "solutions", "autograder", "data_scripts", "tests", "findings"}
    files = {"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "AGENTS.md", "LICENSE", "Makefile", "start.py"}
    files |= {"pyproject.toml", "constraints.txt"}
    assert {name for name in top if not name.startswith(".")} - folders - files == set()


def test_every_variable_stands_in_the_readme():
    assert house.undocumented_variables() == []


def test_names_of_modules_in_strings_lead_somewhere():
    """Every module named in text (command lines, configuration, docstrings) exists. So old names of moved modules are found."""
    assert house.missing_modules() == []


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c", "b"]),
        ({"a": set(), "b": {"b"}}, ["b", "b"]),
    ],
)
def test_the_measure_finds_circles(edges, expected):
    assert house.circle(edges) == expected


def test_the_measure_finds_wrong_arrows():
    edges = {
        "autograder.repair.parts": {"autograder.grade.grade", "autograder.stages.source"},
        "dpr_course.train": {"dpr_course.pipeline.run", "dpr_course.runtime", "autograder.places"},
        "dpr_course.pipeline.run": {"dpr_course.train"},
    }
    assert house.wrong_arrows(edges) == [
        "autograder.repair.parts -> autograder.grade.grade",
        *(f"dpr_course.train -> {n}" for n in edges["dpr_course.train"] if n != "dpr_course.runtime"),
    ]
