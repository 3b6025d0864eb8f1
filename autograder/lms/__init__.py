"""Exports marks to the grade files of learning platforms.

matching       matches a file's rows to students and its columns to stages
fill_cells     fills in cells, but keeps those in which somebody has entered a grade
canvas_grades  fills in the CSV file that Canvas imports
moodle_grades  fills in Moodle's grading worksheet and the file for its gradebook import
other_grades   fills in the files that Blackboard and Brightspace import
export         runs the `export` command, which writes one of these formats or nbgrader's CSV
gradescope     makes Gradescope's autograder zip and its results.json
"""
