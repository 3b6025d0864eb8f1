"""All of the course's own errors have one base class. Commands show these errors as a sentence, without a traceback."""

import argparse
import importlib
import pkgutil

import pytest

import dpr_course
from dpr_course.commands import run
from dpr_course.errors import CourseError


def test_every_error_of_the_package_about_values_is_a_course_error():
    for info in pkgutil.walk_packages(dpr_course.__path__, "dpr_course."):
        if info.name != "dpr_course.__main__":
            for value in vars(importlib.import_module(info.name)).values():
                if isinstance(value, type) and issubclass(value, ValueError) and value.__module__.startswith("dpr_course"):
                    assert issubclass(value, CourseError), value


def test_a_command_shows_the_courses_errors_as_a_sentence_and_others_with_their_trace():
    def command(error):
        def fail(_):
            raise error

        return argparse.Namespace(command="search", run=fail)

    with pytest.raises(SystemExit, match="^dpr-course search: x.npz: no such file$"):
        run(command(CourseError("x.npz: no such file")))
    with pytest.raises(ValueError, match="a mistake in the program"):
        run(command(ValueError("a mistake in the program")))
