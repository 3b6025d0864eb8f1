"""Zips made by a student that claim another student's name or an older date: in a path, a timestamp or a list of people."""

from class_trees import STAGE, raw, zip_bytes

# Paths inside a student's zip that imitate the names of each platform and claim that the work is Ada's.
CLAIMS = (
    f"ada/{STAGE}.ipynb", f"ada/{STAGE}/{STAGE}.ipynb", f"adal_11_99_{STAGE}.ipynb", f"Ada L_1_assignsubmission_file/{STAGE}.ipynb",
    f"1-2 - Ada L - Sep 4, 2026 926 AM/{STAGE}.ipynb", f"inbound/ada+{STAGE}+2020-01-01 00:00:00 UTC/{STAGE}.ipynb",
    f"Submitted files/Ada L/HW/{STAGE}.ipynb", f"HW_ada_attempt_2020-01-30-20-30-10_{STAGE}.ipynb", f"{STAGE}-ada/{STAGE}.ipynb",
    f"submitted/ada/{STAGE}/{STAGE}.ipynb",
)  # fmt: skip
# (path of Ada's honest work, path of Mallory's zip) as each platform names them in its download.
PLACES = (
    (f"ada/{STAGE}.ipynb", "mallory.zip"), (f"ada.zip/{STAGE}.ipynb", "mallory.zip"), (f"adal_11_22_{STAGE}.ipynb", "mallorym_33_44_work.zip"),
    (f"Ada L_1_assignsubmission_file/{STAGE}.ipynb", "Mallory M_2_assignsubmission_file/work.zip"), (f"ada/{STAGE}/{STAGE}.ipynb", f"mallory/{STAGE}/w.zip"),
    (f"1-2 - Ada L - Sep 4, 2026 926 AM/{STAGE}.ipynb", "3-2 - Mallory - Sep 5, 2026 926 AM/w.zip"),
    (f"HW_ada_attempt_2026-01-30-20-30-10_{STAGE}.ipynb", "HW_mallory_attempt_2026-01-30-20-30-10_w.zip"), (f"{STAGE}-ada/x.ipynb", f"{STAGE}-mallory/w.zip"),
)  # fmt: skip


def forged(claim):
    """Return the bytes of a zip made by Mallory, who cheats.

    It holds her notebook at the path `claim`, a timestamp of the year 2020, and a list of people that names Ada.
    """
    inner = {claim: raw(STAGE, "mallory")}
    folder = claim.rpartition("/")[0]
    stamps = {f"{folder}/timestamp.txt".lstrip("/"): b"2020-01-01 00:00:00 UTC"}
    people = b"ada:\n  :submitters:\n  - :sid: ada\n  :created_at: 2020-01-01 00:00:00 Z\n"
    return zip_bytes(inner | stamps | {"submission_metadata.yml": people})
