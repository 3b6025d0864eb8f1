"""Export of marks to the grade files of learning platforms.

matching    matches rows to students and columns to stages
canvas      Canvas's gradebook import
moodle      Moodle's grading worksheet and gradebook import
other_lms   the gradebook imports of Blackboard and Brightspace
export      the `export` command: any of these formats, and nbgrader's CSV
gradescope  Gradescope's autograder zip and its results.json
"""
