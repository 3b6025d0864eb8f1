"""The stages: what each consists of, and what an exercise may see.

source    a stage, read from its one source, and previous.py, made from the stages before it
contexts  what an exercise may see: previous.py and the cells before its own
"""
