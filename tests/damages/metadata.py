"""Damage to metadata, ids and points: they are lost, changed or duplicated."""

from damages.register import damage
from damages.submission import check, each, exercise


@damage()
def nothing_at_all(nb):
    return nb


@damage(note="metadata")
def all_metadata_stripped(nb):
    nb["metadata"] = {}
    return each(nb, lambda c: c.update(metadata={}))


@damage()
def no_metadata_keys_at_all(nb):
    del nb["metadata"], nb["nbformat_minor"]
    return each(nb, lambda c: c.pop("metadata"))


@damage()
def ids_changed(nb):
    for i, c in enumerate(nb["cells"]):
        c["id"] = f"new{i}"
    return nb


@damage()
def all_ids_the_same(nb):
    return each(nb, lambda c: c.update(id="x"))


@damage()
def ids_rotated(nb):
    """Each cell has the id and the metadata of the next cell, so both are wrong."""
    ids = [(c["id"], c["metadata"]) for c in nb["cells"]]
    for c, (i, m) in zip(nb["cells"], ids[1:] + ids[:1]):
        c.update(id=i, metadata=m)
    return nb


@damage()
def ids_missing(nb):
    return each(nb, lambda c: c.pop("id"))


@damage(note="metadata")
def schema_version_lost(nb):
    return each(nb, lambda c: c["metadata"].get("nbgrader", {}).pop("schema_version", None))


@damage(note="metadata")
def grade_flags_flipped(nb):
    for c in nb["cells"]:
        if m := c["metadata"].get("nbgrader"):
            m.update(grade=not m["grade"], solution=not m["solution"], locked=not m["locked"])
    return nb


@damage(note="metadata")
def points_edited(nb):
    nb["cells"][check(nb)]["metadata"]["nbgrader"]["points"] = 1000
    return nb


@damage()
def one_grade_id_renamed(nb):
    nb["cells"][exercise(nb)]["metadata"]["nbgrader"]["grade_id"] = "something"
    return nb


@damage()
def unknown_kernel(nb):
    nb["metadata"]["kernelspec"] = {"name": "my-conda-env", "display_name": "conda", "language": "R"}
    return nb


@damage()
def no_kernel(nb):
    nb["metadata"].pop("kernelspec")
    return nb
