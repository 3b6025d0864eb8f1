"""The instructor's side of the course: it builds the notebooks, grades submissions and proves the checks.

Each folder is a room, and its `__init__` says what each of its files is. A file imports only from rooms above its own in this
list (tests/commands/test_house.py tests this):

    places             the paths of all files and folders, also of the term's data
    kernels            Jupyter kernels that two jobs can start at the same moment
    nbgrader_settings  nbgrader's configuration, read from nbgrader_config
    wilson             shares with their 95 % intervals
    plain              cleans text before it is stored or shown; writes points with two decimals
    stages/            reads the stages from solutions/*.py
    repair/            realigns a submitted notebook to the release
    sandbox/           runs a student's code in isolation
    submissions/       finds the submissions in any platform's download
    proof/             the bank of known answers, and the proof that the checks tell right from wrong
    grade/             grades submissions and writes results
    authoring/         makes notebooks, expected values, bands and releases
    bench/             measures speed beside other systems
    marks/             records results in the gradebook, and writes feedback pages and the class report
    lms/               exports marks to the grade files of learning platforms
    audit/             what must hold by every route to a mark, on made-up students
    nbgrader_config    the configuration that nbgrader reads when it is started in this folder
    nbgrader_export    nbgrader's export, with the marks in the gradebook
    course             runs the reference course from end to end
    slides             the slides of a stage
    commands           the functions of the commands; __main__ is the command line

`bank/` holds the known right and wrong answers, one file each. `templates/` holds the templates of HTML pages, and `term/` the data
of one term.
"""

import sys

# jsonschema, which nbformat imports, has rfc3987_syntax build the grammar of a format that no notebook has: a second of processor time
# at each start. Marked as missing it is left out, as jsonschema does where it is not installed.
sys.modules.setdefault("rfc3987_syntax", None)
