"""The instructor's side of the course: it builds the notebooks, grades submissions and proves the checks.

The `__init__` of each folder says what each of the folder's files is. A file imports only from its own folder and from entries
above that folder in this list (tests/commands/test_house.py tests this):

    places             the paths of all files and folders, including those of the term's data
    kernels            starts Jupyter kernels that do not collide with the kernels of other programs
    nbgrader_settings  nbgrader's configuration, read from nbgrader_config
    wilson             computes the 95 % confidence interval of a share, such as 470 of 480
    plain              cleans text before it is stored or shown; writes points with at most two decimals
    stages/            reads the stages from solutions/*.py
    repair/            repairs a submitted notebook: copies the answers into the notebook as students received it
    sandbox/           runs a student's code in isolation
    submissions/       finds the submissions in any platform's download
    proof/             reads the known answers in bank/, and proves that the checks tell right answers from wrong ones
    grade/             grades submissions and writes results
    authoring/         makes notebooks, expected values, recorded training results and releases
    bench/             measures speed and cost at scale, and compares them with those of other systems
    marks/             records results in the gradebook, and writes feedback pages and the class report
    lms/               exports marks to the grade files of learning platforms
    audit/             makes up students, and tests every way in which their notebooks can get marks
    nbgrader_config    the configuration that nbgrader reads when it is started in this folder
    nbgrader_export    the plugin by which `nbgrader export` writes the marks in the gradebook
    course             runs the reference notebooks, which hold the answers, and writes the report
    slides             makes the slides of a stage
    commands           the functions of the commands; __main__ is the command line

`bank/` holds the known right and wrong answers, one file each. `templates/` holds the templates of HTML pages, and `term/` the
data of one term: one run of the course with one class.
"""

import sys

# nbformat imports jsonschema, which imports rfc3987_syntax. That package takes a second of processor time at each start to
# build a grammar for internationalised addresses, which no notebook uses. None marks the package as missing. jsonschema then works
# without it.
sys.modules.setdefault("rfc3987_syntax", None)
