"""The stages: their cells, and the code that runs before each exercise.

scaffolds  the marks in an exercise that say how much of it each tier gives
source     reads a stage from its source file, and makes previous.py from the stages before it
tiers      the exercises and the prose of a stage in each tier
contexts   the code that an exercise may use: previous.py and the cells before its own
"""
