"""The instructor's side: how the notebooks are made, how submissions are graded, and how the checks are proved.

Each folder is a room, and its `__init__` says what each of its files is. A file imports from rooms above its own in this
list, never from one below (tests/commands/test_house.py holds it to that):

    places             where everything lies; the term's data among it
    nbgrader_settings  nbgrader's configuration, read from nbgrader_config
    plain              text as a terminal may show it
    stages/            the stages, read from solutions/*.py
    repair/            a submitted notebook, realigned to the release
    sandbox/           a student's code, run apart from everything else
    submissions/       who handed in what, in any platform's download
    proof/             the bank of known answers, and the proof that the checks tell right from wrong
    grade/             from submissions to results
    authoring/         what instructors make: notebooks, expected values, bands, releases
    bench/             speed, beside other systems
    marks/             from results to the gradebook, feedback pages and the class report
    lms/               marks as files for learning platforms
    nbgrader_config    what nbgrader reads when it is started in this folder
    nbgrader_export    nbgrader's own export, with the marks that the gradebook holds
    course             the reference course, run from end to end
    commands           what each command does; __main__ is the command line

`bank/` holds the known answers, `templates/` the HTML pages, `term/` what one term gathers.
"""
