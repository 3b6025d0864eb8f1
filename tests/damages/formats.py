"""Damage by programs: other versions of the notebook format, and notebooks as other programs save them."""

import base64

from damages.register import damage
from damages.submission import each, png, text_of


@damage(note="old format")
def format_3(nb):
    kinds = {"source": "input"}
    cells = [{kinds.get(k, k) if c["cell_type"] == "code" else k: v for k, v in c.items() if k != "id"} for c in nb["cells"]]
    for c in cells:
        if c["cell_type"] == "code":
            c["outputs"] = [{"output_type": "pyout", "text": ["5.0"], "png": base64.b64encode(png()).decode()}]
            c["language"] = "python"
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}


@damage()
def format_4_0(nb):
    nb["nbformat_minor"] = 0
    return each(nb, lambda c: c.pop("id"))


@damage()
def format_4_9(nb):
    nb["nbformat_minor"] = 9
    return nb


@damage()
def format_lost(nb):
    del nb["nbformat"], nb["nbformat_minor"]
    return nb


@damage()
def through_colab(nb):
    """The notebook was opened in Colab and downloaded again, with all changes that Colab is known to make."""
    nb["metadata"] = {
        "colab": {"provenance": [], "gpuType": "T4", "collapsed_sections": ["x"]}, "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"a": {"model_module": "x"}}},
    }  # fmt: skip
    nb["nbformat_minor"] = 0
    for i, c in enumerate(nb["cells"]):
        c.pop("id")
        c["metadata"] = {"id": f"aBcD{i}", "colab": {"base_uri": "https://localhost:8080/"}, "outputId": f"{i:x}-0"}
        if c["cell_type"] == "code":
            c["metadata"]["cellView"] = "form"
            c["source"] = f'#@title Cell {i} {{ display-mode: "form" }}\n#@markdown words\n' + text_of(c)
    nb["cells"].insert(0, {"cell_type": "markdown", "metadata": {"id": "view-in-github"}, "source": '<a href="x">Colab</a>'})
    return nb
