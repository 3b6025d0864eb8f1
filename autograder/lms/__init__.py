"""Marks as files for learning platforms.

matching    rows to students, columns to stages
canvas      Canvas
moodle      Moodle
other_lms   Blackboard and Brightspace
export      any of them, and nbgrader's own
gradescope  Gradescope: its autograder zip and its results.json
"""
