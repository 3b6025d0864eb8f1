"""Speed and memory, measured beside other systems.

classroom   made-up classes
contenders  the same work, done by this course and by others
speed       training, encoding and search
grading     grading
"""
