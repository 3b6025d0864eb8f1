"""The glossary is one page, and every link to it leads to a term."""

import re

import nbformat
import pytest

from autograder.authoring.glossary import PAGE, anchor, first_uses, linked, read_glossary, terms
from autograder.authoring.html_export import write_html
from autograder.places import NOTEBOOKS
from autograder.stages.source import read_stage, stage_names


def prose(stage):
    return "\n".join(c.source for c in read_stage(stage).cells if c.kind == "markdown")


def test_every_term_has_one_meaning():
    headings = [h for c in read_glossary().cells for h in re.findall(r"^### (.+)$", c.source, re.MULTILINE)]
    assert len(headings) == len(set(headings)) == len(terms()) > 25
    words = [w.casefold() for some in terms().values() for w in some]
    assert len(words) == len(set(words))


def test_the_first_bold_use_links_and_no_other():
    assert ("**false negative**", "false negative") in [u for uses in first_uses()["04_in_batch_loss"].values() for u in uses]
    all_uses = [term for cells in first_uses().values() for uses in cells.values() for _, term in uses]
    assert len(all_uses) == len(set(all_uses)) >= 12, "few terms are bold where they are explained"
    place = next(i for i, uses in first_uses()["03_recall_at_k"].items() if ("**Recall@k**", "R@k") in uses)
    source = read_stage("03_recall_at_k").cells[place].source
    assert "[**Recall@k**](../glossary.ipynb#R@k) asks" in linked("03_recall_at_k", place, source)
    assert linked("03_recall_at_k", place + 1, "**Recall@k**") == "**Recall@k**"


@pytest.mark.parametrize("stage", stage_names())
def test_links_to_the_glossary_lead_to_a_term(stage):
    notebook = nbformat.read(NOTEBOOKS / stage / f"{stage}.ipynb", as_version=4)
    text = "\n".join(c.source for c in notebook.cells)
    assert set(re.findall(r"\(\.\./glossary\.ipynb#([^)]+)\)", text)) <= {anchor(term) for term in terms()}
    assert text.count(f"../{PAGE}") <= 6, "links are sparse"


def test_every_paper_of_the_stages_is_on_the_reading_list():
    known = "\n".join(c.source for c in read_glossary().cells)
    read_on = {
        a for s in stage_names() for part in prose(s).split("**Read on:**")[1:] for a in re.findall(r"\((https://[^)]+)\)", part)
    }
    assert len(read_on) > 12 and not [a for a in read_on if a not in known]


def test_as_html_its_anchors_are_those_that_the_links_name(tmp_path):
    write_html(nbformat.read(NOTEBOOKS / PAGE, as_version=4), tmp_path / "glossary.html")
    html = (tmp_path / "glossary.html").read_text(encoding="utf-8")
    assert all(f'id="{anchor(term)}"' in html for term in terms())
    assert 'href="00_start_here.html"' in html and '.ipynb"' not in html
