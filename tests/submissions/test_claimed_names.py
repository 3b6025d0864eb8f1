"""Names and dates that students write into their own files change neither who handed in a file nor when."""

import pytest
from attacks.identity import CLAIMS, PLACES, forged
from class_trees import STAGE, ids_by_member, raw

from autograder.submissions.find import find_submissions
from autograder.submissions.search import read_people


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("ada, mallory", PLACES)
def test_what_a_student_writes_takes_nobodys_name_and_no_date(look_into, attacked, ada, mallory, claim, form):
    attacked("identity and dates", claim)
    made, rejected = look_into({ada: raw(STAGE, "ada"), mallory: forged(claim)}, form)
    ids = ids_by_member(made)
    assert (
        ids.keys() == {"ada", "mallory"}
        and "mallory" in ids["mallory"].casefold()
        and "ada" in ids["ada"].casefold()
        and not rejected
    )
    hers = next(s for s in made if s.student == ids["mallory"])
    assert not hers.timestamp.startswith("2020") and any("not used" in c for c in hers.claims)
    assert not any(s.claims for s in made if s is not hers)


def test_canary_what_is_inside_counts_where_the_student_s_zip_is_the_download(tmp_path, canary):
    """If the zip that Mallory forged is read as if it were the platform's own download, her work counts as Ada's.

    So the defence is the place of a name: in a download, only the outermost name counts, which the platform makes.
    """
    canary("identity and dates")
    (tmp_path / "mallory.zip").write_bytes(forged(CLAIMS[0]))
    made, _ = find_submissions(tmp_path / "mallory.zip", tmp_path / "scratch")
    assert [s.student for s in made] == ["ada"]


def test_a_list_of_gradescopes_counts_only_where_gradescope_puts_it(look_into):
    listed = b"submission_1:\n  :submitters:\n  - :sid: ada\nsubmission_2:\n  :submitters:\n  - :sid: mallory\n"
    own = b"x:\n  :submitters:\n  - :sid: ada\n"
    made, _ = look_into({"export/submission_metadata.yml": listed, f"export/submission_1/{STAGE}.ipynb": raw(STAGE, "ada"),
                    f"export/submission_2/x/{STAGE}.ipynb": raw(STAGE, "mallory"), "export/submission_2/submission_metadata.yml": own})  # fmt: skip
    assert ids_by_member(made) == {"ada": "ada", "mallory": "mallory"}


def test_a_list_that_grows_as_it_is_read_is_set_aside(tmp_path):
    """A YAML list of people may have aliases, which repeat earlier values. It is ignored if aliases make it too long.

    Here about a hundred characters would become more than a thousand values.
    """
    path = tmp_path / "submission_metadata.yml"
    path.write_text(
        "submission_1:\n  :submitters: &us\n  - :sid: ada\n  :created_at: 2026-10-01 10:00:00 Z\nsubmission_2:\n  :submitters: *us\n"
    )
    assert {folder: who for folder, (who, _) in read_people(path).items()} == {"submission_1": ["ada"], "submission_2": ["ada"]}
    levels = ["a: &a [1, 2, 3, 4, 5, 6]"] + [f"{b}: &{b} [{', '.join([f'*{a}'] * 6)}]" for a, b in zip("abc", "bcd")]
    path.write_text("\n".join(levels) + "\nx:\n  :submitters: *d\n")
    assert read_people(path) == {}
    path.write_text("x: &x\n  :submitters: [*x]\n")
    assert read_people(path) == {}
