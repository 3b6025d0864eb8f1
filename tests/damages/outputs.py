"""Damage to outputs: they are huge, of an unknown kind or missing. One damage adds a thousand empty cells."""

from damages.register import damage
from damages.submission import check, code, each


@damage(note="Outputs")
def outputs_of_100_megabytes(nb):
    nb["cells"][check(nb)]["outputs"].insert(0, {"output_type": "stream", "name": "stdout", "text": ["x" * 99 + "\n"] * 1_000_000})
    return nb


@damage(note="Outputs")
def pages_and_scripts_in_the_outputs(nb):
    for c in nb["cells"]:
        if c["cell_type"] == "code":
            data = {"text/html": "<script>alert(1)</script>" * 1000, "application/javascript": "alert(1)"}
            c["outputs"].append({"output_type": "display_data", "data": data, "metadata": {}})
    return nb


@damage()
def outputs_that_are_none(nb):
    for c in nb["cells"]:
        if c["cell_type"] == "code":
            c["outputs"] = {"a": 1} if len(c["source"]) % 2 else ["x", None, {"output_type": "stream", "text": 3}, {}]
    return nb


@damage()
def a_thousand_empty_cells(nb):
    nb["cells"][3:3] = [code("") for _ in range(1000)]
    return nb


@damage()
def no_outputs_keys(nb):
    return each(nb, lambda c: (c.pop("outputs", None), c.pop("execution_count", None)))
