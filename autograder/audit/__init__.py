"""The audit of the marks: tests what must hold for every route, that is, every way from a student's notebook to its points.

students     made-up students, whose exercises are blank, solved or poisoned
routes       the list of all routes, with a function for each
plain_route  the route through plain nbgrader
warm_kernel  kernels for plain nbgrader that start in a moment
blanks       tests that a blank notebook gets no points, and that the points of solved exercises add up
poison       shows that every route notices an error in an exercise
tiers        tests that notebooks of the guided and the challenge tier get the same points as standard ones
lazy         makes and grades answers that do none of the work
blind        grades answers by authors who knew only the student's notebooks
rounding     runs right answers under other numeric settings, and counts those that lose points
wire_frames  tests the reading of a student process's messages with fuzzed ones
families     runs the attacks of tests/attacks, and the tests that must see an attack succeed (canaries)
jobs         runs several pieces of work side by side
publish      runs all of it, and writes the tables in README.md
"""
