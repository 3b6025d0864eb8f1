"""The audit of the marks: what has to hold by every way on which a student's notebook comes to its points.

students     made-up students, whose exercises are blank, solved or poisoned
routes       the ways from a notebook to points: one list
plain_route  the way through plain nbgrader
warm_kernel  kernels for it that start in a moment
blanks       no work gives no points, and the points of exercises add up
poison       an error put into an exercise is noticed
lazy         answers without work
blind        answers by authors who knew only the student's notebooks
wire_frames  fuzzed messages from a student's process
publish      all of it, and the tables in README.md
"""
