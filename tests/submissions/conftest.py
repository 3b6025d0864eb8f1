"""The fixture of the tests of submissions: a function that finds the submissions in a folder or zip."""

import pytest

from autograder.submissions.find import find_submissions


@pytest.fixture
def look(tmp_path):
    def look(source):
        return find_submissions(source, tmp_path / "scratch")

    return look
