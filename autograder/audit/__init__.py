"""The audit of the marks: tests what must hold for every route, that is, every way from a student's notebook to its points.

students     makes up students, whose exercises are unsolved (blank), solved, or begin with an error (poisoned)
routes       lists all routes, with a function for each
plain_route  grades notebooks with plain nbgrader, which is one of the routes
warm_kernel  makes Jupyter kernels for plain nbgrader that start at once
blanks       tests that a blank notebook gets no points, and that the points of solved exercises add up
poison       shows that every route notices an error in an exercise
tiers        tests that notebooks with more help (guided) or less (challenge) get the same points as standard ones
lazy         makes and grades answers that do none of the work
blind        grades answers by authors who knew only the student's notebooks
rounding     runs right answers under other numeric settings, and counts those that lose points
wire_frames  tests the code that reads a student process's messages, with messages that are broken at random
families     runs the attacks of tests/attacks, which must fail, and attacks on a weakened grader (canaries), which must succeed
jobs         runs several pieces of work at the same time
publish      runs the whole audit, and writes the tables in README.md
"""
