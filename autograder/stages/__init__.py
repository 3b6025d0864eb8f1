"""The stages: their cells, and the code that runs before each exercise.

source    reads a stage from its source file, and makes previous.py from the stages before it
contexts  the code that an exercise may use: previous.py and the cells before its own
"""
