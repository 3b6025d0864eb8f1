"""Zips from strangers: their notebooks are found, and no zip can reach outside its folder, explode, or stop the search."""

import pytest
from attacks import archives
from submission_files import RAW, STAGE, make_zip, pairs, write

from autograder.submissions import unzip


def test_zips_in_folders_and_zips(tmp_path, look):
    inner = make_zip(tmp_path / "inner.zip", {"04_in_batch_loss.ipynb": RAW[STAGE]})
    write(tmp_path / "x" / "ada" / "work.zip", inner.read_bytes())
    write(tmp_path / "x" / "bob.zip", inner.read_bytes())
    make_zip(tmp_path / "x" / "cy.zip", {"homework/04_in_batch_loss.ipynb": RAW[STAGE]})
    make_zip(tmp_path / "x" / "dee.zip", {"homework/w.zip": inner.read_bytes()})
    assert [s for s, _ in pairs(look(tmp_path / "x"))] == ["ada", "bob", "cy", "dee"]


@pytest.mark.parametrize("attack", archives.ZIPS)
def test_a_zip_cannot_reach_outside_or_link_or_grow(tmp_path, look, attacked, attack):
    attacked("archives", attack)
    path = write(tmp_path / "class.zip", archives.ZIPS[attack]())
    before = set(tmp_path.rglob("*"))
    made, rejected = look(path)
    assert made == [] and rejected
    new = set(tmp_path.rglob("*")) - before
    assert all(p.is_relative_to(tmp_path / "scratch") and not p.is_symlink() for p in new)


@pytest.mark.parametrize("attack", ["a path upwards", "a path with a drive", "a link", "a member that grows"])
def test_canary_members_are_taken_where_none_is_refused(tmp_path, look, monkeypatch, canary, attack):
    canary("archives")
    monkeypatch.setattr(unzip, "refused", lambda member, name: "")
    path = write(tmp_path / "class.zip", archives.ZIPS[attack]())
    found = unzip.unzip(path, tmp_path / "out", lambda name: True, unzip.Allowance())
    assert [reason for _, _, _, reason in found] == [""]


def test_broken_zips_are_reported(tmp_path, look):
    good = make_zip(tmp_path / "a.zip", {"ada/04_in_batch_loss.ipynb": RAW[STAGE], "bob/04_in_batch_loss.ipynb": RAW[STAGE]})
    raw = bytearray(good.read_bytes())
    write(tmp_path / "cut.zip", bytes(raw[: len(raw) // 2]))
    assert "damaged" in look(tmp_path / "cut.zip")[1][0][1]
    raw[60:90] = bytes(30)  # damages the first member
    write(tmp_path / "hurt.zip", bytes(raw))
    made, rejected = look(tmp_path / "hurt.zip")
    assert pairs((made, [])) == [("bob", STAGE)] and "cannot be taken out" in rejected[0][1]
    write(tmp_path / "many.zip", make_zip(tmp_path / "b.zip", {f"{i}.txt": "" for i in range(20_001)}).read_bytes())
    assert "20001 files" in look(tmp_path / "many.zip")[1][0][1]


def test_zips_in_zips_share_one_allowance(tmp_path, look, monkeypatch):
    """The size of each student's zip is limited, and so is the sum of the sizes. Zips within both limits are read."""
    good = make_zip(tmp_path / "good.zip", {"04_in_batch_loss.ipynb": RAW[STAGE]}).read_bytes()
    room = 30 * len(RAW[STAGE])
    monkeypatch.setattr(unzip, "MAX_TOTAL", room)
    heavy = make_zip(tmp_path / "heavy.zip", {f"{i}.ipynb": RAW[STAGE] for i in range(4)}).read_bytes()
    many = make_zip(tmp_path / "many.zip", {f"{i}.txt": "" for i in range(2001)}).read_bytes()
    deep = make_zip(tmp_path / "deep.zip", {"work.zip": good}).read_bytes()
    class_zip = {"ada/work.zip": heavy, "bob/work.zip": many, "cy/work.zip": deep, "dee/work.zip": good}
    made, rejected = look(make_zip(tmp_path / "class.zip", class_zip))
    assert pairs((made, [])) == [("dee", STAGE)]
    told = {path.relative_to(tmp_path).as_posix(): reason for path, reason in rejected}
    assert told.keys() == {"class.zip/ada/work.zip", "class.zip/bob/work.zip", "class.zip/cy/work.zip/work.zip"}
    assert "GB" in told["class.zip/ada/work.zip"] and "by itself" in told["class.zip/ada/work.zip"]
    assert "2001 files, more than 2000" in told["class.zip/bob/work.zip"]
    assert "zip in a zip in a zip" in told["class.zip/cy/work.zip/work.zip"]
    assert len(look(tmp_path / "heavy.zip")[0]) == 4, "by itself it is taken"

    both = make_zip(tmp_path / "both.zip", {f"{i:02}/work.zip": good for i in range(40)})
    made, rejected = look(both)
    assert 10 < len(made) < 30 and len(made) + len(rejected) == 40 and all("in all" in reason for _, reason in rejected)
