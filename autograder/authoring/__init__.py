"""Authoring of the course: notebooks, expected values, recorded results and releases.

    project         reads pyproject.toml, and checks the tag that Colab installs
    html_templates  makes HTML pages from templates
    html_export     executed notebooks as HTML that needs no network
    glossary        the glossary's page, and the links to it from the notebooks
    clinic          the notebook of the clinic
    build           builds the notebooks from solutions/*.py, with their set-up cell and links
    pin             computes the expected values of the visible checks
    bands           records R@1 over several seeds
    dose            records R@1 by the share of false negatives
    distilled       the recipes of stage 10, for the bands
    ranges          runs checks and stages with the oldest and the newest allowed versions
    tier_notebooks  the student's notebook of a stage in each tier
    handout         makes the files of a release besides the notebooks
    release         makes what students get, and checks it before it is written

`build` writes the repository and the tag from `project` into every notebook; `release` hands out what `build` made.
"""
