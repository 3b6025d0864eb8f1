"""The audit of the marks: tests what must hold for every route, that is, every way from a student's notebook to its points.

students     made-up students, whose exercises are blank, solved or poisoned
routes       the list of routes
plain_route  the route through plain nbgrader
warm_kernel  kernels for plain nbgrader that start at once
blanks       tests that blank exercises get no points, and that the points of exercises add up
poison       tests that an error put into an exercise is noticed
lazy         tests that answers without work get no points
wire_frames  tests the messages between the grader and a student's process with fuzzed ones
publish      runs the whole audit and writes the tables in README.md
"""
