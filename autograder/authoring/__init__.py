"""What instructors make.

    project  what pyproject.toml says, and the tag that Colab installs
    page     HTML pages from templates
    build    the notebooks, from solutions/*.py
    pin      the expected values of the visible checks
    bands    the recorded results over seeds
    ranges   checks and stages with the oldest and the newest versions that are allowed
    handout  the files of a release beside the notebooks
    release  what students get, proved before it leaves

`build` stamps what `project` says into every notebook; `release` sends out what `build` made.
"""
