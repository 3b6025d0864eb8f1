"""What students write into their own files takes nobody's name and no date."""

import pytest
from class_trees import STAGE, ids_by_member, raw, zip_bytes

from autograder.submissions.search import read_people


def forged(claim):
    """A student's own zip with another's name in it, an older date, and a list of people."""
    inner = {claim: raw(STAGE, "mallory")}
    folder = claim.rpartition("/")[0]
    stamps = {f"{folder}/timestamp.txt".lstrip("/"): b"2020-01-01 00:00:00 UTC"}
    return zip_bytes(
        inner | stamps | {"submission_metadata.yml": b"ada:\n  :submitters:\n  - :sid: ada\n  :created_at: 2020-01-01 00:00:00 Z\n"}
    )


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("claim", [
    f"ada/{STAGE}.ipynb", f"ada/{STAGE}/{STAGE}.ipynb", f"adal_11_99_{STAGE}.ipynb", f"Ada L_1_assignsubmission_file/{STAGE}.ipynb",
    f"1-2 - Ada L - Sep 4, 2026 926 AM/{STAGE}.ipynb", f"inbound/ada+{STAGE}+2020-01-01 00:00:00 UTC/{STAGE}.ipynb", f"Submitted files/Ada L/HW/{STAGE}.ipynb",
    f"HW_ada_attempt_2020-01-30-20-30-10_{STAGE}.ipynb", f"{STAGE}-ada/{STAGE}.ipynb", f"submitted/ada/{STAGE}/{STAGE}.ipynb",
])  # fmt: skip
@pytest.mark.parametrize("ada, mallory", [
    (f"ada/{STAGE}.ipynb", "mallory.zip"), (f"ada.zip/{STAGE}.ipynb", "mallory.zip"), (f"adal_11_22_{STAGE}.ipynb", "mallorym_33_44_work.zip"),
    (f"Ada L_1_assignsubmission_file/{STAGE}.ipynb", "Mallory M_2_assignsubmission_file/work.zip"), (f"ada/{STAGE}/{STAGE}.ipynb", f"mallory/{STAGE}/w.zip"),
    (f"1-2 - Ada L - Sep 4, 2026 926 AM/{STAGE}.ipynb", "3-2 - Mallory - Sep 5, 2026 926 AM/w.zip"),
    (f"HW_ada_attempt_2026-01-30-20-30-10_{STAGE}.ipynb", "HW_mallory_attempt_2026-01-30-20-30-10_w.zip"), (f"{STAGE}-ada/x.ipynb", f"{STAGE}-mallory/w.zip"),
])  # fmt: skip
def test_what_a_student_writes_takes_nobodys_name_and_no_date(look_into, ada, mallory, claim, form):
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


def test_a_list_of_gradescopes_counts_only_where_gradescope_puts_it(look_into):
    listed = b"submission_1:\n  :submitters:\n  - :sid: ada\nsubmission_2:\n  :submitters:\n  - :sid: mallory\n"
    own = b"x:\n  :submitters:\n  - :sid: ada\n"
    made, _ = look_into({"export/submission_metadata.yml": listed, f"export/submission_1/{STAGE}.ipynb": raw(STAGE, "ada"),
                    f"export/submission_2/x/{STAGE}.ipynb": raw(STAGE, "mallory"), "export/submission_2/submission_metadata.yml": own})  # fmt: skip
    assert ids_by_member(made) == {"ada": "ada", "mallory": "mallory"}


def test_a_list_that_grows_as_it_is_read_is_set_aside(tmp_path):
    """Aliases may repeat a value, as Ruby writes them; a few thousand values out of a hundred letters are no list of people."""
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
