"""Exports marks to the grade files of learning platforms.

matching       matches a file's rows to students and its columns to stages
fill_cells     writes scores into cells, but keeps grades that somebody has entered
canvas_grades  fills in the CSV file that Canvas imports
moodle_grades  fills in Moodle's grading worksheet and the file for its gradebook import
other_grades   fills in the files that Blackboard and Brightspace import
export         does the work of the command `export`, which writes one of these files or nbgrader's CSV
gradescope     makes Gradescope's autograder zip and its results.json
"""
