"""Makes what the course ships: notebooks, expected values of the checks, recorded training results and releases for students.

    project         reads pyproject.toml, and checks that the repository has the git tag from which Colab installs the course
    html_templates  makes HTML pages from Jinja templates
    html_export     converts executed notebooks to HTML that needs no network
    glossary        makes the glossary notebook, and the links to it from the other notebooks
    clinic          makes the clinic, an ungraded notebook with training runs to diagnose
    build           builds the notebooks from solutions/*.py, with their set-up cell and links
    pin             computes the expected values of the checks that students run
    bands           trains retrievers with several seeds and records R@1 (recall at 1)
    dose            records R@1 for several shares of false negatives in training
    distilled       trains retrievers by distillation, as in stage 10; `bands` records their R@1
    ranges          tests the course with the oldest and the newest allowed library versions
    tier_notebooks  makes a stage's student notebook in the tiers that give more or less help than the standard one
    handout         makes the files of a release other than the notebooks
    release         makes the folder or zip that students get, and checks it before it is written

`build` writes the repository's address and the git tag from `project` into every notebook. `release` hands out the notebooks
that `build` made.
"""
