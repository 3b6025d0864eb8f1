"""The audit of the marks: tests what must hold for every route, that is, every way from a student's notebook to its points.

students     made-up students, whose exercises are blank, solved or poisoned
routes       the ways from a notebook to points: one list
plain_route  the way through plain nbgrader
warm_kernel  kernels for plain nbgrader that start in a moment
blanks       no work gives no points, and the points of exercises add up
poison       an error put into an exercise is noticed
tiers        the guided and the challenge tier, by all of these routes
lazy         answers without work
blind        answers by authors who knew only the student's notebooks
wire_frames  fuzzed messages from a student's process
families     the attacks of tests/attacks, by family, with their canaries
jobs         runs several pieces of work side by side
publish      runs all of it, and writes the tables in README.md
"""
