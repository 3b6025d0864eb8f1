"""Reads the stages of the course from their source files: their cells, and the code that runs before each exercise.

scaffolds  makes exercise cells that give more or less of the answer, as marks in the source say
source     reads a stage from its source file, and makes previous.py from the stages before it
tiers      makes the exercises and the prose of a stage in a tier (guided, standard or challenge)
contexts   collects the code that an exercise may use: previous.py and the cells above the exercise
"""
