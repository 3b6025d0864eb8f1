"""Students' ids are safe as names of files and folders on every operating system."""

import pytest
from submission_files import write

from autograder.submissions.find import distinct_ids, safe


def test_two_students_of_one_name_stay_two(tmp_path, look):
    for number in (1, 2):
        write(tmp_path / "x" / f"Ana Silva_{number}_assignsubmission_file_" / "04_in_batch_loss.ipynb")
    for name in ("a b", "a_b", "A_B"):
        write(tmp_path / "x" / name / "04_in_batch_loss.ipynb")
    students = [s.student for s in look(tmp_path / "x")[0]]
    assert students[-2:] == ["Ana_Silva-1", "Ana_Silva-2"] or {"Ana_Silva-1", "Ana_Silva-2"} <= set(students)
    assert len({s.casefold() for s in students}) == 5 and all("/" not in s and " " not in s for s in students)


@pytest.mark.parametrize("name", ["../../etc", "a/b", "..", "", "con\0", "x" * 300, "日本 語", "a;rm -rf", "[ab]*"])
def test_ids_are_safe_names(name):
    made = safe(name)
    assert 0 < len(made) <= 80 and not set(made) & set("/\\ *[]?;\0") and not made.startswith(".")


def test_no_ids_for_nobody():
    assert distinct_ids([]) == {}


@pytest.mark.parametrize("name", ["漢" * 80, "𝒜" * 60, "é" * 200])
def test_ids_fit_into_file_names(name):
    assert 0 < len(f"{safe(name)}-abcdef-1234567890.json.12345.part".encode()) <= 255
